/**
 * Random histories for fast-check, well formed: small ones for the oracle (at most 9 operations),
 * and long ones (20 to 60) on which two checkers can be compared.
 *
 * A third of the histories tell what atomic objects did (`simulation.ts`), and are linearizable
 * because every effect lies between invocation and completion; a third is spoiled by one to three
 * mutations (`mutants.ts`); in the last third the objects lie.
 */

import fc from "fast-check";
import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { dialects } from "./atomic/index.js";
import { mutants } from "./mutants.js";
import { formatHistory, renumbered } from "./notation.js";
import type { ObjectType } from "./object-types.js";
import { type Decisions, keyChoices, type Limits, type Move, Simulation } from "./simulation.js";

export const operationsMax = 9;
export const longOperationsMax = 60;

export interface RandomHistory {
  type: ObjectType;
  /** Null for "not given". */
  init: Json;
  events: HistoryEvent[];
  toString(): string;
}

/** Linearizable by construction. */
export function atomicHistory(type: ObjectType): fc.Arbitrary<RandomHistory> {
  return fewDecisions.map((decided) => simulated(type, decided, { operationsMax, liePercent: 0 }));
}

/** A good mix of linearizable and other histories. */
export function anyHistory(type: ObjectType): fc.Arbitrary<RandomHistory> {
  return mixed(type, fewDecisions, { operationsMax, liePercent: 50 });
}

/** The same of 20 to 60 operations, with one lie or mutation rather than many. */
export function longHistory(type: ObjectType): fc.Arbitrary<RandomHistory> {
  return mixed(type, manyDecisions, { operationsMax: longOperationsMax, liePercent: 2 });
}

function mixed(
  type: ObjectType,
  decisions: fc.Arbitrary<Decisions>,
  limits: Limits,
): fc.Arbitrary<RandomHistory> {
  const honest = decisions.map((decided) => simulated(type, decided, { ...limits, liePercent: 0 }));
  const lying = decisions.map((decided) => simulated(type, decided, limits));
  return fc.oneof(honest, fc.tuple(honest, spoiling).map(spoiled), lying);
}

const spoiling = fc.array(fc.tuple(fc.nat(mutants.length - 1), fc.nat(99)), {
  minLength: 1,
  maxLength: 3,
});

function spoiled([history, mutations]: [RandomHistory, [number, number][]]): RandomHistory {
  const events = mutations.reduce(
    (before, [which, pick]) => mutants[which]!.apply(before, pick) ?? before,
    history.events,
  );
  return randomHistory(history.type, history.init, events);
}

export function randomHistory(
  type: ObjectType,
  init: Json,
  events: readonly HistoryEvent[],
): RandomHistory {
  const numbered = renumbered(events);
  return {
    type,
    init,
    events: numbered,
    toString: () => `${type}, init ${JSON.stringify(init)}\n${formatHistory(numbered)}\n`,
  };
}

const move: fc.Arbitrary<Move> = fc.record({
  client: fc.nat(5),
  fate: fc.nat(99),
  honesty: fc.nat(99),
  function: fc.nat(99),
  value: fc.nat(99),
  key: fc.nat(1),
});

const fewDecisions = decisionsOf({ minLength: 0, maxLength: 45 });
const manyDecisions = decisionsOf({ minLength: 80, maxLength: 220 });

function decisionsOf(moves: { minLength: number; maxLength: number }): fc.Arbitrary<Decisions> {
  return fc.noBias(
    fc.record({
      clients: fc.integer({ min: 1, max: 6 }),
      keys: fc.nat(keyChoices.length - 1),
      dialect: fc.nat(999),
      init: fc.nat(5),
      // A third of the histories without any crash.
      crashPercent: fc.integer({ min: -15, max: 30 }).map((percent) => Math.max(0, percent)),
      closing: fc.boolean(),
      moves: fc.array(move, { ...moves, size: "max" }),
    }),
  );
}

function simulated(type: ObjectType, decided: Decisions, limits: Limits): RandomHistory {
  const distinct = dialects[type].filter(({ isDistinct }) => isDistinct);
  // Long histories are for algorithms, most of which ask for values that differ.
  const isLong = limits.operationsMax > operationsMax;
  const choices = isLong && decided.dialect % 4 > 0 ? distinct : dialects[type];
  const dialect = choices[Math.floor(decided.dialect / 4) % choices.length]!;
  const init = dialect.inits[decided.init % dialect.inits.length]!;
  return randomHistory(type, init, new Simulation(dialect, decided, limits, init).run());
}
