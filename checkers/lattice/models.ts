/**
 * Every consistency model of the project in one graph: what each implies, and which anomalies it
 * forbids itself. Data only; lattice.ts asks the questions.
 *
 * Transactional models after Adya (Weak Consistency, 1999), Bailis et al. (HAT, VLDB 2014), Cerone et
 * al. (CONCUR 2015) and Elle's table; PSI implies consistent view here (Cerone and Gotsman 2018: no
 * cycle with at most one anti-dependency), which that table leaves open. The models of single objects
 * after Ahamad, Steinke and Nutt, Bouajjani et al. and Lahav et al.; folklore edges that are wrong
 * (TSO ⇒ PRAM, causal ⇒ monotonic reads …) are not there.
 */

export type Family = "transactions" | "operations";

export interface ModelEntry {
  name: string;
  aliases: readonly string[];
  family: Family;
  summary: string;
  /** The models that hold wherever this one does, directly. */
  implies: readonly string[];
  /** The anomalies that rule it out, beside those that rule out a model it implies. */
  forbids: readonly string[];
}

const transactional: readonly ModelEntry[] = [
  {
    name: "read-uncommitted",
    aliases: ["PL-1"],
    family: "transactions",
    summary: "writes of transactions do not interleave: no dirty writes",
    implies: [],
    forbids: ["G0", "cyclic-versions", "duplicate-elements", "garbage-read"],
  },
  {
    name: "read-committed",
    aliases: ["PL-2"],
    family: "transactions",
    summary: "nobody sees aborted or intermediate writes, and information does not flow in circles",
    implies: ["read-uncommitted"],
    forbids: ["G1"],
  },
  {
    name: "monotonic-atomic-view",
    aliases: ["MAV"],
    family: "transactions",
    summary: "once a transaction has seen one effect of another, it sees all of them from then on",
    implies: ["read-committed"],
    forbids: ["observed-transaction-vanishes"],
  },
  {
    name: "read-atomic",
    aliases: ["RA"],
    family: "transactions",
    summary: "a transaction sees all of another's effects, or none",
    implies: ["monotonic-atomic-view"],
    forbids: ["G1a", "future-read", "internal", "fractured-read"],
  },
  {
    name: "causal-cerone",
    aliases: ["transactional-causal"],
    family: "transactions",
    summary: "read atomic, and whoever sees an effect sees all that its writer had seen",
    implies: ["read-atomic"],
    forbids: ["G1a", "internal", "causal-violation"],
  },
  {
    name: "update-atomic",
    aliases: [],
    family: "transactions",
    summary: "read atomic, and no update is lost",
    implies: ["read-atomic"],
    forbids: ["lost-update"],
  },
  {
    name: "prefix",
    aliases: ["prefix-consistency"],
    family: "transactions",
    summary: "every transaction reads from a snapshot that is a prefix of one order of commits",
    implies: ["causal-cerone"],
    forbids: ["G1a", "internal", "long-fork"],
  },
  {
    name: "parallel-snapshot-isolation",
    aliases: ["PSI"],
    family: "transactions",
    summary: "snapshots that follow causality, and no two concurrent writers of a key",
    implies: ["causal-cerone", "update-atomic", "consistent-view"],
    forbids: ["G1a", "internal"],
  },
  {
    name: "cursor-stability",
    aliases: ["PL-CS"],
    family: "transactions",
    summary: "read committed, and no update of a key between a transaction's read and write of it",
    implies: ["read-committed"],
    forbids: ["G-cursor", "G1", "lost-update"],
  },
  {
    name: "monotonic-view",
    aliases: ["PL-2L"],
    family: "transactions",
    summary: "read committed, and what a transaction depends on is seen from then on",
    implies: ["read-committed"],
    forbids: ["G-monotonic", "G1"],
  },
  {
    name: "monotonic-snapshot-read",
    aliases: ["PL-MSR"],
    family: "transactions",
    summary: "each read from a snapshot, later reads from later ones",
    implies: ["read-committed"],
    forbids: ["G-MSR", "G1"],
  },
  {
    name: "consistent-view",
    aliases: ["PL-2+"],
    family: "transactions",
    summary: "a transaction misses nothing of what it depends on: no read skew",
    implies: ["cursor-stability", "monotonic-view", "monotonic-atomic-view"],
    forbids: ["G-single", "G1"],
  },
  {
    name: "forward-consistent-view",
    aliases: ["PL-FCV"],
    family: "transactions",
    summary: "consistent view, and nothing missed of what committed before the start",
    implies: ["consistent-view"],
    forbids: ["G-SIb", "G1"],
  },
  {
    name: "repeatable-read",
    aliases: ["PL-2.99"],
    family: "transactions",
    summary: "serializable as far as items go: no cycle without predicates",
    implies: ["cursor-stability", "monotonic-atomic-view"],
    forbids: ["G1", "G2-item", "lost-update"],
  },
  {
    name: "snapshot-isolation",
    aliases: ["PL-SI", "SI"],
    family: "transactions",
    summary: "reads from one snapshot, and the first committer of a key wins",
    implies: [
      "forward-consistent-view",
      "monotonic-atomic-view",
      "monotonic-snapshot-read",
      "parallel-snapshot-isolation",
      "prefix",
    ],
    forbids: ["G-SI", "G-nonadjacent", "G1", "internal"],
  },
  {
    name: "view-serializable",
    aliases: [],
    family: "transactions",
    summary: "some serial order gives every read what it returned",
    implies: [],
    forbids: [],
  },
  {
    name: "update-serializable",
    aliases: ["PL-3U"],
    family: "transactions",
    summary: "updates are serializable, and each reader sees one such order",
    implies: ["forward-consistent-view"],
    forbids: ["G-update", "G1"],
  },
  {
    name: "serializable",
    aliases: ["PL-3", "conflict-serializable", "SER"],
    family: "transactions",
    summary: "as if transactions had run one after another",
    implies: ["repeatable-read", "snapshot-isolation", "update-serializable", "view-serializable"],
    forbids: ["G1", "G2", "internal", "predicate-read-miss"],
  },
  {
    name: "1SR",
    aliases: ["one-copy-serializable"],
    family: "transactions",
    summary: "serializable, copies being invisible",
    implies: [],
    forbids: [],
  },
  {
    name: "session-serializable",
    aliases: [],
    family: "transactions",
    summary: "one-copy serializable, and every session in its order",
    implies: ["1SR"],
    forbids: [],
  },
  {
    name: "strong-session-read-uncommitted",
    aliases: ["strong-session-PL-1"],
    family: "transactions",
    summary: "read uncommitted, sessions in their order",
    implies: ["read-uncommitted"],
    forbids: ["G0-process"],
  },
  {
    name: "strong-session-read-committed",
    aliases: ["strong-session-PL-2"],
    family: "transactions",
    summary: "read committed, sessions in their order",
    implies: ["read-committed", "strong-session-read-uncommitted"],
    forbids: ["G1c-process"],
  },
  {
    name: "strong-session-snapshot-isolation",
    aliases: ["strong-session-SI"],
    family: "transactions",
    summary: "snapshot isolation, sessions in their order",
    implies: ["snapshot-isolation", "strong-session-read-committed"],
    forbids: ["G-nonadjacent-process", "G1-process", "internal"],
  },
  {
    name: "strong-session-serializable",
    aliases: ["strong-session-PL-3"],
    family: "transactions",
    summary: "serializable, sessions in their order",
    implies: ["serializable", "strong-session-snapshot-isolation", "sequential"],
    forbids: ["G1-process", "G2-process"],
  },
  {
    name: "strong-read-uncommitted",
    aliases: ["strong-PL-1"],
    family: "transactions",
    summary: "read uncommitted, in real-time order",
    implies: ["strong-session-read-uncommitted"],
    forbids: ["G0-realtime"],
  },
  {
    name: "strong-read-committed",
    aliases: ["strong-PL-2"],
    family: "transactions",
    summary: "read committed, in real-time order",
    implies: ["strong-read-uncommitted", "strong-session-read-committed"],
    forbids: ["G1c-realtime"],
  },
  {
    name: "strong-snapshot-isolation",
    aliases: ["strong-SI"],
    family: "transactions",
    summary: "snapshot isolation, in real-time order: snapshots are current",
    implies: ["strong-read-committed", "strong-session-snapshot-isolation"],
    forbids: ["G-nonadjacent-realtime", "G1-realtime", "internal"],
  },
  {
    name: "strict-serializable",
    aliases: ["strong-serializable", "PL-SS"],
    family: "transactions",
    summary: "as if transactions had run one after another, in real-time order",
    implies: [
      "linearizable",
      "serializable",
      "session-serializable",
      "snapshot-isolation",
      "strong-session-serializable",
      "strong-snapshot-isolation",
    ],
    forbids: ["G1", "G1c-realtime", "G2-realtime"],
  },
];

/** Name, aliases, summary, what it implies. */
type Row = [string, readonly string[], string, readonly string[]];

const rows: readonly Row[] = [
  ["linearizable", [], "one copy, in real-time order", ["sequential"]],
  [
    "sequential",
    ["sc"],
    "one order of all operations, each process in its own",
    ["tso", "processor", "causal-memory"],
  ],
  [
    "tso",
    [],
    "a first-in first-out store buffer per process, as on x86",
    ["pso", "causal-convergence"],
  ],
  [
    "pso",
    [],
    "a store buffer per process and key, as SPARC's",
    ["coherence", "writes-follow-reads"],
  ],
  [
    "processor",
    ["PC"],
    "per process an order of all writes and its own reads, agreeing on every key",
    ["pram", "coherence"],
  ],
  [
    "causal-memory",
    ["CM"],
    "causes before effects, each process explained by one order",
    ["pram", "causal"],
  ],
  [
    "causal-convergence",
    ["CCv", "SRA"],
    "causes before effects, and one order of conflicting writes",
    ["release-acquire"],
  ],
  [
    "release-acquire",
    [],
    "causes before effects, and one order of writes per key",
    ["causal", "coherence"],
  ],
  ["causal", ["CC"], "causes before effects, each read explained alone", ["writes-follow-reads"]],
  ["coherence", ["cache", "coh"], "sequential, each key for itself", ["slow"]],
  ["pram", ["fifo"], "the writes of each process are seen in their order", ["slow"]],
  [
    "slow",
    [],
    "the writes of each process to each key are seen in their order",
    ["monotonic-reads", "read-your-writes"],
  ],
  ["read-your-writes", ["RYW"], "a session sees what it has written", ["monotonic-writes"]],
  ["monotonic-reads", ["MR"], "a session does not see less than before", ["monotonic-writes"]],
  ["monotonic-writes", ["MW"], "the writes of a session are seen in their order", []],
  [
    "writes-follow-reads",
    ["WFR"],
    "a write is seen only with what its session had read",
    ["monotonic-writes"],
  ],
  [
    "strong-convergence",
    ["SEC"],
    "causal convergence up to the end: final reads miss no write",
    ["causal-convergence", "eventual"],
  ],
  ["eventual", [], "replicas agree once writes have stopped", []],
];

const single: readonly ModelEntry[] = rows.map(([name, aliases, summary, implies]) => ({
  name,
  aliases,
  family: "operations",
  summary,
  implies,
  forbids: [],
}));

export const modelEntries: readonly ModelEntry[] = freeze([...transactional, ...single]);

function freeze(entries: ModelEntry[]): readonly ModelEntry[] {
  for (const entry of entries) {
    for (const list of [entry.aliases, entry.implies, entry.forbids, entry]) Object.freeze(list);
  }
  return Object.freeze(entries);
}
