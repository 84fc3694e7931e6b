/** Smaller clusters: what a plan becomes when some of its nodes are not there. */

import { type Fault, namedBy, type Target } from "../plan/fault.js";
import type { Plan } from "../plan/plan.js";

/** Where what is said of a node goes; a node that is not in the map is gone. */
export type Moves = ReadonlyMap<string, string>;

/**
 * The plan on the nodes of `kept`. Operations at other nodes go to `home`; so do faults, or, with
 * `dropFaults`, what they say of other nodes is left out.
 */
export function onNodes(
  plan: Plan,
  kept: readonly string[],
  { home, dropFaults }: { home: string; dropFaults: boolean },
): Plan {
  const own = kept.map((node) => [node, node] as const);
  const stay: Moves = new Map(own);
  const moves: Moves = dropFaults
    ? stay
    : new Map([...plan.nodes.map((node) => [node, home] as const), ...own]);
  const core = plan.recovery?.core.filter((node) => stay.has(node)) ?? [];
  const { recovery, ...rest } = plan;
  return {
    ...rest,
    nodes: plan.nodes.filter((node) => stay.has(node)),
    clocks: Object.fromEntries(Object.entries(plan.clocks).filter(([node]) => stay.has(node))),
    operations: plan.operations.map((operation) => ({
      ...operation,
      node: stay.get(operation.node) ?? home,
    })),
    faults: soundJoins(
      plan.faults.flatMap((fault) => moveFault(fault, moves) ?? []),
      kept,
    ),
    ...(recovery === undefined || core.length === 0 ? {} : { recovery: { ...recovery, core } }),
  };
}

/** Nobody joins twice, and somebody is there from the beginning. */
function soundJoins(faults: readonly Fault[], nodes: readonly string[]): Fault[] {
  const joining = new Set<string>();
  return faults.filter((fault) => {
    if (fault.kind !== "join") return true;
    const node = namedBy(fault.target);
    if (joining.has(node) || joining.size + 1 === nodes.length) return false;
    return joining.add(node);
  });
}

/** The fault on the nodes there are; undefined when nothing of it is left. */
export function moveFault(fault: Fault, moves: Moves): Fault | undefined {
  if (fault.kind === "partition") {
    if ("groups" in fault) return moveGroups(fault, moves);
    if ("pairs" in fault) {
      const pairs = fault.pairs.flatMap(([src, dest]): [string, string][] => {
        const [from, to] = [moves.get(src), moves.get(dest)];
        return from === undefined || to === undefined || from === to ? [] : [[from, to]];
      });
      return pairs.length === 0 ? undefined : { ...fault, pairs };
    }
    const isolate = moveTarget(fault.isolate, moves);
    return isolate === undefined ? undefined : { ...fault, isolate };
  }
  if ("target" in fault) {
    const target = moveTarget(fault.target, moves);
    if (target === undefined) return undefined;
    if (fault.kind !== "mute" || fault.to === undefined) return { ...fault, target };
    const to = moveNames(fault.to, moves) ?? [];
    return to.length === 0 ? undefined : { ...fault, target, to };
  }
  const from = moveNames(fault.from, moves);
  const to = moveNames(fault.to, moves);
  if (from?.length === 0 || to?.length === 0) return undefined;
  return {
    ...fault,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

function moveGroups(
  fault: Extract<Fault, { groups: string[][] }>,
  moves: Moves,
): Fault | undefined {
  const seen = new Set<string>();
  const groups = fault.groups
    .map((group) =>
      (moveNames(group, moves) ?? []).filter((node) => !seen.has(node) && seen.add(node)),
    )
    .filter((group) => group.length > 0);
  return groups.length < 2 ? undefined : { ...fault, groups };
}

function moveTarget(target: Target, moves: Moves): Target | undefined {
  if (typeof target === "string") return moves.get(target);
  const other = moves.get(target.else) ?? moves.values().next().value;
  return other === undefined ? undefined : { ...target, else: other };
}

function moveNames(names: readonly string[] | undefined, moves: Moves): string[] | undefined {
  if (names === undefined) return undefined;
  return [...new Set(names.flatMap((name) => moves.get(name) ?? []))];
}

/** All sublists of a length, in the order of the list. */
export function* combinations<T>(items: readonly T[], length: number): Generator<T[]> {
  if (length === 0) {
    yield [];
    return;
  }
  for (const [i, first] of items.entries()) {
    for (const rest of combinations(items.slice(i + 1), length - 1)) yield [first, ...rest];
  }
}
