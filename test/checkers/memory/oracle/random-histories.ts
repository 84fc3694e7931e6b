/**
 * Random histories for fast-check, mostly of up to ten operations of four sessions on three keys.
 *
 * A program comes first. For some, reads return one after the other what some model still allows, so
 * that the history stands at the edge of that model, within or without others. Some are what one of
 * six machines made of the program, perhaps with one read changed; of some, reads return any value
 * that was written. Of these, programs are run until models differ, or patience ends. A third of the
 * histories are classics with a few changes.
 * Written values are all different in two thirds of the programs, few in the rest, the start among them.
 */

import fc from "fast-check";
import type { History } from "../../../../histories/history.js";
import { Random } from "../../../../src/random/random.js";
import {
  historyOf,
  INIT,
  sessionsOf as readNotation,
  textOf,
  type WrittenSession,
} from "../notation.js";
import { fitting } from "./fitting.js";
import { mutate } from "./mutations.js";
import { namedHistories } from "./named-histories.js";
import { memoryModels, oracleOf } from "./oracle.js";
import {
  type Decide,
  type Instruction,
  type Limits,
  leaves,
  looks,
  type Observed,
  programs,
  sessionsOf,
} from "./programs.js";
import { type MachineName, machineNames, observe } from "./simulated-machines.js";

export interface RandomHistory {
  text: string;
  history: History;
  toString(): string;
}

export function anyHistory(limits: Limits): fc.Arbitrary<RandomHistory> {
  if (limits.keysMax !== undefined) return programHistory(limits);
  return fc.oneof(
    { arbitrary: programHistory(limits), weight: 2 },
    { arbitrary: mutatedHistory(limits), weight: 1 },
  );
}

/** Only these functions. */
export function historyWith(
  functions: readonly string[],
  limits: Limits,
): fc.Arbitrary<RandomHistory> {
  return anyHistory({ ...limits, updatePercent: 0 }).filter(({ history: { operations } }) =>
    operations.every(({ f }) => functions.includes(f)),
  );
}

/** A known history, or two side by side, with a few changes. */
function mutatedHistory({ operationsMax }: Limits): fc.Arbitrary<RandomHistory> {
  return fc
    .record({
      known: fc.array(fc.nat(namedHistories.length - 1), { minLength: 1, maxLength: 2 }),
      decisions: seeds,
      changes: fc.nat(4),
    })
    .map(({ known, decisions, changes }) => {
      const sessions = known
        .flatMap((at) => readNotation(namedHistories[at]!.text))
        .map((session, at) => ({ ...session, process: at + 1 }));
      const changed = mutate(sessions, changes, decider(decisions));
      let left = operationsMax;
      const short = changed.slice(0, 5).map(({ process, operations }) => {
        const kept = operations.slice(0, left);
        left -= kept.length;
        return { process, operations: kept };
      });
      return randomHistory(short);
    });
}

function programHistory(limits: Limits): fc.Arbitrary<RandomHistory> {
  return fc
    .record({
      program: programs(limits),
      decisions: seeds,
      /** How slowly machines let go of what they hold back. */
      patience: fc.constantFrom(2, 3, 6),
      machine: fc.constantFrom<MachineName | "liar">(...machineNames, "liar", "liar"),
      /** Half of the histories try to satisfy some model. */
      model: fc.option(fc.constantFrom(...models), { freq: 1 }),
      isSpoiled: fc.boolean(),
      tries: fc.constantFrom(1, ...(limits.operationsMax > ORACLE_MAX ? [] : [8, 24])),
    })
    .map(({ program, decisions, machine, model, patience, isSpoiled, tries }) => {
      const decide = decider(decisions);
      if (model !== null && program.length <= ORACLE_MAX) {
        const observed = fitting(model, program, decide);
        if (isSpoiled && decide(2) === 0) spoil(observed, decide);
        return randomHistory(sessionsOf(program, observed));
      }
      const observation = () => {
        if (machine === "liar") return lies(program, decide);
        const observed = observe(machine, program, patience, decide);
        if (isSpoiled) spoil(observed, decide);
        return observed;
      };
      let found = randomHistory(sessionsOf(program, observation()));
      for (let more = 1; more < tries && !isInteresting(found); more++) {
        found = randomHistory(sessionsOf(program, observation()));
      }
      return found;
    });
}

/** What the strongest model forbids and a weak one allows: here they differ. */
function isInteresting({ history }: RandomHistory): boolean {
  const oracle = oracleOf(history, { init: INIT });
  return oracle.allows("sequential") === false && oracle.allows("slow") === true;
}

/** Operations that the oracle can try everything with. */
const ORACLE_MAX = 12;

const models = memoryModels.filter((model) => !/eventual|strong-convergence/.test(model));

/** What is drawn after the program, all at once: there is nothing in it to shrink. */
const seeds = fc.noShrink(fc.noBias(fc.nat(2 ** 31 - 1)));

function decider(seed: number): Decide {
  const random = new Random([seed, 1, 1]);
  return (bound) => random.int(bound);
}

function lies(program: readonly Instruction[], decide: Decide): Observed {
  return program.map((instruction) =>
    looks(instruction) ? anyValue(program, instruction.key, decide) : undefined,
  );
}

function spoil(observed: Observed, decide: Decide): void {
  const places = observed.flatMap((value, at) => (value === undefined ? [] : [at]));
  if (places.length === 0) return;
  const values = [0, ...places.map((at) => observed[at]!)];
  observed[places[decide(places.length)]!] = values[decide(values.length)]!;
}

function anyValue(program: readonly Instruction[], key: string, decide: Decide): number {
  if (decide(40) === 0) return 77;
  const written = program.filter((write) => leaves(write) && write.key === key);
  return [0, ...written.map(({ left }) => left)][decide(written.length + 1)]!;
}

function randomHistory(sessions: readonly WrittenSession[]): RandomHistory {
  const text = textOf(sessions);
  return { text, history: historyOf(sessions), toString: () => text };
}
