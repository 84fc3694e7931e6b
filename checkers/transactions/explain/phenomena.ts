/**
 * What people call an anomaly, and what it does to them: recognised from the shape of a cycle (which
 * dependencies follow each other, and whether they are about one key), or from the type of a finding.
 *
 * Names after Berenson et al. 1995 (lost update, read skew, write skew), Fekete et al. 2004 (the
 * read-only transaction anomaly), Sovran et al. 2011 (long fork), Terry et al. 1994 (guarantees of
 * sessions) and Cerone et al. 2015 (causal violation).
 */

import { microKinds, type Transactions } from "../../../histories/transactions.js";
import type { Step } from "../findings.js";

export interface Phenomenon {
  /** Undefined where people have no name for it. */
  name?: string;
  /** What it means for whoever uses the database, in one sentence. */
  consequence: string;
}

interface Shape {
  transactions: Transactions;
  /** Those of the class before its suffix: G0, G1c … */
  form: string;
  /** What is respected besides data: "", "process" or "realtime". */
  order: string;
  /** Rotated so that the first is an rw step, if there is one, and what follows it is no rw step. */
  steps: readonly Step[];
  /** The kinds of the steps, in order: "rw wr". */
  kinds: string;
}

interface Rule extends Phenomenon {
  fits(shape: Shape): boolean;
}

const rules: readonly Rule[] = [
  {
    fits: is("G0", ""),
    name: "dirty write",
    consequence:
      "each overwrote something of the others: what remains is a mixture that no one of them wrote",
  },
  {
    fits: is("G0", "process"),
    name: "non-monotonic writes",
    consequence: "a session's later write came before its earlier one",
  },
  {
    fits: is("G0", "realtime"),
    name: "writes out of order",
    consequence: "a write that was acknowledged first came last: it wiped out a newer one",
  },
  {
    fits: is("G1c", ""),
    name: "circular information flow",
    consequence: "each depends on what another one did: none of them can have come first",
  },
  {
    fits: ({ kinds }) => /^wr (?:process|realtime)$/.test(kinds),
    name: "read from the future",
    consequence: "a transaction saw a write that was only asked for after it had completed",
  },
  {
    fits: (shape) => is("G-single-item", "")(shape) && shape.kinds === "rw ww" && isOfOneKey(shape),
    name: "lost update",
    consequence: "a write was overwritten by someone who had never seen it",
  },
  {
    fits: (shape) => is("G-single-item", "")(shape) && shape.kinds === "rw wr" && isOfOneKey(shape),
    name: "non-repeatable read",
    consequence: "one transaction read one key twice and found it changed by another",
  },
  {
    fits: (shape) => is("G-single-item", "")(shape) && /^rw wr wr( wr)*$/.test(shape.kinds),
    name: "causal violation",
    consequence: "an effect was seen, but not the cause on which it rested",
  },
  {
    fits: is("G-single-item", ""),
    name: "read skew",
    consequence:
      "a transaction saw one part of another's effects and missed the rest: a state that never was",
  },
  {
    fits: (shape) => is("G-single-item", "process")(shape) && shape.kinds === "rw process",
    name: "own write not seen",
    consequence: "a session did not see what it had written itself",
  },
  {
    fits: (shape) =>
      is("G-single-item", "process")(shape) && shape.kinds === "rw wr process" && isOfOneKey(shape),
    name: "non-monotonic read",
    consequence: "a session saw a write, and later the state before it: time went backwards",
  },
  {
    fits: (shape) => is("G-single-item", "process")(shape) && !shape.kinds.includes("ww"),
    name: "causal violation",
    consequence: "a session missed something on which what it had seen before rested",
  },
  {
    fits: (shape) => is("G-single-item", "realtime")(shape) && shape.kinds === "rw realtime",
    name: "stale read",
    consequence: "a read returned a state that had been replaced before its transaction began",
  },
  {
    fits: is("G-single-item", "realtime"),
    name: "stale read",
    consequence: "a read missed a write whose effects were there before its transaction began",
  },
  {
    fits: (shape) => is("G-nonadjacent-item", "")(shape) && shape.kinds === "rw wr rw wr",
    name: "long fork",
    consequence: "two readers saw two writes in opposite orders: there were two truths at once",
  },
  {
    fits: ({ kinds }) => kinds === "rw process rw process",
    name: "store buffering",
    consequence: "each session wrote, and then did not see what the other had written",
  },
  {
    fits: (shape) => is("G2-item", "")(shape) && shape.kinds === "rw rw" && isOfOneKey(shape),
    name: "lost update",
    consequence: "two transactions changed one key, and neither saw the other's change",
  },
  {
    fits: (shape) => is("G2-item", "")(shape) && shape.kinds === "rw wr rw" && hasPureReader(shape),
    name: "read-only transaction anomaly",
    consequence:
      "the writers alone could have come one after the other, but a mere reader saw it otherwise",
  },
  {
    fits: is("G2-item", ""),
    name: "write skew",
    consequence:
      "each acted on a state that another was about to change: together they can break what each alone keeps",
  },
];

function is(form: string, order: string): (shape: Shape) => boolean {
  return (shape) => shape.form === form && shape.order === order;
}

function isOfOneKey({ steps }: Shape): boolean {
  const keys = steps.map(({ key }) => key).filter((key) => key !== undefined);
  return keys.every((key) => key === keys[0]);
}

/** Whether one of them wrote nothing at all. */
function hasPureReader({ steps, transactions: { from, kind } }: Shape): boolean {
  return steps.some(({ from: t }) => {
    for (let m = from[t]!; m < from[t + 1]!; m++) if (kind[m] !== microKinds.read) return false;
    return true;
  });
}

const nameless: { readonly [order: string]: string } = {
  "": "no order of the transactions explains what they saw",
  process: "no order that keeps the order of each session explains what was seen",
  realtime: "no order that respects real time explains what was seen",
};

/**
 * @param type that of the cycle with these steps.
 * @param steps none where every order of versions has a cycle of its own.
 */
export function phenomenonOf(
  transactions: Transactions,
  type: string,
  steps: readonly Step[],
): Phenomenon {
  const [form = type, order = ""] = type.split(/-(?=process$|realtime$)/);
  if (steps.length === 0) return { consequence: nameless[order]! };
  const rotated = fromFirstRead(steps);
  const kinds = rotated.map(({ kind }) => kind).join(" ");
  const shape: Shape = { transactions, form, order, steps: rotated, kinds };
  const rule = rules.find(({ fits }) => fits(shape));
  if (rule === undefined) return { consequence: nameless[order] ?? nameless[""]! };
  const { name, consequence } = rule;
  return { ...(name === undefined ? {} : { name }), consequence };
}

/** The later the better to begin with. */
const beginnings = ["realtime", "process", "ww", "wr", "rw"] as const;

/** Longer cycles have no shape that tells more than their kinds. */
const ROTATED_MAX = 32;

/** Of all rotations that begin with rw, the one with the greatest text: "rw wr rw", not "rw rw wr". */
function fromFirstRead(steps: readonly Step[]): readonly Step[] {
  if (steps.length > ROTATED_MAX) return steps;
  const textOf = (some: readonly Step[]) => some.map(({ kind }) => kind).join(" ");
  const rank = (some: readonly Step[]) => beginnings.indexOf(some[0]!.kind) + textOf(some);
  const rotations = steps.map((_, i) => [...steps.slice(i), ...steps.slice(0, i)]);
  return rotations.reduce((best, one) => (rank(one) > rank(best) ? one : best));
}

const findings: { readonly [type: string]: Phenomenon } = {
  "garbage-read": {
    name: "garbage read",
    consequence: "the database returned what nobody ever wrote",
  },
  "duplicate-elements": {
    name: "duplicated write",
    consequence: "one write took effect twice, as a retry does that is not recognised",
  },
  "cyclic-versions": { consequence: "no order of the versions of the key explains what was seen" },
  "incompatible-order": {
    name: "divergent histories",
    consequence:
      "two readers saw one list grow in two ways: a write was moved or lost between them",
  },
  "dirty-update": {
    name: "dirty update",
    consequence: "a committed write was built on one that was taken back",
  },
  G1a: { name: "aborted read", consequence: "a transaction acted on what was taken back" },
  G1b: {
    name: "intermediate read",
    consequence: "a transaction saw another one's work half done",
  },
  "future-read": {
    name: "future read",
    consequence: "a transaction saw its own write before it had made it",
  },
  internal: {
    name: "internal inconsistency",
    consequence: "within one transaction the key changed under its hands",
  },
  "observed-transaction-vanishes": {
    name: "vanishing transaction",
    consequence: "after a part of another one's effects was seen, the rest was not there",
  },
  "fractured-read": {
    name: "fractured read",
    consequence: "some effects of a transaction were seen and others missed: it was not atomic",
  },
  "causal-violation": {
    name: "causal violation",
    consequence: "an effect was seen, but not the cause on which it rested",
  },
  "lost-update": {
    name: "lost update",
    consequence: "all but one of the changes to one version were made in vain",
  },
  "G-cursor": {
    name: "cursor lost update",
    consequence: "between a transaction's read and its write of a key came another's write, unseen",
  },
};

export function phenomenonOfFinding(type: string): Phenomenon {
  return findings[type] ?? { consequence: nameless[""]! };
}
