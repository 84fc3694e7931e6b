/**
 * What a failed cache server costs where keys are placed on a ring, and where they are placed by
 * hash mod N; and how even the ring is with several points for each server. By the placements of `sharding`.
 */

import type { Experiment, Finding, PlotPoint, Series } from "../src/experiment/experiment.js";
import { Lab } from "../src/experiment/lab.js";
import { curve, meanPoint, scatter } from "../src/experiment/series.js";
import type { JsonObject, Message, Node } from "../src/hosts/ts/node.js";
import { byModulo, positionOf, Ring } from "../systems/sharding/placement.js";

const SERVERS = [2, 4, 8, 16];
/** Hash functions that each hit rate is the mean of. */
const TRIALS = 80;
const KEYS = 100;
const CACHED = 80;
const HIT_RATE = CACHED / KEYS;
const RING_POINTS = 64;
/** A hash has 32 bits. */
const POSITIONS = 2 ** 32;

/** How even rings are: this many servers, with so many points each, over so many rings. */
const BALANCE = { servers: 10, points: [8, 16, 32, 64, 128, 256], rings: 300, batch: 20 };

export const consistentHashing: Experiment = {
  name: "consistent-hashing",
  summary: "where a server fails, a ring loses its keys and no others, and hash mod N nearly all",
  formula:
    "ring: h′ = h(N − 1)/N, u = 1/N;  mod: h′ = h/N, u = 1 − 1/N;  σ² = (N − 1)/(NV + 1), so σ ~ 1/√V",
  quantities: [
    { symbol: "N", meaning: "servers before one of them fails", unit: "1" },
    {
      symbol: "h",
      meaning: "hit rate before: share of the keys asked for that are cached",
      unit: "1",
    },
    {
      symbol: "h′",
      meaning: "hit rate at first after it, before anything is cached anew",
      unit: "1",
    },
    { symbol: "u", meaning: "share of the keys that have another server afterwards", unit: "1" },
    {
      symbol: "V",
      meaning: "points of each server on the ring (tokens, virtual nodes)",
      unit: "1",
    },
    {
      symbol: "σ",
      meaning: "deviation of a server's share of the ring, relative to its mean",
      unit: "1",
    },
  ],
  derivation: [
    "Ring: a key goes to the next point clockwise. Without one server's points its keys move, 1/N on average, and no others.",
    "Mod: N and N − 1 have no common factor, so a key's two remainders are independent: N − 1 of N(N − 1) pairs name the same server.",
    "NV random points cut the ring into gaps; V of them together are Beta(V, NV − V) of it: mean 1/N, relative variance σ² as above.",
  ],
  source: "Karger et al. 1997, Consistent hashing and random trees; DeCandia et al. 2007, Dynamo",
  assumes: `Each mean is over hash functions of their own; hit rates are those of ${RING_POINTS} points a server, every key asked for once; h = ${HIT_RATE}.`,
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    const series: Series[] = [];
    for (const placement of placements) {
      const { name, stays } = placement;
      const points: PlotPoint[] = [];
      for (const n of SERVERS) {
        const failures: Failure[] = [];
        for (let i = 0; i < TRIALS; i++) failures.push(await failOne(seed, n, i, placement));
        const at = { placement: name, N: n };
        const rates = failures.map(({ hits }) => hits / KEYS);
        const moved = failures.map((one) => one.moved / KEYS);
        points.push(meanPoint(n, rates));
        findings.push(
          { kind: "mean", of: "h′", at, predicted: HIT_RATE * stays(n), samples: rates },
          { kind: "mean", of: "u", at, predicted: 1 - stays(n), samples: moved },
        );
        if (name === "mod") continue;
        findings.push({
          kind: "exact",
          of: "keys that moved, though their server did not fail",
          at,
          predicted: 0,
          measured: failures.reduce((sum, { needless }) => sum + needless, 0),
        });
      }
      series.push(
        curve(`predicted: ${name}`, SERVERS, (n) => HIT_RATE * stays(n)),
        scatter(`measured: ${name}`, points),
      );
    }
    return {
      findings: [...findings, ...balance(seed)],
      plot: {
        title: `Hit rate after one of N cache servers failed (${HIT_RATE} before)`,
        x: { label: "servers N", scale: "log" },
        y: { label: "hit rate h′" },
        series,
      },
    };
  },
};

/** Which of the servers that live has a key. */
type Place = (key: string) => string;

interface Placement {
  name: "ring" | "mod";
  /** The share of keys that have the same server after a failure. */
  stays(n: number): number;
  /** By a hash function of its own for each salt. */
  over(servers: readonly string[], salt: string): Place;
}

const placements: readonly Placement[] = [
  {
    name: "ring",
    stays: (n) => (n - 1) / n,
    over: (servers, salt) => {
      const ring = ringOf(servers, RING_POINTS, salt);
      return (key) => withoutSalt(ring.ownerOf(positionOf(`${salt}/${key}`, POSITIONS)), salt);
    },
  },
  {
    name: "mod",
    stays: (n) => 1 / n,
    over: (servers, salt) => (key) => byModulo(positionOf(`${salt}/${key}`, POSITIONS), servers),
  },
];

function ringOf(servers: readonly string[], tokensPerNode: number, salt: string): Ring {
  const nodes = servers.map((server) => `${salt}/${server}`);
  return new Ring(nodes, { tokensPerNode, positions: POSITIONS });
}

function withoutSalt(node: string, salt: string): string {
  return node.slice(salt.length + 1);
}

function namesOf(servers: number): string[] {
  return Array.from({ length: servers }, (_, i) => `n${i + 1}`);
}

interface Failure {
  hits: number;
  moved: number;
  needless: number;
}

/** Fills the caches, crashes one, and asks the others for every key. */
async function failOne(
  seed: number,
  n: number,
  trial: number,
  { name, over }: Placement,
): Promise<Failure> {
  const lab = new Lab({ seed, nodes: n, create: () => new Cache() });
  const random = lab.random("failure", n, trial);
  const salt = `${name}/${random.word()}/${random.word()}`;
  const servers = lab.world.nodes;
  const failed = random.pick(servers);
  const before = over(servers, salt);
  const after = over(
    servers.filter((server) => server !== failed),
    salt,
  );
  const keys = Array.from({ length: KEYS }, (_, i) => `k${i}`);
  let hits = 0;
  const ask = lab.client("c1", ({ hit }) => {
    if (hit === true) hits++;
  });
  lab.at(1_000, () => {
    for (const key of keys.slice(0, CACHED)) ask(before(key), { type: "get", key });
  });
  lab.at(2_000, () => lab.inject({ kind: "crash", target: failed }));
  lab.at(3_000, () => {
    for (const key of keys) ask(after(key), { type: "get", key, msg_id: 1 });
  });
  await lab.run(4_000);
  const moved = keys.filter((key) => before(key) !== after(key));
  const needless = moved.filter((key) => before(key) !== failed);
  return { hits, moved: moved.length, needless: needless.length };
}

/** Answers whether it had the key; from then on it has. */
class Cache implements Node {
  readonly #keys = new Set<string>();

  onMessage({ body }: Message): JsonObject | undefined {
    const key = String(body["key"]);
    const hit = this.#keys.has(key);
    this.#keys.add(key);
    return body["msg_id"] === undefined ? undefined : { type: "get_ok", hit };
  }
}

/** The variance of shares against the form, and the exponent with which the deviation falls. */
function balance(seed: number): Finding[] {
  const { servers, points, rings, batch } = BALANCE;
  const findings: Finding[] = [];
  const line: [x: number, y: number][] = [];
  for (const count of points) {
    const variances = Array.from({ length: rings }, (_, i) =>
      relativeVariance(servers, count, `balance/${seed}/${count}/${i}`),
    );
    const predicted = (servers - 1) / (servers * count + 1);
    const at = { N: servers, V: count };
    findings.push({ kind: "mean", of: "σ²", at, predicted, samples: variances });
    for (let i = 0; i < rings; i += batch) {
      const sum = variances.slice(i, i + batch).reduce((all, one) => all + one, 0);
      line.push([Math.log2(count), Math.log2(sum / batch) / 2]);
    }
  }
  const at = { N: servers, V: `${points[0]} … ${points.at(-1)}` };
  return [
    ...findings,
    { kind: "slope", of: "exponent of σ by V", at, predicted: -1 / 2, points: line },
  ];
}

/** Of the servers' shares of one ring, which have a mean of 1/N. */
function relativeVariance(servers: number, points: number, salt: string): number {
  const shares = ringOf(namesOf(servers), points, salt).shares();
  const mean = POSITIONS / servers;
  return [...shares.values()].reduce((sum, share) => sum + (share / mean - 1) ** 2, 0) / servers;
}
