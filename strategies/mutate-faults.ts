/** Moves on the faults of the first phase: when, whom, how often, and which there are at all. */

import { nemeses, type Topology } from "../nemeses/index.js";
import { asFaults } from "../src/plan/drafts.js";
import {
  type Fault,
  type FaultDraft,
  type FaultKind,
  type LinkFault,
  linkFaultKinds,
  lyingKinds,
  type Target,
  untrueDiskKinds,
} from "../src/plan/fault.js";
import type { Plan } from "../src/plan/plan.js";
import type { Random } from "../src/random/random.js";
import { MILLISECOND_US, SECOND_US } from "./draw.js";
import { holdOneMessage } from "./hold-one-message.js";
import type { Move } from "./move.js";
import { pct } from "./pct.js";
import { swizzleClog } from "./swizzle-clog.js";
import { targeted } from "./targeted.js";

/** Beyond this no more are put in. */
const FAULTS_MAX = 200;

/** What every world can apply, of programs too, and every protocol bears. */
const everywhere: ReadonlySet<FaultKind> = new Set([
  "partition",
  ...linkFaultKinds.filter((kind) => kind !== "corrupt"),
  "crash",
  "pause",
]);

/** What a protocol bears of so many nodes, or one at a time: no more of it, and of nobody else. */
const counted: ReadonlySet<FaultKind> = new Set([
  "wipe",
  "leave",
  "join",
  ...untrueDiskKinds,
  ...lyingKinds,
  "mute",
]);

const shift: Move = onOne((fault, plan, random) => {
  // Who joins later was not there before.
  if (fault.kind === "join") return fault;
  const atUs = near(random, fault.atUs, plan.timeLimitUs - 1);
  const untilUs = Math.min(plan.timeLimitUs, atUs + (fault.untilUs - fault.atUs));
  return { ...fault, atUs, untilUs: Math.max(atUs, untilUs) };
});

const stretch: Move = onOne((fault, plan, random) => {
  const lastsUs = fault.untilUs - fault.atUs;
  const percent = random.pick([10, 25, 50, 200, 400]);
  const changedUs = Math.max(MILLISECOND_US, Math.floor((lastsUs * percent) / 100));
  return { ...fault, untilUs: Math.min(plan.timeLimitUs, fault.atUs + changedUs) };
});

const remove: Move = (plan, random) => {
  const gone = pickOne(plan, random);
  return { ...plan, faults: plan.faults.filter((fault) => fault !== gone) };
};

/** The same once more, at another time. */
const double: Move = (plan, random) => {
  const model = pickOne(plan, random);
  if (model === undefined || counted.has(model.kind)) return plan;
  const { id: _, ...draft } = model;
  const atUs = random.int(plan.timeLimitUs);
  const untilUs = Math.min(plan.timeLimitUs, atUs + (model.untilUs - model.atUs));
  return withFaults(plan, [{ ...draft, atUs, untilUs: Math.max(atUs, untilUs) }]);
};

/** One or two neighbours out of what a nemesis or a strategy would do here. */
const splice: Move = (plan, random) => {
  const topology: Topology = {
    nodes: plan.nodes,
    timeLimitUs: plan.timeLimitUs,
    supported: everywhere,
    driftPpmMax: 0,
  };
  const drawn = random.pick(sources)(random, topology);
  if (drawn.length === 0) return plan;
  const from = random.int(drawn.length);
  return withFaults(plan, drawn.slice(from, from + random.between(1, 2)));
};

const retarget: Move = onOne((fault, plan, random) => {
  const { nodes } = plan;
  if (counted.has(fault.kind)) return fault;
  if ("target" in fault) return { ...fault, target: whom(random, nodes) };
  if (fault.kind !== "partition") return { ...unlinked(fault), ...aLink(random, nodes) } as Fault;
  if ("isolate" in fault) return { ...fault, isolate: whom(random, nodes) };
  return renamed(fault, swapping(random, nodes));
});

/** Another moment, another message: the count at which a fault begins, or that it is about. */
const recount: Move = onOne((fault, _plan, random) => {
  const another = (nth: number): number =>
    Math.max(1, nth + random.pick([-1, 1]) * random.magnitude(1, 8));
  const on = fault.on === undefined ? {} : { on: { ...fault.on, nth: another(fault.on.nth) } };
  if (fault.kind === "hold" || fault.kind === "misdirected-write") {
    return { ...fault, ...on, nth: another(fault.nth) };
  }
  if (fault.kind !== "priorities") return { ...fault, ...on };
  if (random.chance(1, 2)) return { ...fault, ...on, salt: random.int(0x7fffffff) };
  return { ...fault, ...on, changes: fault.changes.map((nth) => another(nth)) };
});

/** Two nodes change places in everything that befalls them. */
const swapNodes: Move = (plan, random) => {
  const swap = swapping(random, plan.nodes);
  const faults = plan.faults.map((fault) => (isOfMain(plan, fault) ? renamed(fault, swap) : fault));
  return { ...plan, faults };
};

export const faultMoves: readonly Move[] = [
  shift,
  shift,
  stretch,
  remove,
  double,
  splice,
  splice,
  retarget,
  recount,
  swapNodes,
];

type Draw = (random: Random, topology: Topology) => readonly FaultDraft[];

/** Nemeses that every world can suffer, and the strategies when nothing was drawn before them. */
const sources: readonly Draw[] = [
  ...[...nemeses.values()]
    .filter(({ kinds }) => kinds.length > 0 && kinds.every((kind) => everywhere.has(kind)))
    .map(({ faults }): Draw => faults),
  ...[holdOneMessage, pct, swizzleClog, targeted].map(
    ({ faults }): Draw =>
      (random, topology) =>
        faults(random, topology, []),
  ),
];

/** What freezes nodes outside the core afterwards belongs to the phase of recovery. */
function isOfMain({ timeLimitUs }: Plan, { atUs }: Fault): boolean {
  return atUs < timeLimitUs;
}

function pickOne(plan: Plan, random: Random): Fault | undefined {
  const ofMain = plan.faults.filter((fault) => isOfMain(plan, fault));
  return ofMain.length === 0 ? undefined : random.pick(ofMain);
}

function onOne(change: (fault: Fault, plan: Plan, random: Random) => Fault): Move {
  return (plan, random) => {
    const chosen = pickOne(plan, random);
    if (chosen === undefined) return plan;
    const changed = change(chosen, plan, random);
    return { ...plan, faults: plan.faults.map((fault) => (fault === chosen ? changed : fault)) };
  };
}

function withFaults(plan: Plan, drafts: readonly FaultDraft[]): Plan {
  if (plan.faults.length >= FAULTS_MAX) return plan;
  const next = plan.faults.reduce((max, { id }) => Math.max(max, id), -1) + 1;
  return { ...plan, faults: [...plan.faults, ...asFaults(drafts, plan, next)] };
}

/** Mostly a little before or after, up to two seconds; at times anywhere. */
export function near(random: Random, atUs: number, lastUs: number): number {
  if (random.chance(1, 4)) return random.int(lastUs + 1);
  const byUs = random.pick([-1, 1]) * random.magnitude(MILLISECOND_US, 2 * SECOND_US);
  return Math.min(lastUs, Math.max(0, atUs + byUs));
}

function whom(random: Random, nodes: readonly string[]): Target {
  const node = random.pick(nodes);
  return random.chance(1, 3) ? { role: "leader", else: node } : node;
}

function unlinked(fault: LinkFault): object {
  const { from: _from, to: _to, ...rest } = fault;
  return rest;
}

function aLink(random: Random, nodes: readonly string[]): { from?: string[]; to?: string[] } {
  const from = random.chance(1, 2) ? { from: [random.pick(nodes)] } : {};
  const to = random.chance(1, 2) ? { to: [random.pick(nodes)] } : {};
  return { ...from, ...to };
}

type Renaming = (node: string) => string;

function swapping(random: Random, nodes: readonly string[]): Renaming {
  const [one, other] = [random.pick(nodes), random.pick(nodes)];
  return (node) => (node === one ? other : node === other ? one : node);
}

function renamed(fault: Fault, name: Renaming): Fault {
  const target = (whom: Target): Target =>
    typeof whom === "string" ? name(whom) : { ...whom, else: name(whom.else) };
  if (fault.kind === "mute" && fault.to !== undefined) {
    return { ...fault, target: target(fault.target), to: fault.to.map(name) };
  }
  if ("target" in fault) return { ...fault, target: target(fault.target) };
  if (fault.kind === "partition") {
    if ("isolate" in fault) return { ...fault, isolate: target(fault.isolate) };
    if ("groups" in fault)
      return { ...fault, groups: fault.groups.map((group) => group.map(name)) };
    return {
      ...fault,
      pairs: fault.pairs.map(([from, to]): [string, string] => [name(from), name(to)]),
    };
  }
  return {
    ...fault,
    ...(fault.from === undefined ? {} : { from: fault.from.map(name) }),
    ...(fault.to === undefined ? {} : { to: fault.to.map(name) }),
  };
}
