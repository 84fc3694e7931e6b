/** When a lock that q of N replicas grant is safe, and when it is live: by the replicas of quorum-lock. */

import type { Experiment, Finding, PlotPoint } from "../src/experiment/experiment.js";
import { defaultsOf, Lab } from "../src/experiment/lab.js";
import { curve, scatter } from "../src/experiment/series.js";
import { LockNode } from "../systems/locks/service.js";
import { QuorumLock } from "../systems/quorum-lock/holder.js";
import { quorumLock as system } from "../systems/quorum-lock/index.js";

const SIZES = [1, 2, 3, 4, 5, 6, 7];

export const quorumLock: Experiment = {
  name: "quorum-lock",
  summary: "a lock granted by q of N replicas is safe iff 2q > N and live iff q ≤ N − f",
  formula: "safe ⇔ 2q > N;  live ⇔ q ≤ N − f",
  quantities: [
    { symbol: "N", meaning: "replicas", unit: "1" },
    { symbol: "q", meaning: "replicas that must grant the lock", unit: "1" },
    { symbol: "f", meaning: "replicas that are down", unit: "1" },
  ],
  derivation: [
    "Two holders at once have 2q grants of N replicas, none of which grants twice: impossible if 2q > N.",
    "If 2q ≤ N the first q and the last q replicas are apart: a partition between them leaves each side its quorum.",
    "A holder needs q replicas that answer, and N − f do: it gets the lock if q ≤ N − f, and never if not.",
  ],
  source: "Gifford 1979, Weighted voting for replicated data",
  assumes:
    "The grid has every q ≤ N and every f < N. Nobody releases, and no lease ends meanwhile. The adversary cuts the replicas in two in every proportion, and lets two clients ask; or shows each of them its own q replicas, one after the other.",
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    const leastSafe: PlotPoint[] = [];
    const mostLive: PlotPoint[] = [];
    for (const n of SIZES) {
      const sizes = Array.from({ length: n }, (_, i) => i + 1);
      const safe: number[] = [];
      for (const q of sizes) {
        const measured = await isSafe({ seed, n, q });
        if (measured) safe.push(q);
        findings.push({
          kind: "exact",
          of: "safe",
          at: { N: n, q },
          predicted: 2 * q > n,
          measured,
        });
      }
      leastSafe.push({ x: n, y: Math.min(...safe) });
      for (let f = 0; f < n; f++) {
        const live: number[] = [];
        for (const q of sizes) {
          const measured = await isLive({ seed, n, q }, f);
          if (measured) live.push(q);
          findings.push({
            kind: "exact",
            of: "live",
            at: { N: n, q, f },
            predicted: q <= n - f,
            measured,
          });
        }
        if (f === tolerated(n)) mostLive.push({ x: n, y: Math.max(...live) });
      }
    }
    return {
      findings,
      plot: {
        title: "Quorums of a lock: the least that is safe, the greatest that is live",
        x: { label: "replicas N" },
        y: { label: "quorum q" },
        series: [
          curve("predicted: least safe", SIZES, (n) => Math.floor(n / 2) + 1),
          scatter("measured: least safe", leastSafe),
          curve("predicted: greatest live, a minority down", SIZES, (n) => n - tolerated(n)),
          scatter("measured: greatest live, a minority down", mostLive),
        ],
      },
    };
  },
};

/** The largest minority. */
function tolerated(n: number): number {
  return Math.floor((n - 1) / 2);
}

interface Setting {
  seed: number;
  n: number;
  q: number;
}

/** Longer than a node tries to get the lock for a client. */
const TRY_US = 2_000_000;

class Trial {
  readonly lab: Lab;
  /** Clients that hold the lock. */
  readonly holders = new Set<string>();

  constructor({ seed, n, q }: Setting) {
    this.lab = new Lab({
      seed,
      nodes: n,
      options: { ...defaultsOf(system), leaseMs: 60_000 },
      // The system itself takes no quorum that is unsafe.
      create: (context) => new LockNode(context, new QuorumLock(context, q), { checkTokens: true }),
    });
  }

  /** A client asks the nth node for the lock. */
  acquire(client: string, ordinal: number): void {
    const { lab, holders } = this;
    const ask = lab.client(client, ({ type }) => {
      if (type === "acquire_ok") holders.add(client);
    });
    lab.at(lab.kernel.now + 1, () => ask(`n${ordinal}`, { type: "acquire", key: "k", msg_id: 1 }));
  }

  /** Cuts off the nodes from one ordinal to another from the rest. */
  cut(from: number, to: number): () => void {
    const { nodes } = this.lab.world;
    const inside = nodes.slice(from - 1, to);
    const outside = nodes.filter((node) => !inside.includes(node));
    return this.lab.inject({ kind: "partition", shape: "halves", groups: [inside, outside] });
  }

  run(): Promise<void> {
    return this.lab.run(this.lab.kernel.now + TRY_US);
  }
}

/** Whether no adversary brought it about that two clients held the lock. */
async function isSafe(setting: Setting): Promise<boolean> {
  const { n, q } = setting;
  for (let size = 1; size <= n; size++) {
    const halves = new Trial(setting);
    halves.cut(1, size);
    halves.acquire("c1", 1);
    halves.acquire("c2", n);
    await halves.run();
    if (halves.holders.size > 1) return false;
  }
  const moving = new Trial(setting);
  const heal = moving.cut(1, q);
  moving.acquire("c1", 1);
  await moving.run();
  heal();
  moving.cut(n - q + 1, n);
  moving.acquire("c2", n);
  await moving.run();
  return moving.holders.size < 2;
}

/** Whether a client gets the lock while the last f nodes are down. */
async function isLive(setting: Setting, f: number): Promise<boolean> {
  const trial = new Trial(setting);
  await trial.lab.run(1);
  for (const target of trial.lab.world.nodes.slice(setting.n - f)) {
    trial.lab.inject({ kind: "crash", target });
  }
  trial.acquire("c1", 1);
  await trial.run();
  return trial.holders.size === 1;
}
