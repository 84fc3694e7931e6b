/** Nemeses that disturb links: most lay stretches of bad weather over all or some of them. */

import type { FaultDraft, FaultKind } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import { COMMON, countOf, type Nemesis, SOMETIMES, stretch, type Topology } from "./nemesis.js";

type LinkKind = "delay" | "loss" | "duplicate" | "reorder" | "bandwidth" | "corrupt";
type LinkDraft = Extract<FaultDraft, { kind: LinkKind }>;
type Weather = LinkDraft extends infer D
  ? D extends LinkDraft
    ? Omit<D, "atUs" | "untilUs">
    : never
  : never;

const SECOND_US = 1_000_000;

export const reorder = weather({
  name: "reorder",
  summary: "lets messages overtake each other by up to some hundred milliseconds",
  kinds: ["reorder"],
  swarmOdds: COMMON,
  draw: (random) => ({
    kind: "reorder",
    ppm: random.pick([50_000, 200_000, 500_000]),
    byUs: random.magnitude(2_000, 300_000),
    clients: random.chance(1, 4),
  }),
});

export const duplicate = weather({
  name: "duplicate",
  summary: "delivers messages twice, the copy later",
  kinds: ["duplicate"],
  swarmOdds: COMMON,
  draw: (random) => ({
    kind: "duplicate",
    ppm: random.pick([20_000, 100_000, 200_000]),
    clients: random.chance(1, 2),
  }),
});

export const lossy = weather({
  name: "lossy",
  summary: "loses messages, up to a third of them",
  kinds: ["loss"],
  swarmOdds: COMMON,
  draw: (random) => ({
    kind: "loss",
    ppm: random.pick([10_000, 100_000, 300_000]),
    clients: random.chance(1, 4),
  }),
});

export const slowNetwork = weather({
  name: "slow-network",
  summary: "slows links down: latency, jitter or bandwidth",
  kinds: ["delay", "bandwidth"],
  swarmOdds: COMMON,
  draw: (random) =>
    random.chance(3, 4)
      ? {
          kind: "delay",
          delayUs: random.magnitude(1_000, 200_000),
          jitterUs: random.magnitude(1_000, 200_000),
          clients: random.chance(1, 4),
        }
      : { kind: "bandwidth", bytesPerSecond: random.magnitude(2_000, 200_000) },
});

export const corruption = weather({
  name: "corruption",
  summary: "alters something in messages between nodes, in up to a tenth of them",
  kinds: ["corrupt"],
  swarmOdds: COMMON,
  draw: (random) => ({ kind: "corrupt", ppm: random.pick([1_000, 10_000, 100_000]) }),
});

export const resets: Nemesis = {
  name: "resets",
  summary: "breaks connections: what is under way on them is lost",
  kinds: ["reset"],
  swarmOdds: SOMETIMES,
  faults: (random, topology) =>
    Array.from({ length: countOf(random, topology, SECOND_US) }, () => {
      const atUs = random.int(topology.timeLimitUs);
      const clients = random.chance(1, 4);
      return { atUs, untilUs: atUs, kind: "reset", clients, ...where(random, topology) };
    }),
};

interface WeatherOptions {
  name: string;
  summary: string;
  kinds: readonly FaultKind[];
  swarmOdds?: readonly [of: number, outOf: number];
  draw(random: Random): Weather;
}

function weather(options: WeatherOptions): Nemesis {
  return {
    name: options.name,
    summary: options.summary,
    kinds: options.kinds,
    ...(options.swarmOdds === undefined ? {} : { swarmOdds: options.swarmOdds }),
    faults: (random, topology) =>
      Array.from({ length: countOf(random, topology, 4 * SECOND_US) }, () => ({
        ...stretch(random, topology, SECOND_US / 4, 6 * SECOND_US),
        ...options.draw(random),
        ...where(random, topology),
      })),
  };
}

/** All links, or those into or out of one node. */
function where(random: Random, topology: Topology): { from?: string[]; to?: string[] } {
  switch (random.int(4)) {
    case 0:
      return { from: [random.pick(topology.nodes)] };
    case 1:
      return { to: [random.pick(topology.nodes)] };
    default:
      return {};
  }
}
