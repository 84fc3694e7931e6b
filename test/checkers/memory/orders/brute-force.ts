/**
 * The store-buffer machines, run: all runs of a tiny history (a set of visited states, exponential), and
 * one given run, event by event. Nothing here is shared with the deciders.
 */

import {
  type Accesses,
  INITIAL,
  isRead,
  isWrite,
  type KeyOrders,
  kinds,
} from "../../../../checkers/memory/accesses.js";
import type { MachineOrder } from "../../../../checkers/memory/decision.js";

export type Model = "sequential" | "tso" | "pso";

class State {
  constructor(
    readonly model: Model,
    readonly accesses: Accesses,
    readonly next: number[],
    /** By session its buffered writes, oldest first. */
    readonly buffers: number[][],
    readonly memory: number[],
    readonly orders: KeyOrders | undefined,
  ) {}

  static initial(model: Model, accesses: Accesses, orders?: KeyOrders): State {
    return new State(
      model,
      accesses,
      [...accesses.starts.slice(0, accesses.sessions)],
      Array.from({ length: accesses.sessions }, () => []),
      new Array<number>(accesses.keys).fill(INITIAL),
      orders,
    );
  }

  copy(): State {
    const { model, accesses, next, buffers, memory, orders } = this;
    return new State(
      model,
      accesses,
      [...next],
      buffers.map((buffer) => [...buffer]),
      [...memory],
      orders,
    );
  }

  isOver(): boolean {
    const { accesses, next, buffers } = this;
    return (
      next.every((at, session) => at === accesses.starts[session + 1]) &&
      buffers.every((buffer) => buffer.length === 0)
    );
  }

  /** Does it, if the machine can: whether it could, with the value that was read. */
  issue(session: number): boolean {
    const { accesses, next, buffers, memory } = this;
    const access = next[session]!;
    if (access === accesses.starts[session + 1]) return false;
    const kind = accesses.kind[access]!;
    const key = accesses.key[access]!;
    const buffer = buffers[session]!;
    const drains = kind === kinds.fence || kind === kinds.update;
    if (drains && buffer.length > 0) return false;
    if (isRead(kind)) {
      const own = buffer.findLast((write) => accesses.key[write] === key);
      if ((own ?? memory[key]) !== accesses.source[access]) return false;
    }
    if (kind === kinds.write && this.model !== "sequential") buffer.push(access);
    else if (isWrite(kind) && !this.store(access)) return false;
    next[session] = access + 1;
    return true;
  }

  flush(write: number): boolean {
    const { accesses, buffers, model } = this;
    const buffer = buffers[accesses.session[write]!]!;
    const at = buffer.indexOf(write);
    if (at === -1) return false;
    const earlier = buffer.slice(0, at);
    if (model === "tso" && earlier.length > 0) return false;
    if (earlier.some((other) => accesses.key[other] === accesses.key[write])) return false;
    buffer.splice(at, 1);
    return this.store(write);
  }

  /** Fails where another write of the key was to come first. */
  store(write: number): boolean {
    const key = this.accesses.key[write]!;
    const order = this.orders?.[key];
    if (order !== undefined) {
      const before = this.memory[key] === INITIAL ? -1 : order.indexOf(this.memory[key]!);
      if (order.indexOf(write) !== before + 1) return false;
    }
    this.memory[key] = write;
    return true;
  }

  successors(): State[] {
    const found: State[] = [];
    for (let session = 0; session < this.accesses.sessions; session++) {
      const issued = this.copy();
      if (issued.issue(session)) found.push(issued);
      for (const write of this.buffers[session]!) {
        const flushed = this.copy();
        if (flushed.flush(write)) found.push(flushed);
      }
    }
    return found;
  }

  name(): string {
    return JSON.stringify([this.next, this.buffers, this.memory]);
  }
}

export function someRunExplains(accesses: Accesses, model: Model, orders?: KeyOrders): boolean {
  const seen = new Set<string>();
  const rest = [State.initial(model, accesses, orders)];
  for (let state = rest.pop(); state !== undefined; state = rest.pop()) {
    if (state.isOver()) return true;
    for (const successor of state.successors()) {
      const name = successor.name();
      if (seen.has(name)) continue;
      seen.add(name);
      rest.push(successor);
    }
  }
  return false;
}

/** Whether the machine can do these events in this order, and is done then. */
export function replays(accesses: Accesses, model: Model, order: MachineOrder): boolean {
  const state = State.initial(model, accesses);
  for (const event of order) {
    const access = event >> 1;
    const session = accesses.session[access]!;
    if (event % 2 === 1) {
      if (model === "sequential" || !state.flush(access)) return false;
    } else if (state.next[session] !== access || !state.issue(session)) return false;
  }
  return state.isOver();
}
