/**
 * Numbers that only operations know: a counter, fetch-and-add, unique ids.
 *
 * The violation. Counter: a read returns one less than what has certainly been added, or, where steps
 * of both signs make that possible, a sum that is one off while nothing is lost. Fetch-and-add and
 * unique ids: two answers, one after the other, are the same.
 */

import { NULL_ID } from "../../../histories/values.js";
import type { MakeServed } from "../clients.js";

const FIRST = 0;
const READ = 1;

/** Half adds of `stepMin`..`stepMax`, half reads. A violation needs steps of 1 or nothing lost. */
export const counter =
  ({ stepMin, stepMax }: { stepMin: number; stepMax: number }): MakeServed =>
  (columns, _setting, random) => {
    columns.functions = ["add", "read"];
    const { f, input, output, values } = columns;
    let sum = 0;
    let known = 0;
    return {
      ask(i) {
        f[i] = random.chance(1, 2) ? READ : FIRST;
        input[i] = f[i] === READ ? NULL_ID : values.numberId(random.between(stepMin, stepMax));
      },
      apply(i) {
        if (f[i] === FIRST) {
          sum += values.number(input[i]!);
          output[i] = input[i]!;
        } else output[i] = values.numberId(sum);
        return true;
      },
      completed(i) {
        if (f[i] === FIRST) known += values.number(input[i]!);
      },
      fate: () => "either",
      contradiction: [
        (i) => {
          f[i] = READ;
          output[i] = values.numberId(known - 1);
        },
      ],
    };
  };

/** Three in four add 1..5, the others read. */
export const fetchAndAdd: MakeServed = (columns, _setting, random) => {
  columns.functions = ["fetch-and-add", "read"];
  const { f, input, output, values } = columns;
  let sum = 0;
  const add = (i: number): void => {
    f[i] = FIRST;
    input[i] = values.numberId(1);
    output[i] = values.numberId(sum);
  };
  return {
    ask(i) {
      f[i] = random.chance(1, 4) ? READ : FIRST;
      input[i] = f[i] === READ ? NULL_ID : values.numberId(random.between(1, 5));
    },
    apply(i) {
      output[i] = values.numberId(sum);
      if (f[i] === FIRST) sum += values.number(input[i]!);
      return true;
    },
    fate: () => "either",
    contradiction: [
      add,
      (i) => {
        add(i);
        sum += 1;
      },
    ],
  };
};

export const uniqueIds: MakeServed = (columns) => {
  columns.functions = ["generate"];
  const { output, values } = columns;
  let next = 0;
  const repeat = (i: number): void => {
    output[i] = values.numberId(-1);
  };
  return {
    ask: () => undefined,
    apply(i) {
      output[i] = values.numberId(next++);
      return true;
    },
    fate: () => "either",
    contradiction: [repeat, repeat],
  };
};
