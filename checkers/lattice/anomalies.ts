/**
 * Every anomaly that rules out a model: what it is, what people call it, and which anomalies are
 * there wherever it is. Data only; lattice.ts asks the questions. After Adya's thesis and Elle's
 * table, with one spelling for G-SI and its parts, and with those of atomic visibility.
 */

export interface AnomalyEntry {
  name: string;
  summary: string;
  /** Anomalies of the same history that follow from it, directly. */
  implies: readonly string[];
}

const plain: readonly AnomalyEntry[] = [
  {
    name: "garbage-read",
    summary: "a value that nobody wrote",
    implies: [],
  },
  {
    name: "duplicate-elements",
    summary: "an element twice in one list",
    implies: [],
  },
  {
    name: "cyclic-versions",
    summary: "the versions of a key follow each other in a circle",
    implies: [],
  },
  {
    name: "incompatible-order",
    summary: "two reads of a list, neither of which continues the other",
    implies: ["G1a"],
  },
  {
    name: "dirty-update",
    summary: "a committed write on top of an aborted one",
    implies: ["G1a"],
  },
  { name: "G1a", summary: "aborted read: a value of a transaction that failed", implies: ["G1"] },
  {
    name: "G1b",
    summary: "intermediate read: a value that its writer went on to replace",
    implies: ["G1"],
  },
  {
    name: "future-read",
    summary: "a transaction reads what it writes only later",
    implies: ["G1c"],
  },
  {
    name: "internal",
    summary: "a read contradicts what its own transaction read or wrote before",
    implies: [],
  },
  {
    name: "observed-transaction-vanishes",
    summary: "after one effect of a transaction, an older state of another key it wrote",
    implies: ["fractured-read"],
  },
  {
    name: "fractured-read",
    summary: "some effects of a transaction are seen, others are not",
    implies: ["causal-violation"],
  },
  {
    name: "causal-violation",
    summary: "an effect is seen without what had caused it",
    implies: ["G-single-item"],
  },
  {
    name: "long-fork",
    summary: "two readers see two writes in opposite orders",
    implies: ["G-nonadjacent-item"],
  },
  {
    name: "lost-update",
    summary: "two transactions update the same version of a key",
    implies: ["G2-item", "write-skew"],
  },
  {
    name: "write-skew",
    summary: "transactions that read what the others are about to write",
    implies: ["G2"],
  },
  {
    name: "predicate-read-miss",
    summary: "a predicate does not find what must match it",
    implies: [],
  },
  {
    name: "G-cursor",
    summary: "a key changes between a transaction's read and its write of it",
    implies: ["G-single-item"],
  },
  { name: "G-monotonic", summary: "a read misses what an earlier one depended on", implies: [] },
  { name: "G-MSR", summary: "reads from snapshots that go back in time", implies: [] },
  { name: "G-update", summary: "a reader disagrees with every order of the updates", implies: [] },
  {
    name: "G-SIa",
    summary: "an effect is seen of a transaction not yet committed",
    implies: ["G-SI"],
  },
  { name: "G-SIb", summary: "an effect is missed of a transaction that counts", implies: ["G-SI"] },
  { name: "G-SI", summary: "snapshots are not what they should be", implies: [] },
];

/** Class, what its cycles are made of, and what follows from it in each of the three orders. */
const classes: readonly [string, string, readonly string[]][] = [
  ["G0", "writes in a circle (dirty write)", ["G1c"]],
  ["G1c", "writes and reads in a circle (circular information flow)", ["G1"]],
  ["G1", "aborted, intermediate or circular reads", []],
  [
    "G-single-item",
    "a circle with one missed write (read skew)",
    ["G-nonadjacent-item", "G-single"],
  ],
  ["G-single", "a circle with one anti-dependency", ["G-nonadjacent"]],
  [
    "G-nonadjacent-item",
    "a circle with missed writes, no two in a row",
    ["G-nonadjacent", "G2-item"],
  ],
  ["G-nonadjacent", "a circle with anti-dependencies, no two in a row", ["G2"]],
  ["G2-item", "a circle with missed writes (write skew)", ["G2"]],
  ["G2", "a circle with anti-dependencies", []],
];

const orders = [
  { suffix: "", words: "" },
  { suffix: "-process", words: ", the order of a session among them" },
  { suffix: "-realtime", words: ", real-time order among them" },
] as const;

/** In a stronger order every circle of a weaker one is there, too. */
const cyclic: readonly AnomalyEntry[] = orders.flatMap(({ suffix, words }, i) =>
  classes.map(([name, summary, implies]) => {
    const next = orders[i + 1];
    const stronger = next === undefined ? [] : [`${name}${next.suffix}`];
    const sameOrder = implies.map((other) => `${other}${suffix}`);
    const snapshot = name === "G-single" && suffix === "" ? ["G-SIb"] : [];
    return {
      name: `${name}${suffix}`,
      summary: summary + words,
      implies: [...sameOrder, ...stronger, ...snapshot],
    };
  }),
);

export const anomalyEntries: readonly AnomalyEntry[] = freeze([...plain, ...cyclic]);

function freeze(entries: AnomalyEntry[]): readonly AnomalyEntry[] {
  for (const entry of entries) {
    Object.freeze(entry.implies);
    Object.freeze(entry);
  }
  return Object.freeze(entries);
}
