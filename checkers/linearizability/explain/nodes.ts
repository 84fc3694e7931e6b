/**
 * The operations of one object with their evidence worked out: numbers instead of names, and since
 * when each found value can have been there. O(n log n) plus what the traces hold.
 */

import type { Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { EvidenceOf, Slot, Trace } from "./evidence.js";

export const NO_SLOT = -1;

export interface Need {
  slot: number;
  /** A filler that completed before this position was surely overwritten. */
  since: number;
}

/** One operation; `invoked` to `completed` is when it can have been found, or can have found. */
export interface Node {
  operation: Operation;
  unit: number;
  fills: number;
  needs: readonly Need[];
  testifies: boolean;
  stays: boolean;
  from: number;
  to: number;
}

export interface Nodes {
  nodes: Node[];
  /** Per slot, whether the object starts with it. */
  initial: readonly boolean[];
}

const NO_NEEDS: readonly Need[] = [];

export function nodesOf(
  operations: readonly Operation[],
  init: Json,
  evidenceFor: EvidenceOf,
): Nodes {
  const evidence = evidenceFor(operations, init);
  const traces = operations.map((operation) => evidence.trace(operation));
  const overwrites = overwritesByCell(operations, traces);
  const slots = new Map<string, number>();
  const units = new Map<string, number>();
  const initial: boolean[] = [];
  const slotOf = (slot: Slot): number => {
    const name = `${slot.cell}\n${slot.value}`;
    const known = slots.get(name);
    if (known !== undefined) return known;
    slots.set(name, initial.length);
    return initial.push(evidence.startsWith(slot)) - 1;
  };
  const unitOf = (text: string, fallback: number): number => {
    const known = units.get(text);
    if (known === undefined) units.set(text, fallback);
    return known ?? fallback;
  };

  const nodes = operations.map((operation, i): Node => {
    const { fills, needs, unit, testifies, stays = false } = traces[i]!;
    const { invoked, completed } = operation;
    const cell = fills === undefined ? undefined : overwrites.get(fills.cell);
    const lasts = !evidence.timed || (fills !== undefined && cell === undefined);
    const needed = needs?.map((slot): Need => {
      const since = evidence.timed ? overwrites.get(slot.cell)?.latestBefore(invoked) : undefined;
      return { slot: slotOf(slot), since: since ?? -1 };
    });
    return {
      operation,
      unit: unit === undefined ? i : unitOf(unit, i),
      fills: fills === undefined ? NO_SLOT : slotOf(fills),
      needs: needed ?? NO_NEEDS,
      testifies,
      stays,
      from: evidence.timed ? invoked : -1,
      to: lasts ? Number.POSITIVE_INFINITY : completed,
    };
  });
  return { nodes, initial };
}

/** The completed overwrites of one cell, in order of completion. */
class Overwrites {
  readonly #completed: number[] = [];
  /** The latest invocation among the overwrites up to each. */
  readonly #latest: number[] = [];

  add({ invoked, completed }: Operation): void {
    this.#latest.push(Math.max(this.#latest.at(-1) ?? -1, invoked));
    this.#completed.push(completed);
  }

  /** The latest invocation of an overwrite that completed before a position; -1 when none did. */
  latestBefore(position: number): number {
    let [low, high] = [0, this.#completed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#completed[middle]! < position) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -1 : this.#latest[low - 1]!;
  }
}

function overwritesByCell(
  operations: readonly Operation[],
  traces: readonly Trace[],
): Map<string, Overwrites> {
  const byCell = new Map<string, Overwrites>();
  const overwriting = operations
    .map((operation, i) => ({ operation, ...traces[i]! }))
    .filter(({ operation, overwrites }) => overwrites && operation.outcome === "ok")
    .sort((a, b) => a.operation.completed - b.operation.completed);
  for (const { operation, fills } of overwriting) {
    const cell = fills!.cell;
    let overwrites = byCell.get(cell);
    if (overwrites === undefined) byCell.set(cell, (overwrites = new Overwrites()));
    overwrites.add(operation);
  }
  return byCell;
}
