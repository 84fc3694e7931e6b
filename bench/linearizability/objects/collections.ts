/**
 * Sets and the append log.
 *
 * The violation: what a client has just added is missing when it looks next.
 */

import { NULL_ID } from "../../../histories/values.js";
import type { MakeServed } from "../clients.js";

const ADD = 0;
const REMOVE = 1;
const LOOK = 2;
const NEW = -1;

/** Adds, removes and looks for elements, each element about a hundred times; answers are booleans. */
export const elements: MakeServed = (columns, { size }, random) => {
  columns.functions = ["add", "remove", "contains"];
  const { f, input, output, values } = columns;
  const count = Math.max(5, Math.floor(size / 100));
  const ids = Int32Array.from({ length: count }, (_, element) => values.numberId(element));
  const present = new Uint8Array(values.size);
  const answers = [values.id(false), values.id(true)] as const;
  const fixed = (code: number, answer: 0 | 1) => (i: number) => {
    f[i] = code;
    input[i] = values.numberId(NEW);
    output[i] = answers[answer];
  };
  return {
    ask(i) {
      f[i] = random.int(3);
      input[i] = ids[random.int(count)]!;
    },
    apply(i) {
      const element = input[i]!;
      const was = present[element]!;
      if (f[i] !== LOOK) present[element] = f[i] === ADD ? 1 : 0;
      output[i] = answers[(f[i] === ADD ? 1 - was : was) as 0 | 1];
      return true;
    },
    fate: () => "either",
    contradiction: [fixed(ADD, 1), fixed(LOOK, 0)],
  };
};

/** Few elements; a third of the operations read the whole set, adds and removes tell nothing. */
export const wholeSet: MakeServed = (columns, _setting, random) => {
  columns.functions = ["add", "remove", "read"];
  const { f, input, output, values } = columns;
  const count = 6;
  const ids = Int32Array.from({ length: count }, (_, element) => values.numberId(element));
  const present = new Set<number>();
  const read = (): number => values.listId(Int32Array.from(ids.filter((id) => present.has(id))));
  return {
    ask(i) {
      f[i] = random.int(3);
      input[i] = f[i] === LOOK ? NULL_ID : ids[random.int(count)]!;
    },
    apply(i) {
      if (f[i] === ADD) present.add(input[i]!);
      else if (f[i] === REMOVE) present.delete(input[i]!);
      else output[i] = read();
      return true;
    },
    fate: () => "either",
    contradiction: [
      (i) => {
        f[i] = ADD;
        input[i] = values.numberId(NEW);
      },
      (i) => {
        f[i] = LOOK;
        output[i] = read();
      },
    ],
  };
};

/** About as many elements are read in all, whatever the size: reads of long lists are rare. */
const ELEMENTS_READ = 4_000_000;

/** One list: appends, and now and then a read of the whole. */
export const appendLog: MakeServed = (columns, { size }) => {
  columns.functions = ["append", "read"];
  const { f, input, output, values } = columns;
  const readEvery = Math.max(4, Math.ceil((size * size) / ELEMENTS_READ));
  const list = new Int32Array(size);
  let length = 0;
  let appended = 0;
  const append = (i: number): void => {
    f[i] = 0;
    input[i] = output[i] = values.numberId(++appended);
  };
  return {
    ask(i) {
      if (i % readEvery !== readEvery >> 1) append(i);
      else f[i] = 1;
    },
    apply(i) {
      if (f[i] === 0) list[length++] = input[i]!;
      else output[i] = values.listId(list.subarray(0, length));
      return true;
    },
    fate: () => "either",
    contradiction: [
      (i) => {
        append(i);
        list[length++] = input[i]!;
      },
      (i) => {
        f[i] = 1;
        output[i] = values.listId(list.subarray(0, length - 1));
      },
    ],
  };
};
