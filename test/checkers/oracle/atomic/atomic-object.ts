/**
 * Objects that take one operation at a time and answer it: the simulated counterpart of the
 * sequential specifications, written apart from them so that each checks the other. They also
 * know what their clients would ask next.
 *
 * A dialect is a type of object together with the way its clients use it: which functions they
 * call, under which names, and with which values.
 */

import type { Json } from "../../../../src/base/json.js";

export interface Request {
  f: string;
  input: Json;
}

/** "wait": not now, the client stays open; "fail": refused for good. */
export type Outcome = { answer: Json; next: Json } | "wait" | "fail";

/** What decides a client's next request. */
export interface Choice {
  /** 0..99: which function. */
  roll: number;
  /** 0..99: which value. */
  pick: number;
  /** How many operations were invoked before. */
  ordinal: number;
  process: number;
}

export interface Dialect {
  /** Whether no value is ever written twice. */
  isDistinct: boolean;
  /** Initial values as they are given to a checker; null for none. */
  inits: readonly Json[];
  initial(init: Json): Json;
  ask(choice: Choice, state: Json): Request;
  apply(state: Json, request: Request, process: number): Outcome;
  /** What an object that lost its bearings takes its state for. */
  confused?(state: Json, pick: number): Json;
}

/** Where values come from: `pick` is random, `ordinal` differs for each operation. */
export type Values = (pick: number, ordinal: number) => Json;

export function among(values: readonly Json[]): Values {
  return (pick) => values[pick % values.length]!;
}

/** Numbers in no particular order, none twice. */
export const uniqueNumbers: Values = (_, ordinal) => (ordinal * 37) % 101;

/** Nearly unique: now and then the same value again. */
export const nearlyUnique: Values = (pick, ordinal) => (pick % 5 === 0 ? 3 : ordinal);

/** Values that a sloppy equality takes for one another, and two spellings of one value. */
export const likeValues: readonly Json[] = [0, "0"];
export const trickyValues: readonly Json[] = [0, "0", false, [0], { a: 1, b: 2 }, { b: 2, a: 1 }];

/** One of some functions, each with its weight in percent of all calls. */
export function weighted(roll: number, weights: Readonly<Record<string, number>>): string {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  let rest = (roll * total) / 100;
  for (const [f, weight] of Object.entries(weights)) {
    if (rest < weight) return f;
    rest -= weight;
  }
  throw new Error("no function to choose from");
}
