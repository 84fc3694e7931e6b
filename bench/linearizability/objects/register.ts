/**
 * Registers: half reads, half writes. Written values are all different, or come from 0..5.
 *
 * The violation. Unique values: one read near the end returns a value that had been overwritten,
 * by a write that had returned, before the read began. Small domain: nobody writes, then 0 is written,
 * then 5 is read; lost writes never write 5.
 */

import { NULL_ID } from "../../../histories/values.js";
import { lateIn, type MakeServed } from "../clients.js";

const READ = 0;
const WRITE = 1;
const UNKNOWN = -1;
const DOMAIN = 6;

export const uniqueRegister: MakeServed = (columns, setting, random) => {
  columns.functions = ["read", "write"];
  const { f, input, output, values } = columns;
  let state = NULL_ID;
  let written = 0;
  /** The newest write that has returned; and a value that was certainly overwritten. */
  let settled = UNKNOWN;
  let overwritten = UNKNOWN;
  /** Per client: for a write, what was settled when it began; for a read, what it may lie. */
  const seen = new Int32Array(setting.clients).fill(UNKNOWN);
  let lieFrom = setting.violating ? lateIn(setting) : Infinity;
  return {
    ask(i, client, lost) {
      if (random.chance(1, 2)) {
        f[i] = READ;
        input[i] = NULL_ID;
        seen[client] = lost ? UNKNOWN : overwritten;
      } else {
        f[i] = WRITE;
        input[i] = values.numberId(++written);
        seen[client] = settled;
      }
    },
    apply(i, client) {
      if (f[i] === WRITE) {
        output[i] = state = input[i]!;
      } else if (i >= lieFrom && seen[client] !== UNKNOWN) {
        output[i] = seen[client]!;
        lieFrom = Infinity;
      } else output[i] = state;
      return true;
    },
    completed(i, client) {
      if (f[i] !== WRITE) return;
      overwritten = seen[client]!;
      settled = input[i]!;
    },
    fate: () => "either",
    contradiction: [],
  };
};

export const smallRegister: MakeServed = (columns, _setting, random) => {
  columns.functions = ["read", "write"];
  const { f, input, output, values } = columns;
  const domain = Int32Array.from({ length: DOMAIN }, (_, value) => values.numberId(value));
  let state = NULL_ID;
  const write = (i: number, value: number): void => {
    f[i] = WRITE;
    input[i] = output[i] = value;
  };
  return {
    ask(i, _client, lost) {
      f[i] = random.chance(1, 2) ? READ : WRITE;
      input[i] = f[i] === READ ? NULL_ID : domain[random.int(lost ? DOMAIN - 1 : DOMAIN)]!;
    },
    apply(i) {
      if (f[i] === WRITE) state = input[i]!;
      output[i] = state;
      return true;
    },
    fate: () => "either",
    contradiction: [
      (i) => write(i, (state = domain[0]!)),
      (i) => {
        f[i] = READ;
        output[i] = domain[DOMAIN - 1]!;
      },
    ],
  };
};
