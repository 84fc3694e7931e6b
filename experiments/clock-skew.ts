/**
 * How far clocks drift apart between two synchronisations, 2 rho P, and that a lease needs a guard of
 * as much: measured on the clocks alone, to the microsecond, and on the leases of lease-election.
 */

import type { Experiment, Finding } from "../src/experiment/experiment.js";
import { defaultsOf, Lab } from "../src/experiment/lab.js";
import { curve, scatter } from "../src/experiment/series.js";
import type { JsonObject, Node, NodeContext } from "../src/hosts/ts/node.js";
import { Streams } from "../src/random/streams.js";
import { leaseElection } from "../systems/lease-election/index.js";

const MILLION = 1_000_000;

export const clockSkew: Experiment = {
  name: "clock-skew",
  summary:
    "clocks drift apart by 2ρP between synchronisations, and two lead where the guard is less",
  formula: "S = 2ρP;  two leaders ⇔ G < 2ρP;  P = L / (1 + ρ)",
  quantities: [
    { symbol: "S", meaning: "greatest difference of two clocks", unit: "µs" },
    {
      symbol: "ρ",
      meaning: "bound of the drift: a clock gains or loses so much of the time",
      unit: "1",
    },
    { symbol: "P", meaning: "true time from one synchronisation to the next", unit: "s" },
    {
      symbol: "G",
      meaning: "guard: how long before the end of its lease a leader stops",
      unit: "ms",
    },
    { symbol: "L", meaning: "length of a lease, each side counts it by its own clock", unit: "ms" },
  ],
  derivation: [
    "In P a fast clock shows (1 + ρ)P and a slow one (1 − ρ)P: they were equal and differ by 2ρP, and none differ by more.",
    "A lease synchronises two clocks: its grantor counts L on a fast one and is free after P = L / (1 + ρ).",
    "A slow leader then reads (1 − ρ)P = L − 2ρP; it leads until L − G, so both lead if L − 2ρP < L − G, that is G < 2ρP.",
  ],
  source: "Gray and Cheriton 1989, Leases; Cristian 1989, Probabilistic clock synchronization",
  assumes:
    "By the rule, G is nothing, half of 2ρP, 2ρP less 1 µs, 2ρP, 1 µs more, and twice 2ρP, for each ρ. Messages take no time. A successor of lease-election takes up to 15 ms to be elected, by a back-off and a disk: its grid has no point so close below the limit. The adversary tries each point of that grid four times.",
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    for (const rhoPpm of [10, 100, 1_000, 10_000]) {
      for (const periodS of [1, 10, 60]) {
        findings.push({
          kind: "exact",
          of: "S, µs",
          at: { ρ: rhoPpm / MILLION, P: periodS },
          predicted: 2 * rhoPpm * periodS,
          measured: await greatestSkew({ seed, rhoPpm, periodS }),
        });
      }
      for (const guardUs of guardsAround(2 * rhoPpm * RULE_PERIOD_S)) {
        findings.push({
          kind: "exact",
          of: "two leaders by the rule",
          at: { ρ: rhoPpm / MILLION, P: RULE_PERIOD_S, G: guardUs / 1_000 },
          predicted: guardUs < 2 * rhoPpm * RULE_PERIOD_S,
          measured: await twoByRule({ seed, rhoPpm, guardUs }),
        });
      }
    }
    const points = { two: [] as { x: number; y: number }[], one: [] as { x: number; y: number }[] };
    for (const rhoPpm of ELECTION.rhosPpm) {
      for (const guard of ELECTION.guardsMs) {
        const two = await canElectTwo(seed, rhoPpm, guard);
        findings.push({
          kind: "exact",
          of: "two leaders of lease-election",
          at: { ρ: rhoPpm / MILLION, L: ELECTION.leaseMs, G: guard },
          predicted: guard < limitMs(rhoPpm / MILLION),
          measured: two,
        });
        points[two ? "two" : "one"].push({ x: (100 * rhoPpm) / MILLION, y: guard });
      }
    }
    return {
      findings,
      plot: {
        title: `Leases of ${ELECTION.leaseMs / 1_000} s: the guard that clocks need`,
        x: { label: "drift bound ρ, percent" },
        y: { label: "guard G, ms" },
        series: [
          curve("predicted: G = 2ρP", [0.5, 1, 2, 3, 4, 5, 5.5], (percent) =>
            limitMs(percent / 100),
          ),
          scatter("measured: two leaders", points.two),
          scatter("measured: one leader", points.one),
        ],
      },
    };
  },
};

/** A clock that can be set. */
class SettableClock implements Node {
  #offsetUs = 0;

  constructor(readonly context: NodeContext) {}

  onMessage({ body }: { body: JsonObject }): JsonObject | undefined {
    const us = Math.round(this.context.clock.monotonicMs() * 1_000);
    if (body["type"] === "read") return { type: "read_ok", us: us + this.#offsetUs };
    this.#offsetUs = Number(body["us"]) - us;
    return undefined;
  }
}

/** The greatest difference of four clocks, two at the bounds and two within, over five periods. */
async function greatestSkew(at: {
  seed: number;
  rhoPpm: number;
  periodS: number;
}): Promise<number> {
  const lab = new Lab({ seed: at.seed, nodes: 4, create: (context) => new SettableClock(context) });
  const random = lab.random("rates");
  const within = (): number => random.between(-at.rhoPpm, at.rhoPpm);
  const readings = new Map<number, number[]>();
  const ask = lab.client("c1", (body) => {
    const round = Number(body["in_reply_to"]);
    readings.set(round, [...(readings.get(round) ?? []), Number(body["us"])]);
  });
  const rates = [at.rhoPpm, -at.rhoPpm, within(), within()];
  lab.at(0, () => {
    for (const [i, ppm] of rates.entries()) drift(lab, `n${i + 1}`, ppm);
  });
  for (let round = 1; round <= 6; round++) {
    const atUs = round * at.periodS * MILLION;
    lab.at(atUs, () => {
      for (const node of lab.world.nodes) {
        if (round > 1) ask(node, { type: "read", msg_id: round });
        ask(node, { type: "set", us: atUs });
      }
    });
  }
  await lab.run(7 * at.periodS * MILLION);
  const skews = [...readings.values()].map((all) => Math.max(...all) - Math.min(...all));
  return Math.max(...skews);
}

const RULE_PERIOD_S = 100;

/** Guards at the limit, as close to it as clocks can tell, and far from it. Microseconds. */
function guardsAround(limitUs: number): number[] {
  return [0, limitUs / 2, limitUs - 1, limitUs, limitUs + 1, 2 * limitUs];
}

/** A leader on a slow clock is asked whether it leads when its grantor's fast clock has the lease over. */
async function twoByRule(at: { seed: number; rhoPpm: number; guardUs: number }): Promise<boolean> {
  const leaseUs = RULE_PERIOD_S * (MILLION + at.rhoPpm);
  const lab = new Lab({
    seed: at.seed,
    nodes: 2,
    create: ({ clock, after, observe, send }) => {
      const nowUs = (): number => Math.round(clock.monotonicMs() * 1_000);
      let untilUs = 0;
      return {
        onMessage: ({ body }) => {
          if (body["type"] === "lead") untilUs = nowUs() + leaseUs - at.guardUs;
          else if (body["type"] === "grant")
            after(leaseUs / 1_000, () => send("n1", { type: "look" }));
          else observe("leads", nowUs() < untilUs);
        },
      };
    },
  });
  const tell = lab.client("c1", () => undefined);
  lab.at(0, () => {
    drift(lab, "n1", -at.rhoPpm);
    drift(lab, "n2", at.rhoPpm);
  });
  lab.at(MILLION, () => {
    tell("n1", { type: "lead" });
    tell("n2", { type: "grant" });
  });
  await lab.run(2 * RULE_PERIOD_S * MILLION);
  const [seen] = lab.observations;
  if (seen === undefined) throw new Error("the lease did not end");
  return seen.value === true;
}

const ELECTION = {
  leaseMs: 20_000,
  /** From the drift that lease-election promises to bear to five times as much. */
  rhosPpm: [10_000, 20_000, 30_000, 50_000],
  /** 0 is the bug without a guard; what is between 0 and the first one the system refuses. */
  guardsMs: [0, 410, 760, 820, 1_100, 1_200, 1_850, 1_950],
};

function limitMs(rho: number): number {
  return (2 * rho * ELECTION.leaseMs) / (1 + rho);
}

/** Two successors that ask at once keep each other from it: then the adversary has another try. */
const TRIES = 4;

async function canElectTwo(seed: number, rhoPpm: number, guardMs: number): Promise<boolean> {
  const streams = new Streams(seed);
  for (let i = 0; i < TRIES; i++) {
    if (await twoElected(streams.key("try", i) >>> 0, rhoPpm, guardMs)) return true;
  }
  return false;
}

/** Whether two nodes believe to lead, once a leader on a slow clock was cut off from fast ones. */
async function twoElected(seed: number, rhoPpm: number, guardMs: number): Promise<boolean> {
  const { leaseMs } = ELECTION;
  const lab = new Lab({
    seed,
    nodes: 3,
    create: (context) => leaseElection.create(context),
    bugs: guardMs === 0 ? ["no-guard"] : [],
    options: { ...defaultsOf(leaseElection), leaseMs, periodMs: leaseMs / 2, guardMs },
  });
  const { observations } = lab;
  await lab.run(MILLION);
  const first = observations[0]?.node;
  if (first === undefined) throw new Error("nobody was elected within a second");
  for (const node of lab.world.nodes) drift(lab, node, node === first ? -rhoPpm : rhoPpm);
  // The renewal after this one is cut off.
  for (const before = observations.length; observations.length === before; ) {
    await lab.run(lab.kernel.now + MILLION);
  }
  lab.inject({ kind: "partition", shape: "isolate", isolate: first, direction: "both" });
  await lab.run(lab.kernel.now + 3 * leaseMs * 1_000);
  const lastUs = observations.filter(({ node }) => node === first).at(-1)?.atUs ?? 0;
  const nextUs = observations.find(({ node }) => node !== first)?.atUs;
  if (nextUs === undefined) throw new Error("nobody else was elected");
  return nextUs < lastUs;
}

function drift(lab: Lab, target: string, ppm: number): void {
  lab.inject({ kind: "clock-rate", target, ppm });
}
