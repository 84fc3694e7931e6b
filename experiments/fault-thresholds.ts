/**
 * How many replicas it takes to bear f faults: 2f + 1 where replicas stop, 3f + 1 where they lie.
 *
 * At each n two clusters are run, since quorums can be chosen in two ways. One has quorums as large as
 * agreement needs them, and f replicas fail: does it still decide? The other has quorums of n - f, which
 * f failures can never block: is it talked into deciding two things by the worst that can happen, two
 * halves that do not hear each other and, where replicas lie, f that tell each half another story?
 * Only where both go well can n replicas bear f faults.
 */

import type { Experiment, Finding } from "../src/experiment/experiment.js";
import { Lab } from "../src/experiment/lab.js";
import type { JsonObject, NodeContext } from "../src/hosts/ts/node.js";
import { apply } from "../src/sim/inject.js";
import type { Commit, PrePrepare, Prepare, Request, Signed } from "../systems/pbft/messages.js";
import { PbftNode } from "../systems/pbft/pbft.js";
import { digestOf, sign, signRequest } from "../systems/pbft/signatures.js";
import { raft } from "../systems/raft/index.js";

const SECOND_US = 1_000_000;
/** Long enough for elections and view changes; nothing new happens later. */
const UNTIL_US = 3 * SECOND_US;
const LINKS = { delayUs: 1_000, jitterUs: 500 };

const failures = ["crash", "Byzantine"] as const;
type Failure = (typeof failures)[number];

/** The least n that is said to do. */
const least = { crash: (f: number) => 2 * f + 1, Byzantine: (f: number) => 3 * f + 1 };

interface Cell {
  n: number;
  f: number;
  seed: number;
}

export const faultThresholds: Experiment = {
  name: "fault-thresholds",
  summary: "agreement bears f crashes with 2f + 1 replicas and no fewer, f liars with 3f + 1",
  formula: "q ≤ n − f;  n ≥ 2f + 1 where f replicas crash;  n ≥ 3f + 1 where f are Byzantine",
  quantities: [
    { symbol: "n", meaning: "replicas", unit: "1" },
    { symbol: "f", meaning: "replicas that may fail", unit: "1" },
    { symbol: "q", meaning: "quorum: replicas that must agree before one decides", unit: "1" },
  ],
  derivation: [
    "Nobody can wait for more than n − f replicas: f may have failed. So a quorum q is at most n − f.",
    "Two quorums share at least 2q − n: a crashed one says nothing twice, so 1 will do; of liars f may be shared, so f + 1 must be.",
    "2(n − f) − n ≥ 1 gives n ≥ 2f + 1; 2(n − f) − n ≥ f + 1 gives n ≥ 3f + 1.",
  ],
  source: "Pease, Shostak & Lamport 1980; Bracha & Toueg 1985; Castro & Liskov 1999",
  assumes:
    "For each f, n is the least that is said to do, one less, and one more. Raft stands for crashes, PBFT for liars; messages may be late, so that halves do not hear each other.",
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    const measured = new Map(
      failures.map((failure) => [failure, [] as { x: number; y: number }[]]),
    );
    for (const failure of failures) {
      for (const f of [1, 2]) {
        let enough = Number.POSITIVE_INFINITY;
        for (const n of [0, 1, 2].map((more) => least[failure](f) - 1 + more)) {
          const at = { failure, f, n };
          const cell = { n, f, seed };
          const predicted = n >= least[failure](f);
          const decides = await decidesWithout(failure, cell);
          const agrees = await agreesInHalves(failure, cell);
          findings.push(
            { kind: "exact", of: "decides though f have failed", at, predicted, measured: decides },
            { kind: "exact", of: "agrees with quorums of n − f", at, predicted, measured: agrees },
          );
          if (decides && agrees) enough = Math.min(enough, n);
        }
        measured.get(failure)?.push({ x: f, y: enough });
      }
    }
    return {
      findings,
      plot: {
        title: "The fewest replicas that bear f faults",
        x: { label: "faults f" },
        y: { label: "replicas n" },
        series: failures.flatMap((failure) => [
          {
            name: `predicted: ${failure}`,
            kind: "predicted" as const,
            points: [1, 2].map((f) => ({ x: f, y: least[failure](f) })),
          },
          {
            name: `measured: ${failure}`,
            kind: "measured" as const,
            points: measured.get(failure) ?? [],
          },
        ]),
      },
    };
  },
};

/** With quorums that cannot disagree: is anything decided while the first f replicas are gone? */
async function decidesWithout(failure: Failure, cell: Cell): Promise<boolean> {
  const { n, f } = cell;
  const lab = failure === "crash" ? raftLab(cell, []) : pbftLab(cell, ((n + f) >> 1) + 1);
  const kind = failure === "crash" ? "crash" : "mute";
  for (const [id, target] of namesOf(n).slice(0, f).entries()) {
    apply(lab.world, { id, kind, atUs: 0, untilUs: UNTIL_US, target });
  }
  const survivors = namesOf(n).slice(f);
  askAll(lab, survivors);
  await lab.run(UNTIL_US);
  return decisionsOf(lab, survivors).size > 0;
}

/** With quorums that f cannot block: do two halves that do not hear each other agree? */
async function agreesInHalves(failure: Failure, cell: Cell): Promise<boolean> {
  const { n, f } = cell;
  const names = namesOf(n);
  const liars = failure === "crash" ? [] : names.slice(0, f);
  const honest = names.slice(liars.length);
  const middle = (honest.length + 1) >> 1;
  const [one, other] = [honest.slice(0, middle), honest.slice(middle)];
  // Half of the servers is what is left when f of 2f have crashed; beyond that, so is a majority.
  const lab =
    failure === "crash"
      ? raftLab(cell, n === 2 * f ? ["half-is-majority"] : [])
      : pbftLab(cell, n - f);
  apply(lab.world, {
    id: 0,
    kind: "partition",
    shape: "halves",
    atUs: 0,
    untilUs: UNTIL_US,
    groups: [one, other],
  });
  for (const liar of liars) {
    lab.world
      .machine(liar)
      .speech.speak(1, ({ name }, body) => (other.includes(name) ? otherStory(liar, body) : body));
  }
  if (failure === "crash") askAll(lab, names);
  // Of a liar's two requests its primary orders the one; the other is told instead.
  else askAll(lab, [names[0] as string]);
  await lab.run(UNTIL_US);
  return [...decisionsOf(lab, honest).values()].every((values) => values.size === 1);
}

/** What the primary says that it was asked for, to those who are to believe another story. */
const OTHER_REQUEST = signRequest(
  { client: "c2", requestId: 1, operation: { type: "write", key: "x", value: 2 } },
  "n1",
);

/** The same statement about another request, signed by who makes it; nothing where it is of no use. */
function otherStory(liar: string, body: JsonObject): JsonObject | undefined {
  const digest = digestOf(OTHER_REQUEST);
  switch (body["type"]) {
    case "pre-prepare": {
      const statement = sign(liar, { ...(body["statement"] as Signed<PrePrepare>), digest });
      return { type: "pre-prepare", statement, request: OTHER_REQUEST as Request };
    }
    case "prepare": {
      const statement = sign(liar, { ...(body["statement"] as Signed<Prepare>), digest });
      return { type: "prepare", statement };
    }
    case "commit":
      return { ...(body as Commit), digest };
    default:
      return undefined;
  }
}

function pbftLab({ n, f, seed }: Cell, quorum: number): Lab {
  const thresholds = { quorum, witness: f + 1 };
  return new Lab({
    seed,
    nodes: n,
    network: LINKS,
    create: (context) => new PbftNode(context, thresholds),
  });
}

function raftLab({ n, seed }: Cell, bugs: readonly string[]): Lab {
  const options = Object.fromEntries(
    Object.entries(raft.options).map(([name, { default: usual }]) => [name, usual]),
  );
  return new Lab({
    seed,
    nodes: n,
    network: LINKS,
    options,
    create: (context: NodeContext) => raft.create({ ...context, bugs: new Set(bugs) }),
  });
}

function namesOf(n: number): string[] {
  return Array.from({ length: n }, (_, i) => `n${i + 1}`);
}

/** Each of these replicas is asked again and again, by a client of its own. */
function askAll(lab: Lab, replicas: readonly string[]): void {
  for (const replica of replicas) {
    const send = lab.client(`c-${replica}`, () => undefined);
    for (let i = 1; i * 400_000 < UNTIL_US; i++) {
      lab.at(i * 400_000, () =>
        send(replica, { type: "write", key: "x", value: `${replica} ${i}`, msg_id: i }),
      );
    }
  }
}

/** All that these replicas have decided, by the place in the log. */
function decisionsOf(lab: Lab, replicas: readonly string[]): Map<string, Set<string>> {
  const decisions = new Map<string, Set<string>>();
  for (const { node, f, value } of lab.observations) {
    if (f !== "decide" || !replicas.includes(node)) continue;
    const { slot, value: decided } = value as JsonObject;
    const place = String(slot);
    decisions.set(place, (decisions.get(place) ?? new Set()).add(String(decided)));
  }
  return decisions;
}
