/**
 * How many reads must do with one replica while another of three is cut off now and then, and how
 * many of these return something old.
 */

import type { Experiment, Finding, PlotPoint } from "../src/experiment/experiment.js";
import { Lab } from "../src/experiment/lab.js";
import { curve, scatter, sharePoint } from "../src/experiment/series.js";
import type { JsonObject, Message, Node, NodeContext } from "../src/hosts/ts/node.js";
import { exponentialOf } from "../src/random/exponential.js";

const REPLICAS = 3;
/** Mean length of a partition. */
const PARTITION_US = 1_000_000;
/** How long a read waits for a second replica; links take no time, and no partition ends meanwhile. */
const PATIENCE_MS = 0.001;
/** Between two moments, in partitions: so that one tells hardly anything of the next, by e⁻⁵. */
const SPACING = 5;

/**
 * What is measured: π·t and w·t in hundredths (w = 0: no writes), at so many moments; early: the key is
 * overwritten once, as soon as a partition has begun.
 */
const SETTINGS: readonly Setting[] = [
  { pit: 10, wt: 0, moments: 3_000, early: true },
  { pit: 2, wt: 0, moments: 3_000 },
  { pit: 5, wt: 0, moments: 3_000 },
  { pit: 10, wt: 0, moments: 3_000 },
  { pit: 30, wt: 100, moments: 1_500 },
  { pit: 100, wt: 0, moments: 2_000 },
  { pit: 300, wt: 0, moments: 3_500 },
  { pit: 100, wt: 25, moments: 1_500 },
  { pit: 100, wt: 100, moments: 1_500 },
  { pit: 100, wt: 400, moments: 1_500 },
];
/** Up to here π·t is small: the limit is right within 10 %. */
const SMALL = 0.1;

export const degradedReads: Experiment = {
  name: "degraded-reads",
  summary:
    "with one of three replicas cut off now and then, πt/3 of the reads are degraded, and fewer are stale",
  formula: "D = πt / (3(1 + πt)) → πt/3;  S = D · wt / (1 + wt)",
  quantities: [
    {
      symbol: "D",
      meaning: "share of reads that reach one replica only and are marked as degraded",
      unit: "1",
    },
    {
      symbol: "S",
      meaning: "share of reads that return a value overwritten before they began",
      unit: "1",
    },
    { symbol: "π", meaning: "rate at which partitions begin while there is none", unit: "1/s" },
    { symbol: "t", meaning: "mean length of a partition, exponentially distributed", unit: "s" },
    {
      symbol: "w",
      meaning: "rate at which the key is overwritten, at the two replicas together",
      unit: "1/s",
    },
  ],
  derivation: [
    "There is none for 1/π, then one for t, and so on: a partition lasts for t / (1/π + t) = πt / (1 + πt) of the time. A read meets the replica cut off in one of 3 cases.",
    "Such a read is stale if the key was overwritten since the partition began, A ago: A is exponential with mean t, too, as an exponential time forgets its age.",
    "P(stale | degraded) = 1 − E[e^(−wA)] = 1 − 1/(1 + wt) = wt / (1 + wt): all of them, πt/3 of the reads, only if the key is overwritten early (wt ≫ 1).",
  ],
  source:
    "Cox 1962, Renewal theory (alternating processes); Gilbert and Lynch 2002, Brewer's conjecture; Bailis et al. 2012, Probabilistically bounded staleness",
  assumes: `One partition at a time, of a replica drawn at random; reads go to any replica with equal probability: one is read from each at a time, at moments ${SPACING}t apart, so that 3D and 3S are shares of moments. Writes go to a replica that has a majority; one that is back is brought up to date at once. t = ${PARTITION_US / 1e6} s. Where wt is "early", the key is overwritten once in each partition, as soon as it has begun; where it is 0, never.`,
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    const degraded: PlotPoint[] = [];
    const stale = new Map<number, PlotPoint[]>();
    for (const setting of SETTINGS) {
      const [pit, wt, trials] = [setting.pit / 100, setting.wt / 100, setting.moments];
      const counted = await count(seed, setting);
      const early = setting.early === true;
      const at = { πt: pit, wt: early ? "early" : wt };
      const cut = pit / (1 + pit);
      const found = { kind: "share", at, hits: counted.degraded, trials } as const;
      findings.push({ ...found, of: "3D", predicted: cut });
      if (pit <= SMALL) {
        findings.push({
          ...found,
          of: "3D, between πt(1 − πt) and πt",
          predicted: [(1 - pit) * pit, pit],
        });
      }
      findings.push(
        {
          kind: "exact",
          of: "reads degraded at once",
          at,
          predicted: 1,
          measured: counted.atOnce,
        },
        {
          kind: "exact",
          of: "stale reads without mark",
          at,
          predicted: 0,
          measured: counted.unmarked,
        },
      );
      if (wt === 0) {
        // The two ends: every degraded read is stale, or none.
        findings.push({
          kind: "exact",
          of: "degraded reads that were stale",
          at,
          predicted: early ? counted.degraded : 0,
          measured: counted.stale,
        });
      }
      if (early) {
        findings.push(
          { kind: "share", of: "3S", at, predicted: cut, hits: counted.stale, trials },
          {
            kind: "share",
            of: "3S, between πt(1 − πt) and πt",
            at,
            predicted: [(1 - pit) * pit, pit],
            hits: counted.stale,
            trials,
          },
        );
      } else if (wt === 0) {
        degraded.push(thirdOf(sharePoint(pit, counted.degraded, trials)));
      } else {
        const lost = wt / (1 + wt);
        const { degraded: all, stale: hits } = counted;
        findings.push(
          { kind: "share", of: "3S", at, predicted: cut * lost, hits, trials },
          { kind: "share", of: "S/D", at, predicted: lost, hits, trials: all },
        );
        const point = thirdOf(sharePoint(pit, hits, trials));
        stale.set(wt, [...(stale.get(wt) ?? []), point]);
      }
    }
    const axis = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4];
    return {
      findings,
      plot: {
        title: "One of three replicas cut off now and then",
        x: { label: "πt, partitions begun in the mean length of one", scale: "log" },
        y: { label: "share of reads", scale: "log" },
        series: [
          curve("predicted: πt/3", axis, (pit) => pit / 3),
          curve("predicted: degraded", axis, (pit) => pit / (3 * (1 + pit))),
          scatter("measured: degraded", degraded),
          ...[...stale].flatMap(([wt, points]) => [
            curve(
              `predicted: stale, wt = ${wt}`,
              axis,
              (pit) => (pit / (3 * (1 + pit))) * (wt / (1 + wt)),
            ),
            scatter(`measured: stale, wt = ${wt}`, points),
          ]),
        ],
      },
    };
  },
};

/** Of three reads at one moment, one is degraded at most. */
function thirdOf({ x, y, interval: [low, high] = [y, y] }: PlotPoint): PlotPoint {
  return { x, y: y / 3, interval: [low / 3, high / 3] };
}

interface Setting {
  pit: number;
  wt: number;
  moments: number;
  early?: boolean;
}

/** Reads at all replicas at even times, while partitions come and go and writes arrive at random. */
async function count(seed: number, { pit, wt, moments, early = false }: Setting) {
  const counted = { degraded: 0, stale: 0, unmarked: 0, atOnce: 0 };
  const lab = new Lab({ seed, nodes: REPLICAS, create: (context) => new Replica(context) });
  const { kernel, world } = lab;
  const partitions = lab.random(early ? "overwritten partitions" : "partitions", pit, wt);
  const clients = lab.random("clients", pit, wt);
  let apart: string | undefined;
  let written = 0;
  let writtenUs = -1;
  /** The reads of a moment: what had been written when they began. */
  let last = { written, degraded: 0 };
  const tell = lab.client("c1", ({ version, degraded }) => {
    if (degraded === true) {
      counted.degraded++;
      counted.atOnce = Math.max(counted.atOnce, ++last.degraded);
    }
    if (Number(version) >= last.written) return;
    if (degraded === true) counted.stale++;
    else counted.unmarked++;
  });
  const begin = (): void => {
    const node = partitions.pick(world.nodes);
    apart = node;
    const heal = lab.inject({ kind: "partition", shape: "one", isolate: node, direction: "both" });
    if (early) overwrite();
    lab.at(kernel.now + exponentialOf(partitions, PARTITION_US), () => {
      heal();
      apart = undefined;
      tell(node, { type: "back" });
      wait();
    });
  };
  const wait = (): void => {
    lab.at(kernel.now + exponentialOf(partitions, (100 * PARTITION_US) / pit), begin);
  };
  const overwrite = (): void => {
    const connected = world.nodes.filter((node) => node !== apart);
    tell(clients.pick(connected), { type: "write", version: ++written });
    writtenUs = kernel.now;
  };
  const write = (): void => {
    overwrite();
    lab.at(kernel.now + exponentialOf(clients, (100 * PARTITION_US) / wt), write);
  };
  // At 0 nodes boot, in any order: what comes first is lost.
  lab.at(1, () => {
    // As it would be met at any time: so the first read is like all others.
    if (partitions.chance(pit, 100 + pit)) begin();
    else wait();
    if (wt > 0) write();
  });
  for (let moment = 1; moment <= moments; moment++) {
    lab.at(moment * SPACING * PARTITION_US, () => {
      // What is written in the same microsecond was not there before the reads.
      last = { written: writtenUs === kernel.now ? written - 1 : written, degraded: 0 };
      for (const node of world.nodes) tell(node, { type: "read", msg_id: moment });
    });
  }
  await lab.run((moments + 1) * SPACING * PARTITION_US);
  return counted;
}

/** Holds one key. A read takes the newer of two versions, its own and the first that another has. */
class Replica implements Node {
  readonly #context: NodeContext;
  #version = 0;
  /** Reads that wait for a second replica, by number: what ends them. */
  readonly #waiting = new Map<number, (degraded: boolean) => void>();

  constructor(context: NodeContext) {
    this.#context = context;
  }

  onMessage(message: Message): void {
    const { body, src } = message;
    const { peers, send } = this.#context;
    switch (body["type"]) {
      case "read":
        this.#read(message);
        return;
      case "ask":
        send(src, { type: "have", version: this.#version, read: Number(body["read"]) });
        return;
      case "back":
        for (const peer of peers) send(peer, { type: "ask", read: 0 });
        return;
      default: {
        const { type, version, read } = body as JsonObject & { version: number };
        this.#version = Math.max(this.#version, version);
        if (type === "write") for (const peer of peers) send(peer, { type: "store", version });
        if (type === "have") this.#waiting.get(Number(read))?.(false);
      }
    }
  }

  #read(request: Message): void {
    const { after, peers, reply, send } = this.#context;
    const read = Number(request.body["msg_id"]);
    const limit = after(PATIENCE_MS, () => this.#waiting.get(read)?.(true));
    this.#waiting.set(read, (degraded) => {
      this.#waiting.delete(read);
      limit.cancel();
      reply(request, { type: "read_ok", version: this.#version, degraded });
    });
    for (const peer of peers) send(peer, { type: "ask", read });
  }
}
