/** How updates get from one replica to the others: whole states, deltas or operations. */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Datatype, Update } from "./datatype.js";
import type { Memory, Requests } from "./memory.js";
import type { Peers } from "./peers.js";
import { covers, joined, type Vector } from "./vector.js";

/** What a form works on and with. */
export interface Local {
  context: NodeContext;
  datatype: Datatype;
  memory: Memory;
  peers: Peers;
  /** Sends once everything that the replica knows now is durable, and says what that covers. */
  tell(to: string, body: JsonObject): Promise<void>;
}

export interface Arrival {
  src: string;
  body: JsonObject;
  /** The replica that sent it, and what that one covered then. */
  sender: string;
  covered: Vector;
}

export interface Form {
  /** Makes the update take effect here; it is the replica's next. */
  take(key: string, update: Update, requests: Requests): void;
  /** Tells one peer what it may lack. */
  push(to: string): void;
  /** Tells somebody of an update, at once. */
  announce(): void;
  receive(arrival: Arrival): void;
  /** Another replica lives at the node: nothing is known of it. */
  forget(node: string): void;
}

/** How long tombstones are kept with the bug `tombstones-by-age`. */
const GRACE_MS = 500;

/** Collects tombstones: those that every replica knows how to do without. */
export class Collector {
  readonly #local: Local;
  #earlier: { atMs: number; covered: Vector } = { atMs: 0, covered: {} };

  constructor(local: Local) {
    this.#local = local;
  }

  /** A state from before the frontier still has what was removed since, and nobody here knows better. */
  refuses(covered: Vector): boolean {
    const { memory, context } = this.#local;
    if (covers(covered, memory.kept.frontier)) return false;
    context.probe("a state from before the stable frontier was refused");
    return true;
  }

  collect(): void {
    const { datatype, memory, context } = this.#local;
    const { collect } = datatype.stateBased;
    const { kept } = memory;
    const stable = this.#stable();
    if (collect === undefined || covers(kept.frontier, stable)) return;
    for (const [key, state] of Object.entries(kept.objects)) {
      kept.objects[key] = collect(state, stable);
    }
    if (!context.bugs.has("tombstones-by-age")) kept.frontier = joined(kept.frontier, stable);
    context.probe("the stable frontier moved");
    memory.touch();
  }

  #stable(): Vector {
    const { context, memory, peers } = this.#local;
    const { covered } = memory.kept;
    if (!context.bugs.has("tombstones-by-age")) return peers.stable(covered);
    const atMs = context.clock.monotonicMs();
    const { covered: aged } = this.#earlier;
    if (atMs - this.#earlier.atMs >= GRACE_MS) this.#earlier = { atMs, covered: { ...covered } };
    return aged;
  }
}
