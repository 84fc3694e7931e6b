/** Random programs: what each session does, before anybody knows what it will see. */

import fc from "fast-check";
import type { Written, WrittenSession } from "../notation.js";

export interface Instruction {
  session: number;
  f: Written["f"];
  key: string;
  /** What it writes, if it does. */
  left: number;
  /** Where nobody answers, what came next of the session does not exist. */
  outcome: Written["outcome"];
  /** Of a read: whether it is repeated at the end of its session. */
  isFinal: boolean;
}

export interface Limits {
  operationsMax: number;
  /** Percent of the operations that end in anything but ok. */
  lostPercent?: number;
  /** Percent of the operations that are updates or fences. */
  updatePercent?: number;
  /** At most three. */
  keysMax?: number;
}

/** What each instruction finds, by its place; undefined where it looks at nothing. */
export type Observed = (number | undefined)[];

export const looks = ({ f, outcome }: Instruction): boolean =>
  f === "cas" || ((f === "read" || f === "swap") && outcome === "ok");
export const leaves = ({ f, outcome }: Instruction): boolean =>
  (f === "write" || f === "cas" || f === "swap") && outcome !== "fail";

/** Draws below a bound. */
export type Decide = (bound: number) => number;

const keyNames = ["x", "y", "z"] as const;

/** Litmus tests write first and read then, or the other way round. */
const habits = ["any", "writes first", "reads first"] as const;

/** Without fast-check's bias to small numbers, which would make most operations the same. */
export function programs({
  operationsMax,
  lostPercent = 4,
  updatePercent = 12,
  keysMax = 3,
}: Limits): fc.Arbitrary<Instruction[]> {
  const draft = fc.record({
    session: fc.nat(3),
    kind: fc.nat(99),
    key: fc.nat(5),
    value: fc.nat(2),
    lost: fc.nat(99),
    isFinal: fc.boolean(),
  });
  const few = fc.array(draft, { minLength: 1, maxLength: operationsMax, size: "max" });
  const many = fc.array(draft, {
    minLength: Math.ceil(operationsMax * 0.6),
    maxLength: operationsMax,
    size: "max",
  });
  const shape = fc.record({
    drafts: fc.oneof(few, many, many),
    sessions: fc.constantFrom(1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4),
    keys: fc.constantFrom(1, 2, 2, 2, 3),
    habit: fc.constantFrom("any", ...habits),
    isUnique: fc.nat(2).map((n) => n > 0),
    hasFinals: fc.nat(3).map((n) => n === 0),
  });
  return fc.noBias(shape).map(({ drafts, sessions, keys, habit, isUnique, hasFinals }) => {
    const ended = new Set<number>();
    const program = drafts.map(({ session: drawn, kind, key, value, lost, isFinal }, at) => {
      const session = drawn % sessions;
      const isWriting = kind % 2 === 0;
      const f = kind < updatePercent ? updates[kind % 3]! : isWriting ? "write" : "read";
      const outcome = lost < lostPercent ? "info" : lost < lostPercent + 2 ? "fail" : "ok";
      const instruction: Instruction = {
        session,
        f,
        key: keyNames[key % Math.min(keys, keysMax)]!,
        left: isUnique ? at + 1 : value,
        outcome,
        isFinal: hasFinals && isFinal,
      };
      return instruction;
    });
    const first = habit === "any" ? undefined : habit === "writes first" ? "write" : "read";
    const sorted = [
      ...program.filter(({ f }) => first === undefined || f === first),
      ...program.filter(({ f }) => first !== undefined && f !== first),
    ];
    // A client that was not answered does nothing more.
    return sorted.filter(({ session, outcome }) => {
      if (ended.has(session)) return false;
      if (outcome === "info") ended.add(session);
      return true;
    });
  });
}

const updates = ["cas", "swap", "fence"] as const;

/** The history of a program, once it is known what each instruction found. */
export function sessionsOf(program: readonly Instruction[], observed: Observed): WrittenSession[] {
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
