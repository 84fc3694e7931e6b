/**
 * When reads see the last write: read and write quorums that must meet. By the replicas of `quorum`,
 * whose coordinators take the first answers: which ones these are is decided by links that are far.
 */

import type { Experiment, Finding, PlotPoint } from "../src/experiment/experiment.js";
import { defaultsOf, Lab } from "../src/experiment/lab.js";
import { curve, scatter, sharePoint } from "../src/experiment/series.js";
import type { Random } from "../src/random/random.js";
import { quorum } from "../systems/quorum.js";

/** Replicas for which every pair of quorums is tried. */
const SIZES = [1, 2, 3, 4, 5];
/** Where shares are counted: those of one replica each need to be many, as they are near to 1. */
const COUNTED = [
  { n: 5, r: 1, w: 1, trials: 4_000 },
  { n: 5, r: 1, w: 2, trials: 800 },
  { n: 5, r: 2, w: 1, trials: 800 },
  { n: 5, r: 2, w: 2, trials: 800 },
  { n: 5, r: 3, w: 2, trials: 300 },
  { n: 3, r: 1, w: 1, trials: 1_500 },
  { n: 3, r: 1, w: 2, trials: 800 },
  { n: 3, r: 2, w: 2, trials: 300 },
];

export const quorumReads: Experiment = {
  name: "quorum-reads",
  summary:
    "reads are sure to see the last write iff R + W > N; else random quorums miss it so often",
  formula: "stale read possible ⇔ R + W ≤ N;  P = C(N − W, R) / C(N, R)",
  quantities: [
    { symbol: "N", meaning: "replicas", unit: "1" },
    { symbol: "R", meaning: "replicas that a read hears from", unit: "1" },
    {
      symbol: "W",
      meaning: "replicas that have stored a write when it is acknowledged",
      unit: "1",
    },
    { symbol: "P", meaning: "share of reads right after a write that miss it", unit: "1" },
    { symbol: "C", meaning: "number of choices: C(N, R) ways to take R of N", unit: "1" },
  ],
  derivation: [
    "R + W > N replicas are not there without one counted twice: it has the write, and the read takes the newest that it hears.",
    "If R + W ≤ N, the first W and the last R have no replica in common: nobody that the read hears from has the write.",
    "Of the C(N, R) sets a read may hear from, C(N − W, R) lie among the N − W replicas without the write.",
  ],
  source:
    "Gifford 1979, Weighted voting for replicated data; Bailis et al. 2012, Probabilistically bounded staleness",
  assumes:
    "The grid has every R and every W up to N. Reads begin when the write is acknowledged, before it comes to the other replicas; anti-entropy takes longer. A coordinator is a replica of its own quorum; for the shares it and the rest of the quorum are drawn at random.",
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    for (const n of SIZES) {
      for (let r = 1; r <= n; r++) {
        for (let w = 1; w <= n; w++) {
          const stale = await staleReads({ seed, n, r, w, trials: 1, choose: farthest });
          findings.push({
            kind: "exact",
            of: "a stale read",
            at: { N: n, R: r, W: w },
            predicted: r + w <= n,
            measured: stale > 0,
          });
        }
      }
    }
    const points = new Map<number, PlotPoint[]>();
    for (const { n, r, w, trials } of COUNTED) {
      const stale = await staleReads({ seed, n, r, w, trials, choose: anyOf });
      const at = { N: n, R: r, W: w };
      findings.push({
        kind: "share",
        of: "P",
        at,
        predicted: missed(n, r, w),
        hits: stale,
        trials,
      });
      points.set(n, [...(points.get(n) ?? []), sharePoint(missed(n, r, w), stale, trials)]);
    }
    return {
      findings,
      plot: {
        title: "Reads that miss the last write",
        x: { label: "predicted share C(N − W, R) / C(N, R)" },
        y: { label: "measured share P" },
        series: [
          curve("predicted: measured = predicted", [0, 1], (x) => x),
          ...[...points].map(([n, all]) => scatter(`measured: N = ${n}, several R and W`, all)),
        ],
      },
    };
  },
};

function missed(n: number, r: number, w: number): number {
  return choices(n - w, r) / choices(n, r);
}

function choices(n: number, k: number): number {
  let result = 1;
  for (let i = 0; i < k; i++) result *= (n - i) / (i + 1);
  return Math.max(0, result);
}

/** Who is in a quorum of that size, its coordinator first. */
type Choice = (
  nodes: readonly string[],
  quorum: { of: "write" | "read"; size: number },
  random: Random,
) => readonly string[];

const farthest: Choice = (nodes, { of, size }) =>
  of === "write" ? nodes.slice(0, size) : [...nodes].reverse().slice(0, size);

const anyOf: Choice = (nodes, { size }, random) => random.sample(nodes, size);

/** From a coordinator to a replica outside its quorum; there and back it is not asked again yet. */
const FAR_US = 40_000;
/** After that everything is everywhere; a multiple of the period of anti-entropy. */
const TRIAL_US = 300_000;
/** Away from the moments of anti-entropy, also after a way to the far replicas and back. */
const OFFSET_US = 10_000;

interface Trials {
  seed: number;
  n: number;
  r: number;
  w: number;
  trials: number;
  choose: Choice;
}

/** Writes and reads at once, so many times; how many reads returned an older value. */
async function staleReads({ seed, n, r, w, trials, choose }: Trials): Promise<number> {
  const lab = new Lab({
    seed,
    nodes: n,
    create: (context) => quorum.create(context),
    options: { ...defaultsOf(quorum), r, w },
  });
  const random = lab.random("quorums");
  let release = (): void => undefined;
  /** Makes an operation find its quorum first, and says where it begins. */
  const begin = (of: "write" | "read", size: number): string => {
    release();
    const quorumOf = choose(lab.world.nodes, { of, size }, random);
    release = bringNear(lab, quorumOf);
    return quorumOf[0] ?? "";
  };
  let stale = 0;
  let answers = 0;
  const read = lab.client("c2", ({ value, in_reply_to: trial }) => {
    answers++;
    if (value !== trial) stale++;
  });
  const write = lab.client("c1", ({ in_reply_to: trial }) => {
    read(begin("read", r), { type: "read", key: "k", msg_id: Number(trial) });
  });
  for (let trial = 1; trial <= trials; trial++) {
    lab.at(trial * TRIAL_US + OFFSET_US, () => {
      write(begin("write", w), { type: "write", key: "k", msg_id: trial, value: trial });
    });
  }
  await lab.run((trials + 1) * TRIAL_US);
  if (answers !== trials) throw new Error(`${answers} of ${trials} reads were answered`);
  return stale;
}

/** The first replica named has the others named at hand, and all else is far; returns how to undo it. */
function bringNear(lab: Lab, members: readonly string[]): () => void {
  const [coordinator] = members;
  return lab.network.overlay({
    covers: (src, dest) =>
      src.kind === "node" && dest.kind === "node" && !isNear(src.name, dest.name),
    change: (conditions) => {
      conditions.delayUs = FAR_US;
    },
  });
  function isNear(src: string, dest: string): boolean {
    if (src !== coordinator && dest !== coordinator) return false;
    return members.includes(src) && members.includes(dest);
  }
}
