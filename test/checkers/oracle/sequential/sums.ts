/**
 * - counter        add a delta, increment and decrement (by 1 unless told); a read answers the sum
 * - fetch-and-add  adds a delta and answers the sum before; a read answers the sum
 */

import {
  answers,
  type EffectiveOperation,
  type SequentialObject,
  unknownFunction,
} from "./sequential-object.js";

export const counter: SequentialObject = {
  initial: (init) => init ?? 0,
  step(sum, { f, input, output }) {
    if (f === "read") return answers(output, sum) ? sum : undefined;
    return (sum as number) + delta({ f, input });
  },
};

export const fetchAndAdd: SequentialObject = {
  initial: (init) => init ?? 0,
  step(sum, { f, input, output }) {
    if (!answers(output, sum)) return undefined;
    return f === "read" ? sum : (sum as number) + (input as number);
  },
};

function delta({ f, input }: Pick<EffectiveOperation, "f" | "input">): number {
  switch (f) {
    case "add":
      return input as number;
    case "increment":
      return (input as number | null) ?? 1;
    case "decrement":
      return -((input as number | null) ?? 1);
    default:
      return unknownFunction(f);
  }
}
