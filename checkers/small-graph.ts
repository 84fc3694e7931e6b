/**
 * Circles in graphs of what a test has few of: keys, accounts. Deterministic; for graphs of
 * transactions there is `transactions/graph`.
 */

/** Components with a circle in them (two nodes or more), each ascending. Tarjan 1972, iterative; O(edges). */
export function stronglyConnected(targets: readonly (readonly number[])[]): number[][] {
  const order = new Int32Array(targets.length).fill(-1);
  const low = new Int32Array(targets.length);
  const onStack = new Uint8Array(targets.length);
  const stack: number[] = [];
  const components: number[][] = [];
  let visited = 0;
  const enter = (node: number): { node: number; next: number } => {
    order[node] = low[node] = visited++;
    stack.push(node);
    onStack[node] = 1;
    return { node, next: 0 };
  };
  for (let root = 0; root < targets.length; root++) {
    if (order[root] !== -1) continue;
    const path = [enter(root)];
    while (path.length > 0) {
      const frame = path.at(-1)!;
      const target = targets[frame.node]![frame.next++];
      if (target !== undefined) {
        if (order[target] === -1) path.push(enter(target));
        else if (onStack[target]) low[frame.node] = Math.min(low[frame.node]!, order[target]!);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) {
        low[parent.node] = Math.min(low[parent.node]!, low[frame.node]!);
      }
      if (low[frame.node] !== order[frame.node]) continue;
      const component = stack.splice(stack.lastIndexOf(frame.node));
      for (const node of component) onStack[node] = 0;
      if (component.length > 1) components.push(component.sort((a, b) => a - b));
    }
  }
  return components.sort((a, b) => a[0]! - b[0]!);
}

/** Starts tried for a shortest circle before the shortest found so far is taken. */
const STARTS_MAX = 64;

/**
 * A short circle within a component, from its smallest node on: the shortest, unless the component
 * has more than `STARTS_MAX` nodes and none of length two. O(edges of the component) for each start.
 */
export function shortestCycle(
  targets: readonly (readonly number[])[],
  component: readonly number[],
): number[] {
  const inside = new Set(component);
  const mutual = mutualPair(targets, component);
  if (mutual !== undefined) return mutual;
  let best: number[] = [];
  for (const start of component.slice(0, STARTS_MAX)) {
    const circle = circleThrough(targets, inside, start);
    if (best.length === 0 || circle.length < best.length) best = circle;
  }
  const first = best.indexOf(Math.min(...best));
  return [...best.slice(first), ...best.slice(0, first)];
}

function mutualPair(
  targets: readonly (readonly number[])[],
  component: readonly number[],
): number[] | undefined {
  const edges = new Set<number>();
  const size = targets.length;
  for (const a of component) for (const b of targets[a]!) edges.add(a * size + b);
  for (const a of component) {
    for (const b of targets[a]!) if (a < b && edges.has(b * size + a)) return [a, b];
  }
  return undefined;
}

/** Breadth first from `start` back to it; every node of a component lies on a circle. */
function circleThrough(
  targets: readonly (readonly number[])[],
  inside: ReadonlySet<number>,
  start: number,
): number[] {
  const from = new Map<number, number>();
  const queue = [start];
  for (const node of queue) {
    for (const target of targets[node]!) {
      if (target === start) {
        const circle = [node];
        while (circle[0] !== start) circle.unshift(from.get(circle[0]!)!);
        return circle;
      }
      if (!inside.has(target) || from.has(target)) continue;
      from.set(target, node);
      queue.push(target);
    }
  }
  return [];
}
