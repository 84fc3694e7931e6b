/**
 * What a store buffer makes visible: which outcomes of two small programs there are, one copy, buffers in
 * order and buffers out of order, and how often the one that no single copy has.
 */

import {
  judgeLitmus,
  type LitmusTest,
  parseLitmus,
  psoMachine,
  scMachine,
  tsoMachine,
} from "../checkers/index.js";
import { canonical, type Json, type JsonObject } from "../src/base/json.js";
import { execute, planRun } from "../src/controller/index.js";
import type { Experiment, Finding, PlotPoint } from "../src/experiment/experiment.js";
import { Lab } from "../src/experiment/lab.js";
import type { Message, Node, NodeContext } from "../src/hosts/ts/node.js";
import { systems } from "../systems/index.js";

const SB = `store SB
{ }
 P0      | P1      ;
 x := 1  | y := 1  ;
 r0 := y | r0 := x ;
exists (0:r0=0 /\\ 1:r0=0)
`;
const fencedSB = `store SB+fences
{ }
 P0      | P1      ;
 x := 1  | y := 1  ;
 fence   | fence   ;
 r0 := y | r0 := x ;
exists (0:r0=0 /\\ 1:r0=0)
`;
const MP = `store MP
{ }
 P0      | P1      ;
 x := 1  | r0 := y ;
 y := 1  | r1 := x ;
exists (1:r0=1 /\\ 1:r1=0)
`;
const fencedMP = `store MP+fence
{ }
 P0      | P1      ;
 x := 1  | r0 := y ;
 fence   | r1 := x ;
 y := 1  |         ;
exists (1:r0=1 /\\ 1:r1=0)
`;

/** A store of the catalogue, and the abstract machine that it stands for. */
const stores = {
  sc: { system: "sequential-store", bugs: [], machine: scMachine, claim: "sequential" },
  tso: { system: "tso-store", bugs: [], machine: tsoMachine, claim: "tso" },
  pso: { system: "tso-store", bugs: ["buffer-not-fifo"], machine: psoMachine, claim: "pso" },
} as const;

/** Which program on which store; whether its condition, the outcome in question, can be. */
const grid = [
  { text: SB, store: "sc", reachable: false },
  { text: SB, store: "tso", reachable: true },
  { text: fencedSB, store: "tso", reachable: false },
  { text: MP, store: "tso", reachable: false },
  { text: MP, store: "pso", reachable: true },
  { text: fencedMP, store: "pso", reachable: false },
] as const;

const RUNS = 3;
const OPERATIONS = 1_200;

/** How far apart the two threads begin at most, in units of the time that a store stays in its buffer. */
const SPREADS = [1.25, 2, 4] as const;
const DRAIN_US = 1_000;
const TRIALS = 2_500;

export const storeBuffering: Experiment = {
  name: "store-buffering",
  summary:
    "behind store buffers two threads miss each other's write, the oftener the closer they run; a fence ends it",
  formula: "(0, 0) in TSO, not in SC;  P(0, 0) = 1 − (1 − B/W)² for W ≥ B",
  quantities: [
    {
      symbol: "(0, 0)",
      meaning: "each thread reads what was there before the other wrote",
      unit: "1",
    },
    { symbol: "P(0, 0)", meaning: "share of the trials that end so", unit: "1" },
    { symbol: "B", meaning: `how long a store stays in its buffer: ${DRAIN_US / 1e6}`, unit: "s" },
    {
      symbol: "W",
      meaning: "each thread begins at a moment drawn from a window of that length",
      unit: "s",
    },
  ],
  derivation: [
    "On one copy the first of the two writes comes before both reads: whoever reads last reads 1. Behind a buffer a write shows after B only.",
    "A thread that writes at a moment u reads at u; the other, at v, writes what shows at v + B. Both miss iff u < v + B and v < u + B, that is |u − v| < B.",
    "Two moments drawn from W are closer than B with probability 1 − (1 − B/W)² if W ≥ B, and always if not: the square less two triangles. A fence makes the reads wait until B is over.",
  ],
  source:
    "Owens, Sarkar, Sewell 2009, A better x86 memory model: x86-TSO; Adve, Gharachorloo 1996, Shared memory consistency models",
  assumes:
    "An outcome is told as what is read in the end, by thread and register: for SB by r0 of either thread, for MP by r0 and r1 of the second. The stores are sc (one copy, SC), tso (buffers in order) and pso (buffers out of order). Their buffers linger at random, which reaches every outcome; the share is measured with a constant B, and reads that take no time.",
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    for (const { text, store, reachable } of grid) {
      const test = parseLitmus(text, "an experiment");
      const { machine } = stores[store];
      const judged = judgeLitmus(test, machine(test));
      const seen = await outcomesSeen(test, text, store, seed);
      const at = { program: test.name, store };
      findings.push(
        {
          kind: "exact",
          of: "outcomes",
          at,
          predicted: listed(judged.outcomes),
          measured: listed(seen.outcomes),
        },
        {
          kind: "exact",
          of: "the outcome in question is seen",
          at,
          predicted: reachable,
          measured: seen.condition,
        },
      );
    }
    const shares: PlotPoint[] = [];
    for (const spread of SPREADS) {
      const hits = await bothMissed(spread * DRAIN_US, seed);
      findings.push({
        kind: "share",
        of: "P(0, 0)",
        at: { "W/B": spread },
        predicted: share(spread),
        hits,
        trials: TRIALS,
      });
      shares.push({ x: spread, y: hits / TRIALS });
    }
    const curve = Array.from({ length: 31 }, (_, i) => 1 + i / 10);
    return {
      findings,
      plot: {
        title: "Store buffering: both threads miss the other's write",
        x: { label: "window W over the time B in the buffer" },
        y: { label: "share of (0, 0)" },
        series: [
          { name: "predicted", kind: "predicted", points: curve.map((x) => ({ x, y: share(x) })) },
          { name: "measured", kind: "measured", points: shares },
        ],
      },
    };
  },
};

function share(spread: number): number {
  return 1 - (1 - 1 / spread) ** 2;
}

/** Outcomes as one text, each once. */
function listed(outcomes: readonly Json[]): string {
  return [...new Set(outcomes.map(valuesOf))].sort().join(" ");
}

/** As (0, 1): what each register has, in the order of threads and registers. */
function valuesOf(outcome: Json): string {
  const registers = Object.entries(outcome as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1));
  return `(${registers.map(([, value]) => canonical(value)).join(", ")})`;
}

/** What hundreds of instances on the simulated store came to. */
async function outcomesSeen(
  { name }: LitmusTest,
  text: string,
  store: keyof typeof stores,
  seed: number,
): Promise<{ outcomes: Json[]; condition: boolean }> {
  const { system: systemName, bugs, claim } = stores[store];
  const system = systems.get(systemName);
  if (system === undefined) throw new Error(`no system ${systemName} for ${name}`);
  const outcomes: Json[] = [];
  let condition = false;
  for (let run = 0; run < RUNS; run++) {
    const plan = planRun({
      system,
      seed: seed * RUNS + run,
      workload: "litmus",
      nemesis: ["none"],
      operations: OPERATIONS,
      clients: 4,
      bugs: [...bugs],
      options: { test: text, claim },
    });
    const { results } = await execute(plan, { system });
    const seen = (results["litmus"]?.notes?.["outcomes"] ?? []) as Seen[];
    for (const one of seen) {
      outcomes.push(one.outcome);
      condition ||= one.condition;
    }
  }
  return { outcomes, condition };
}

type Seen = { outcome: Json; condition: boolean };

/** In how many trials both read 0, each thread beginning at a moment of its own within the window. */
async function bothMissed(windowUs: number, seed: number): Promise<number> {
  const reads = new Map<number, number>();
  const memory = new Set<string>();
  const trialUs = windowUs + 4 * DRAIN_US;
  const lab = new Lab({ seed, nodes: 2, create: (context) => new Thread(context, memory, reads) });
  const random = lab.random("store-buffering", windowUs);
  const send = lab.client("c1", () => undefined);
  for (let trial = 0; trial < TRIALS; trial++) {
    for (const thread of ["n1", "n2"]) {
      const atUs = trial * trialUs + random.int(windowUs);
      lab.at(atUs, () => send(thread, { type: "run", trial }));
    }
  }
  await lab.run(TRIALS * trialUs);
  return [...reads.values()].filter((missed) => missed === 2).length;
}

/** Stores behind a buffer, and reads at once what the memory has of the other. */
class Thread implements Node {
  constructor(
    private readonly context: NodeContext,
    private readonly memory: Set<string>,
    private readonly missed: Map<number, number>,
  ) {}

  onMessage({ body }: Message): void {
    const { after, id, peers } = this.context;
    const trial = Number(body["trial"]);
    after(DRAIN_US / 1_000, () => void this.memory.add(`${id}/${trial}`));
    if (this.memory.has(`${peers[0]}/${trial}`)) return;
    this.missed.set(trial, (this.missed.get(trial) ?? 0) + 1);
  }
}
