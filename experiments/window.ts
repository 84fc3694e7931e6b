/** How much is done with M messages in flight: X = min(M/L, B/s), and why waiting together beats more hands. */

import type { At, Experiment, Finding, PlotPoint } from "../src/experiment/experiment.js";
import { Lab } from "../src/experiment/lab.js";
import type { Node, NodeContext } from "../src/hosts/ts/node.js";

interface Line {
  name: string;
  /** Of one message on an idle line, its own transmission included. */
  roundTripUs: number;
  /** s/B: how long one message keeps the sender's interface busy. */
  transmitUs: number;
  windows: readonly number[];
}

const far: Line = {
  name: "100 ms, 400/s",
  roundTripUs: 100_000,
  transmitUs: 2_500,
  windows: [1, 2, 4, 8, 16, 32, 39, 40, 41, 64, 128],
};
const near: Line = {
  name: "0.12 ms, 250,000/s",
  roundTripUs: 120,
  transmitUs: 4,
  windows: [1, 2, 4, 8, 12, 16, 29, 30, 31, 64],
};
const lines = [far, near];

/** Round trips before anything is counted, and while it is. */
const WARM_UP = 3;
const COUNTED = 40;

/** One request at a time, each of 20 ms: 50/s a server. */
const SERVICE_US = 20_000;
const SERVERS = 4;
/** Each request waits 100 ms for something else, and as many wait together as there are. */
const WAIT_US = 100_000;
const OVERLAPPED = 26;

export const window: Experiment = {
  name: "window",
  summary:
    "throughput is what is in flight over the round trip, until the line is full; waits overlap without more servers",
  formula: "X = min(M/L, B/s);  M* = L·B/s;  k servers one by one: k/S;  one that overlaps: M/L",
  quantities: [
    { symbol: "X", meaning: "throughput", unit: "1/s" },
    { symbol: "M", meaning: "messages in flight, the window", unit: "1" },
    { symbol: "L", meaning: "round trip of one message on an idle line", unit: "s" },
    { symbol: "B", meaning: "bandwidth of the sender's interface", unit: "bytes/s" },
    { symbol: "s", meaning: "size of a message", unit: "bytes" },
    { symbol: "M*", meaning: "the window that fills the line", unit: "1" },
    { symbol: "k", meaning: "servers", unit: "1" },
    { symbol: "S", meaning: "service time of a server that serves one at a time", unit: "s" },
  ],
  derivation: [
    "A place in the window is taken again when its answer is there: M messages go out in every round trip L, hence M/L (Little's law).",
    "No interface sends more than B/s messages a second, and the window that reaches this is M* = L·B/s, bandwidth times delay.",
    "k servers that serve one by one do k/S; one that lets M requests wait together does M/L: 4 at 20 ms do 200/s, 26 waits of 100 ms do 260/s.",
  ],
  source:
    "Little 1961, A proof for the queuing formula L = λW; Kleinrock 1979, power and deterministic rules of thumb",
  assumes: `Fixed delays, so that every count is exact. A line is named by its L and its B/s: B and s do nothing but through B/s. Links of the simulator slow a message down and do not queue: what queues is the sender's interface. ${lines.map(({ name, windows }) => `On the line of ${name}, M is ${windows.join(", ")}.`).join(" ")}`,
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    const measured = new Map<Line, PlotPoint[]>(lines.map((line) => [line, []]));
    for (const line of lines) {
      for (const M of line.windows) {
        const { done, perSecond } = await throughput(line, M, seed);
        const at = { line: line.name, M };
        findings.push(exact(`answers in ${COUNTED} round trips`, at, inFlight(line, M), done));
        measured.get(line)?.push({ x: M, y: perSecond });
      }
      const filling = line.roundTripUs / line.transmitUs;
      const counts = line.windows.filter((M) => M >= filling).map((M) => inFlight(line, M));
      findings.push(
        exact(
          "how many different counts of answers there are from M* on",
          { line: line.name },
          1,
          new Set(counts).size,
        ),
      );
    }
    for (const [of, predicted, line, M] of [
      ["writes/s one by one at 100 ms", 10, far, 1],
      ["writes/s with a window of 32 at 100 ms", 320, far, 32],
      ["messages/s with 12 in flight at 0.12 ms", 100_000, near, 12],
    ] as const) {
      findings.push(exact(of, { M }, predicted, (await throughput(line, M, seed)).perSecond));
    }
    const parallel = await served({ servers: SERVERS, overlaps: false, inFlight: 64 }, seed);
    const concurrent = await served({ servers: 1, overlaps: true, inFlight: OVERLAPPED }, seed);
    findings.push(
      exact("requests/s of servers that serve one by one", { k: SERVERS }, 200, parallel),
      exact("requests/s of one server that overlaps", { M: OVERLAPPED }, 260, concurrent),
    );
    return {
      findings,
      plot: {
        title: "Throughput by messages in flight",
        x: { label: "messages in flight M", scale: "log" },
        y: { label: "throughput X, 1/s", scale: "log" },
        series: lines.flatMap((line) => [
          {
            name: `predicted: ${line.name}`,
            kind: "predicted" as const,
            points: line.windows.map((M) => ({
              x: M,
              y: 1e6 * Math.min(M / line.roundTripUs, 1 / line.transmitUs),
            })),
          },
          {
            name: `measured: ${line.name}`,
            kind: "measured" as const,
            points: measured.get(line) ?? [],
          },
        ]),
      },
    };
  },
};

function exact(of: string, at: At, predicted: number, measured: number): Finding {
  return { kind: "exact", of, at, predicted, measured };
}

/** Answers in so many round trips: a window each, or as many as the interface can send. */
function inFlight({ roundTripUs, transmitUs }: Line, M: number): number {
  return COUNTED * Math.min(M, roundTripUs / transmitUs);
}

/** A sender keeps M messages under way over an interface that sends one after the other. */
async function throughput(
  { roundTripUs, transmitUs }: Line,
  M: number,
  seed: number,
): Promise<{ done: number; perSecond: number }> {
  const fromUs = WARM_UP * roundTripUs;
  const untilUs = fromUs + COUNTED * roundTripUs;
  let done = 0;
  let freeAtUs = 1;
  const lab = new Lab({
    seed,
    nodes: 1,
    network: { delayUs: (roundTripUs - transmitUs) / 2 },
    create: echo,
  });
  const send = lab.client("c1", () => {
    if (lab.kernel.now > fromUs && lab.kernel.now <= untilUs) done++;
    transmit();
  });
  const transmit = (): void => {
    freeAtUs = Math.max(freeAtUs, lab.kernel.now) + transmitUs;
    lab.at(freeAtUs, () => send("n1", { type: "x" }));
  };
  for (let i = 0; i < M; i++) transmit();
  await lab.run(untilUs);
  return { done, perSecond: (1e6 * done) / (untilUs - fromUs) };
}

interface Service {
  servers: number;
  overlaps: boolean;
  /** Requests that clients keep open, of all servers together. */
  inFlight: number;
}

/** Requests a second that servers answer whose clients ask again at once. */
async function served(
  { servers, overlaps, inFlight: open }: Service,
  seed: number,
): Promise<number> {
  const fromUs = 1_000_000;
  const untilUs = 5_000_000;
  let done = 0;
  const lab = new Lab({ seed, nodes: servers, create: overlaps ? overlapping : oneByOne });
  const send = lab.client("c1", (_, src) => {
    if (lab.kernel.now > fromUs && lab.kernel.now <= untilUs) done++;
    send(src, { type: "x" });
  });
  lab.at(1, () => {
    for (let i = 0; i < open; i++) send(`n${1 + (i % servers)}`, { type: "x" });
  });
  await lab.run(untilUs);
  return (1e6 * done) / (untilUs - fromUs);
}

function echo(context: NodeContext): Node {
  return { onMessage: (request) => context.reply(request, { type: "y" }) };
}

/** Who comes while somebody is served waits for his turn. */
function oneByOne(context: NodeContext): Node {
  let turn: Promise<void> = Promise.resolve();
  return {
    onMessage: (request) => {
      turn = turn
        .then(() => context.sleep(SERVICE_US / 1_000))
        .then(() => context.reply(request, { type: "y" }));
    },
  };
}

function overlapping(context: NodeContext): Node {
  return {
    onMessage: (request) => {
      context.after(WAIT_US / 1_000, () => context.reply(request, { type: "y" }));
    },
  };
}
