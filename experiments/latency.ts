/** How long a message takes, T(x) = α + x/β, and the size from which on a second transport is quicker. */

import type { Experiment, Finding, PlotPoint } from "../src/experiment/experiment.js";
import { Lab } from "../src/experiment/lab.js";
import { seal } from "../src/sim/seal.js";

interface Transport {
  name: string;
  alphaNs: number;
  bytesPerNs: number;
}

const quick: Transport = { name: "2 µs, 1.6 GB/s", alphaNs: 2_000, bytesPerNs: 1.6 };
const broad: Transport = { name: "7 µs, 10 GB/s", alphaNs: 7_000, bytesPerNs: 10 };
const transports = [quick, broad];

const sizes = [64, 256, 1_024, 4_096, 8_192, 9_523, 9_524, 16_384, 65_536, 262_144];
/** What a message without content takes up. */
const EMPTY = seal({ type: "x", pad: "" }).size;

export const latency: Experiment = {
  name: "latency",
  summary:
    "one-way latency is a constant and a share of the size; a broader transport wins from some size on",
  formula: "T(x) = α + x/β;  x* = (α₂ − α₁) / (1/β₁ − 1/β₂)",
  quantities: [
    { symbol: "T", meaning: "from sending a message to its arrival", unit: "ns" },
    { symbol: "x", meaning: "size of the message", unit: "bytes" },
    { symbol: "α", meaning: "latency of an empty message", unit: "ns" },
    { symbol: "β", meaning: "bandwidth", unit: "bytes/ns = GB/s" },
    {
      symbol: "x*",
      meaning: "the size at which both transports take the same time",
      unit: "bytes",
    },
  ],
  derivation: [
    "The first bit is under way for α; the last one leaves x/β after the first: the message is there at α + x/β.",
    "Two transports take the same time where α₁ + x/β₁ = α₂ + x/β₂, so x* = (α₂ − α₁) / (1/β₁ − 1/β₂).",
    "With 2 µs, 1.6 GB/s and 7 µs, 10 GB/s: x* = 5,000 ns / (0.625 − 0.1) ns/byte = 9,523.8, so 9,524 bytes.",
  ],
  source: "Hockney 1994, The communication challenge for MPP: Intel Paragon and Meiko CS-2",
  assumes: "One tick of virtual time stands for a nanosecond; what begins a tick takes all of it.",
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    const measured = new Map<Transport, PlotPoint[]>(transports.map((one) => [one, []]));
    for (const transport of transports) {
      const { name, alphaNs, bytesPerNs } = transport;
      for (const x of sizes) {
        const y = await travel(transport, x, seed);
        const predicted = Math.ceil(alphaNs + x / bytesPerNs);
        findings.push({
          kind: "exact",
          of: "T in ns",
          at: { transport: name, x },
          predicted,
          measured: y,
        });
        measured.get(transport)?.push({ x, y });
      }
    }
    const crossover =
      (broad.alphaNs - quick.alphaNs) / (1 / quick.bytesPerNs - 1 / broad.bytesPerNs);
    findings.push({
      kind: "exact",
      of: "the least x at which the broader transport is no slower",
      at: {},
      predicted: Math.ceil(crossover),
      measured: await leastSize(
        async (x) => (await travel(broad, x, seed)) <= (await travel(quick, x, seed)),
      ),
    });
    return {
      findings,
      plot: {
        title: "One-way latency of two transports",
        x: { label: "size x, bytes", scale: "log" },
        y: { label: "latency T, ns", scale: "log" },
        series: transports.flatMap((one) => [
          {
            name: `predicted: ${one.name}`,
            kind: "predicted" as const,
            points: sizes.map((x) => ({ x, y: one.alphaNs + x / one.bytesPerNs })),
          },
          {
            name: `measured: ${one.name}`,
            kind: "measured" as const,
            points: measured.get(one) ?? [],
          },
        ]),
      },
    };
  },
};

/** Nanoseconds from sending a message of so many bytes to its arrival. */
async function travel(transport: Transport, bytes: number, seed: number): Promise<number> {
  let arrival = Number.NaN;
  const lab = new Lab({
    seed,
    nodes: 1,
    network: { delayUs: transport.alphaNs, bytesPerSecond: transport.bytesPerNs * 1_000_000 },
    create: () => ({
      onMessage: () => {
        arrival = lab.kernel.now;
      },
    }),
  });
  const sentAt = 1_000;
  const send = lab.client("c1", () => undefined);
  lab.at(sentAt, () => send("n1", { type: "x", pad: "-".repeat(bytes - EMPTY) }));
  await lab.run(10_000_000);
  return arrival - sentAt;
}

/** The least size for which it is so, where it is so for all that are larger. Bisection. */
async function leastSize(isSo: (bytes: number) => Promise<boolean>): Promise<number> {
  let [no, yes] = [EMPTY, 1_000_000];
  while (yes - no > 1) {
    const middle = (no + yes) >> 1;
    if (await isSo(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}
