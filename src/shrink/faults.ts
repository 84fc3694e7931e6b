/**
 * Simpler forms of a fault: fewer nodes and links, a fixed node instead of a role, a fixed time
 * instead of a moment, a certain effect instead of a probable one, one message instead of all.
 */

import type { Fault, Partition, Target } from "../plan/fault.js";
import type { Plan } from "../plan/plan.js";
import { CERTAIN_PPM } from "./size.js";

export function onlyFaults(plan: Plan, faults: readonly Fault[]): Plan {
  return { ...plan, faults: [...faults] };
}

/** One fault replaced by another form of it. */
export function withFault(plan: Plan, changed: Fault): Plan {
  return onlyFaults(
    plan,
    plan.faults.map((fault) => (fault.id === changed.id ? changed : fault)),
  );
}

/** When each fault began, where it did so at a moment of the protocol. Virtual microseconds, by id. */
export type Begun = ReadonlyMap<number, number>;

/** Other forms of a fault, those that say least first. */
export function simplerForms(fault: Fault, nodes: readonly string[], begun: Begun): Fault[] {
  return [...fixedInTime(fault, nodes, begun), ...shapes(fault, nodes)];
}

function shapes(fault: Fault, nodes: readonly string[]): Fault[] {
  switch (fault.kind) {
    case "partition":
      return partitions(fault, nodes);
    case "delay":
    case "loss":
    case "duplicate":
    case "reorder":
    case "bandwidth":
    case "corrupt":
    case "reset":
    case "clog":
    case "hold":
    case "priorities":
      return links(fault, nodes);
    default:
      return [
        ...plainer(fault),
        ...targets(fault.target, nodes).map((target) => ({ ...fault, target })),
      ];
  }
}

/** What the same node may suffer that is simpler to think of. */
function plainer(fault: OnNode): Fault[] {
  const { id, atUs, untilUs, on, target } = fault;
  const same = { id, atUs, untilUs, target, ...(on === undefined ? {} : { on }) };
  switch (fault.kind) {
    case "wipe":
      return [{ ...same, kind: "crash" }];
    case "slow":
    case "clock-freeze":
      return [{ ...same, kind: "pause" }];
    case "clock-strobe":
    case "clock-slew":
      return [{ ...same, kind: "clock-step", byUs: fault.byUs }];
    case "clock-leap": {
      const step: Fault = { ...same, kind: "clock-step", byUs: -1_000_000 };
      return fault.smearUs === undefined ? [step] : [step, { ...same, kind: "clock-leap" }];
    }
    case "leave":
      return fault.wipe === true ? [{ ...same, kind: "leave" }] : [];
    case "bit-rot":
    case "read-error":
      return certainly(fault);
    case "mute":
    case "lie":
    case "equivocate": {
      const { clients, ...without } = fault;
      const fewer: Fault[] = clients === true ? [without] : [];
      return [...fewer, ...("ppm" in fault ? certainly(fault) : [])];
    }
    default:
      return [];
  }
}

function certainly<F extends { ppm: number }>(fault: F): F[] {
  return fault.ppm < CERTAIN_PPM ? [{ ...fault, ppm: CERTAIN_PPM }] : [];
}

/** The same fault at the time when it began; its role, if it is that of the moment, any node. */
function fixedInTime(fault: Fault, nodes: readonly string[], begun: Begun): Fault[] {
  const atUs = begun.get(fault.id);
  if (fault.on === undefined || atUs === undefined) return [];
  const { on: _, ...rest } = fault;
  const fixed = { ...rest, atUs, untilUs: atUs + fault.untilUs - fault.atUs } as Fault;
  if (fixed.kind === "partition") {
    if (!("isolate" in fixed)) return [fixed];
    return fixedNodes(fixed.isolate, nodes).map((isolate) => ({ ...fixed, isolate }));
  }
  if (!("target" in fixed)) return [fixed];
  return fixedNodes(fixed.target, nodes).map((target) => ({ ...fixed, target }));
}

/** The role of the moment means nothing without one. */
function fixedNodes(target: Target, nodes: readonly string[]): readonly Target[] {
  return typeof target !== "string" && target.role === "moment" ? nodes : [target];
}

function targets(target: Target, nodes: readonly string[]): readonly string[] {
  return typeof target === "string" ? [] : nodes;
}

function partitions(fault: Partition, nodes: readonly string[]): Fault[] {
  const { id, atUs, untilUs, on } = fault;
  const timed = { id, atUs, untilUs, ...(on === undefined ? {} : { on }) };
  const one = (src: string, dest: string): Partition => ({
    ...timed,
    kind: "partition",
    shape: "link",
    pairs: [[src, dest]],
  });
  const single = nodes.flatMap((src) =>
    nodes.filter((dest) => dest !== src).map((dest) => one(src, dest)),
  );
  const whole = [
    ...nodes.flatMap((node) => [alone(node, "out"), alone(node, "in")]),
    ...nodes.map((node) => alone(node, "both")),
  ].map((shape): Partition => ({ ...timed, ...shape }));
  if ("isolate" in fault) {
    const own = (["out", "in"] as const).map(
      (direction): Partition => ({ ...timed, ...alone(fault.isolate, direction) }),
    );
    return [...single, ...own, ...whole];
  }
  if ("pairs" in fault) {
    const fewer = fault.pairs.map((_, i) => ({
      ...fault,
      pairs: fault.pairs.filter((_pair, j) => j !== i),
    }));
    return [...single, ...fewer.filter(({ pairs }) => pairs.length > 0), ...whole];
  }
  const named = [...new Set(fault.groups.flat())];
  const fewer = named.map((node) => ({
    ...fault,
    groups: fault.groups
      .map((group) => group.filter((member) => member !== node))
      .filter((group) => group.length > 0),
  }));
  return [...single, ...whole, ...fewer.filter(({ groups }) => groups.length > 1)];
}

function alone(isolate: Target, direction: "in" | "out" | "both") {
  const shape = direction === "both" ? "isolate" : `isolate-${direction}`;
  return { kind: "partition" as const, shape, isolate, direction };
}

type OnLinks = Exclude<Fault, Partition | { target: Target }>;
type OnNode = Exclude<Fault, Partition | OnLinks>;

/** How many of the messages of a link are tried, one by one. */
const MESSAGES_MAX = 4;

function links(fault: OnLinks, nodes: readonly string[]): Fault[] {
  const { clients, ...without } = fault;
  const fewer: Fault[] = clients === true ? [without] : [];
  const certain: Fault[] = "ppm" in fault ? certainly(fault) : [];
  const narrower = (end: "from" | "to"): Fault[] => {
    const names = fault[end] ?? nodes;
    const one = names.map((node) => ({ ...fault, [end]: [node] }));
    if (names.length < 3) return one;
    return [
      ...one,
      ...names.map((node) => ({ ...fault, [end]: names.filter((other) => other !== node) })),
    ];
  };
  return [...messages(fault, nodes), ...fewer, ...certain, ...narrower("from"), ...narrower("to")];
}

/** One message held on one link; for a loss, as long as it would have lain. */
function messages(fault: OnLinks, nodes: readonly string[]): Fault[] {
  const { id, atUs, untilUs, on, from = nodes, to = nodes } = fault;
  if (fault.kind === "duplicate" || fault.kind === "priorities") return [];
  // Held messages come in the end, unaltered.
  if (fault.kind === "corrupt") return [];
  const timed = { id, atUs, untilUs, ...(on === undefined ? {} : { on }) };
  const pairs = from.flatMap((src) => to.filter((dest) => dest !== src).map((dest) => [src, dest]));
  const ordinals = Array.from({ length: MESSAGES_MAX }, (_, i) => i + 1);
  return pairs.flatMap(([src, dest]) =>
    ordinals.map(
      (nth): Fault => ({
        ...timed,
        kind: "hold",
        nth,
        from: [src as string],
        to: [dest as string],
      }),
    ),
  );
}

/** Smaller magnitudes and rounder ones; what counts as smaller is decided elsewhere. */
export function milderForms(fault: Fault): Fault[] {
  switch (fault.kind) {
    case "delay":
      return [
        ...milder(fault.jitterUs).map((jitterUs) => ({ ...fault, jitterUs })),
        ...milder(fault.delayUs).map((delayUs) => ({ ...fault, delayUs })),
      ];
    case "clock-rate":
      return milder(fault.ppm).map((ppm) => ({ ...fault, ppm }));
    case "slow":
      return milder(fault.costUs)
        .filter((costUs) => costUs > 0)
        .map((costUs) => ({ ...fault, costUs }));
    case "slow-disk":
      return milder(fault.addUs).map((addUs) => ({ ...fault, addUs }));
    case "reorder":
    case "clock-step":
    case "clock-strobe":
    case "clock-slew":
      return milder(fault.byUs).map((byUs) => ({ ...fault, byUs }));
    case "hold":
    case "misdirected-write":
      return milder(fault.nth)
        .filter((nth) => nth > 0)
        .map((nth) => ({ ...fault, nth }));
    default:
      return [];
  }
}

function milder(amount: number): number[] {
  const halves = [0, Math.trunc(amount / 8), Math.trunc(amount / 2)];
  return [...halves.map(rounded), rounded(amount)];
}

/** To one significant digit, towards zero. */
function rounded(amount: number): number {
  const unit = 10 ** (String(Math.abs(amount)).length - 1);
  return Math.trunc(amount / unit) * unit;
}

/** What everybody understands, at the times of the plan's faults: a node crashes, or is cut off. */
export function plainFaults({ faults, nodes }: Plan): Fault[] {
  return faults.flatMap(({ id, atUs, untilUs }) =>
    nodes.flatMap((node): Fault[] => [
      { id, atUs, untilUs, kind: "crash", target: node },
      { id, atUs, untilUs, ...alone(node, "both") },
    ]),
  );
}

/** As plans have them: by the time when they begin. */
export function inOrder(faults: readonly Fault[]): Fault[] {
  return [...faults].sort((a, b) => a.atUs - b.atUs || a.id - b.id);
}

/** Two faults of one kind as one that lasts from the first's begin to the last's end. */
export function mergeFaults(plan: Plan): Plan[] {
  return plan.faults.flatMap((first, i) =>
    plan.faults.slice(i + 1).flatMap((second) => {
      if (first.kind !== second.kind) return [];
      const rest = plan.faults.filter(({ id }) => id !== first.id && id !== second.id);
      const atUs = Math.min(first.atUs, second.atUs);
      const untilUs = Math.max(first.untilUs, second.untilUs);
      return [first, second].map((shape) =>
        onlyFaults(plan, inOrder([...rest, { ...shape, atUs, untilUs }])),
      );
    }),
  );
}
