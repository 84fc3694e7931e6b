/**
 * The fallacies of distributed computing (Deutsch 1994; the eighth is Gosling's, 1997): what everybody
 * assumes of a network at first, and what does not hold. Each nemesis is the truth about one of them,
 * for a whole run, and mild enough that a sound system still gets its work done.
 *
 * `fallacies` stands for all that the system bears.
 */

import { type FaultDraft, type FaultKind, lyingKinds } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import { countOf, type Nemesis, spaced, stretch, type Topology } from "./nemesis.js";

const MS_US = 1_000;
const SECOND_US = 1_000_000;

interface Truth {
  /** As in `fallacy-NAME`. */
  name: string;
  fallacy: string;
  truth: string;
  kinds: readonly FaultKind[];
  some?: readonly FaultKind[];
  faults(random: Random, topology: Topology): FaultDraft[];
}

const always = ({ timeLimitUs }: Topology) => ({ atUs: 0, untilUs: timeLimitUs });

const reliable: Truth = {
  name: "reliable",
  fallacy: "the network is reliable",
  truth: "messages are lost all the time, and connections break",
  kinds: ["loss", "reset"],
  faults: (random, topology) => [
    { kind: "loss", ...always(topology), ppm: random.pick([10_000, 50_000, 100_000]) },
    ...Array.from({ length: countOf(random, topology, SECOND_US) }, (): FaultDraft => {
      const atUs = random.int(topology.timeLimitUs);
      return { kind: "reset", atUs, untilUs: atUs, from: [random.pick(topology.nodes)] };
    }),
  ],
};

const latency: Truth = {
  name: "latency",
  fallacy: "latency is zero",
  truth: "every message takes some tens of milliseconds, clients' too",
  kinds: ["delay"],
  faults: (random, topology) => {
    const delayUs = random.magnitude(5 * MS_US, 60 * MS_US);
    const jitterUs = random.magnitude(MS_US, 30 * MS_US);
    return [{ kind: "delay", ...always(topology), delayUs, jitterUs, clients: true }];
  },
};

const bandwidth: Truth = {
  name: "bandwidth",
  fallacy: "bandwidth is infinite",
  truth: "every link carries so much a second and no more",
  kinds: ["bandwidth"],
  faults: (random, topology) => [
    { kind: "bandwidth", ...always(topology), bytesPerSecond: random.magnitude(8_000, 200_000) },
  ],
};

const secure: Truth = {
  name: "secure",
  fallacy: "the network is secure",
  truth: "somebody tampers with messages, or speaks in the name of a node",
  kinds: ["corrupt", ...lyingKinds],
  some: ["corrupt", ...lyingKinds],
  faults: (random, topology) => {
    const { nodes, supported } = topology;
    const traitor = random.pick(nodes);
    return Array.from({ length: countOf(random, topology, 3 * SECOND_US) }, () => {
      const when = stretch(random, topology, SECOND_US / 2, 6 * SECOND_US);
      const ppm = random.pick([10_000, 50_000, 200_000]);
      const victim = random.pick(nodes);
      const drafts: FaultDraft[] = [
        { kind: "corrupt", ...when, from: [victim], ppm },
        { kind: "equivocate", ...when, target: traitor, ppm },
        { kind: "lie", ...when, target: traitor, ppm },
      ];
      return random.pick(drafts.filter(({ kind }) => supported.has(kind)));
    });
  },
};

const topology: Truth = {
  name: "topology",
  fallacy: "topology does not change",
  truth: "who can reach whom directly changes every second or so",
  kinds: ["partition"],
  faults: (random, scope) => {
    const faults: FaultDraft[] = [];
    for (let atUs = 0; atUs < scope.timeLimitUs; ) {
      const lastsUs = spaced(scope, random.between(SECOND_US / 2, 2 * SECOND_US));
      const untilUs = Math.min(scope.timeLimitUs, atUs + lastsUs);
      const [one, other] = random.sample(scope.nodes, 2);
      // Two nodes have one route, which comes and goes: without it all the time nothing would be tried.
      const isDown = scope.nodes.length > 2 || random.chance(1, 2);
      if (isDown && one !== undefined && other !== undefined) {
        const pairs: [string, string][] = random.chance(1, 3)
          ? [[one, other]]
          : [
              [one, other],
              [other, one],
            ];
        faults.push({ kind: "partition", shape: "route", atUs, untilUs, pairs });
      }
      atUs = untilUs;
    }
    return faults;
  },
};

const administrator: Truth = {
  name: "administrator",
  fallacy: "there is one administrator",
  truth: "others set clocks as they please, and restart node after node",
  kinds: ["crash", "clock-step"],
  faults: (random, scope) => {
    const { nodes, timeLimitUs } = scope;
    const clocks = nodes.map((target): FaultDraft => {
      const sign = random.chance(1, 2) ? 1 : -1;
      const byUs = sign * random.magnitude(10 * MS_US, 100 * SECOND_US);
      return { kind: "clock-step", ...always(scope), target, byUs };
    });
    const restarts: FaultDraft[] = [];
    let atUs = random.int(Math.max(1, timeLimitUs >> 1));
    for (const target of random.shuffle(nodes)) {
      const downUs = random.between(50, 400) * MS_US;
      if (atUs >= timeLimitUs) break;
      restarts.push({ kind: "crash", atUs, untilUs: Math.min(timeLimitUs, atUs + downUs), target });
      atUs += downUs + spaced(scope, random.between(100, 800) * MS_US);
    }
    return [...clocks, ...restarts];
  },
};

const transport: Truth = {
  name: "transport",
  fallacy: "transport cost is zero",
  truth: "every message costs whoever sends or handles it some time",
  kinds: ["slow"],
  faults: (random, scope) =>
    scope.nodes.map((target) => {
      const costUs = random.magnitude(50, 1_000);
      return { kind: "slow", ...always(scope), target, costUs };
    }),
};

const homogeneous: Truth = {
  name: "homogeneous",
  fallacy: "the network is homogeneous",
  truth: "every node has links, a processor and a disk of its own speed",
  kinds: ["delay", "slow", "slow-disk"],
  some: ["delay", "slow", "slow-disk"],
  faults: (random, scope) =>
    scope.nodes
      .flatMap((node): FaultDraft[] => {
        const delayUs = random.magnitude(100, 40 * MS_US);
        const jitterUs = random.magnitude(100, 20 * MS_US);
        const costUs = random.magnitude(10, 1_000);
        const addUs = random.magnitude(100, 20 * MS_US);
        return [
          { kind: "delay", ...always(scope), from: [node], delayUs, jitterUs },
          { kind: "slow", ...always(scope), target: node, costUs },
          { kind: "slow-disk", ...always(scope), target: node, addUs },
        ];
      })
      .filter(({ kind }) => scope.supported.has(kind)),
};

const truths: readonly Truth[] = [
  reliable,
  latency,
  bandwidth,
  secure,
  topology,
  administrator,
  transport,
  homogeneous,
];

/** One nemesis each. */
export const fallacy: readonly Nemesis[] = truths.map(({ name, fallacy, truth, ...rest }) => ({
  name: `fallacy-${name}`,
  summary: `"${fallacy}": ${truth}`,
  ...rest,
}));

export const fallacies: Nemesis = {
  name: "fallacies",
  summary: "all the fallacies of distributed computing at once that the system bears",
  kinds: [],
  standsFor: fallacy,
  faults: () => [],
};
