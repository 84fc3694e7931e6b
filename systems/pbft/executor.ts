/**
 * Executes what is decided, in order and each request once, and takes snapshots.
 *
 * What is decided for a seq is observed as a decision; what comes early waits. Requests are executed in
 * sessions, one per client, as in Raft: a copy of a request, whoever ordered it again, does nothing.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import { requestName } from "../raft/messages.js";
import { KeyValueMachine } from "../raft/state-machine.js";
import type { Request } from "./messages.js";
import type { Replica } from "./replica.js";

export interface ExecutorEvents {
  /** The request, and the reply unless its client has gone on since. */
  executed(request: Request, reply: JsonObject | undefined): void;
  /** All up to `seq` is executed, which is not undone. */
  reached(seq: number): void;
}

export class Executor {
  readonly machine = new KeyValueMachine({ forgetSessions: false });
  readonly #replica: Replica;
  readonly #events: ExecutorEvents;
  /** Decided, but not executed: something before is missing. Boxed, since there is a null request. */
  readonly #ahead = new Map<number, { request: Request | null }>();
  #executed = 0;

  constructor(replica: Replica, events: ExecutorEvents) {
    this.#replica = replica;
    this.#events = events;
  }

  /** All up to this seq is executed. */
  get executed(): number {
    return this.#executed;
  }

  /** A request is decided; told once of each decision, of every view. */
  decide(seq: number, request: Request | null): void {
    const value = request === null ? "no-op" : requestName(request);
    this.#replica.context.observe("decide", { slot: seq, value });
    if (seq <= this.#executed || this.#ahead.has(seq)) return;
    this.#ahead.set(seq, { request });
    if (seq > this.#executed + 1) {
      this.#replica.context.probe("a request was decided before an earlier one");
    }
    this.#proceed();
  }

  /** Takes over a state that is ahead of its own. */
  restore(seq: number, snapshot: Json): void {
    this.machine.restore(snapshot);
    this.#executed = seq;
    for (const ahead of [...this.#ahead.keys()]) if (ahead <= seq) this.#ahead.delete(ahead);
    this.#proceed();
  }

  #proceed(): void {
    let next = this.#ahead.get(this.#executed + 1);
    for (; next !== undefined; next = this.#ahead.get(this.#executed + 1)) {
      this.#executed++;
      this.#ahead.delete(this.#executed);
      if (next.request !== null) {
        this.#events.executed(next.request, this.machine.apply(next.request));
      }
      this.#events.reached(this.#executed);
    }
  }
}
