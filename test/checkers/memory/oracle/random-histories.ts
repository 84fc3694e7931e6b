/**
 * Random histories for fast-check, mostly of up to ten operations of four sessions on three keys.
 *
 * A program comes first. Then half of the histories are what one of six machines made of it, some of
 * these with one read changed; in the other half reads return mostly what was written, or the start.
 * Most programs are run until models differ on what was seen, or patience ends.
 * Written values are all different in half of the programs, few in the rest, the start among them.
 */

import fc from "fast-check";
import type { History } from "../../../../histories/history.js";
import {
  historyOf,
  INIT,
  sessionsOf as readNotation,
  textOf,
  type Written,
  type WrittenSession,
} from "../notation.js";
import { mutate } from "./mutations.js";
import { namedHistories } from "./named-histories.js";
import { oracleOf } from "./oracle.js";
import {
  type Decide,
  type Instruction,
  type Limits,
  leaves,
  looks,
  type Observed,
  programs,
} from "./programs.js";
import { type MachineName, machineNames, observe } from "./simulated-machines.js";

export interface RandomHistory {
  text: string;
  history: History;
  toString(): string;
}

export function anyHistory(limits: Limits): fc.Arbitrary<RandomHistory> {
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
      decisions: fc.noBias(fc.infiniteStream(fc.nat(2 ** 20))),
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
      decisions: fc.noBias(fc.infiniteStream(fc.nat(2 ** 20))),
      /** How slowly machines let go of what they hold back. */
      patience: fc.constantFrom(2, 3, 6),
      machine: fc.constantFrom<MachineName | "liar">(...machineNames, ...liars),
      isSpoiled: fc.boolean(),
      tries: fc.constantFrom(1, ...(limits.operationsMax > ORACLE_MAX ? [] : [8, 24])),
    })
    .map(({ program, decisions, machine, patience, isSpoiled, tries }) => {
      const decide = decider(decisions);
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

/** As many as there are machines: half of the histories. */
const liars = machineNames.map(() => "liar" as const);

function decider(stream: fc.Stream<number>): Decide {
  return (bound) => Number(stream.next().value) % bound;
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

function sessionsOf(program: readonly Instruction[], observed: Observed): WrittenSession[] {
  const sessions = new Map<number, Written[]>();
  for (const [at, { session, f, key, left, outcome, isFinal }] of program.entries()) {
    const own = sessions.get(session) ?? [];
    sessions.set(session, own);
    const found = observed[at];
    const isLate = isFinal && f === "read" && outcome === "ok";
    own.push({
      f,
      ...(f === "fence" ? {} : { key }),
      ...(found === undefined ? {} : { found }),
      ...(f === "write" || f === "cas" || f === "swap" ? { left } : {}),
      outcome,
      ...(isLate ? { isFinal: true } : {}),
    });
  }
  return [...sessions].map(([session, own]) => ({
    process: session + 1,
    operations: lastly(own),
  }));
}

/** Final reads are the last of their session: the others become ordinary ones. */
function lastly(operations: readonly Written[]): Written[] {
  const from = operations.findLastIndex(({ isFinal }) => isFinal !== true) + 1;
  return operations.map((operation, at) => {
    const { isFinal: _, ...plain } = operation;
    return at < from ? plain : operation;
  });
}

function randomHistory(sessions: readonly WrittenSession[]): RandomHistory {
  const text = textOf(sessions);
  return { text, history: historyOf(sessions), toString: () => text };
}
