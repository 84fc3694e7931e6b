/**
 * Requests that wait for their reply: the bookkeeping behind `rpc`, for nodes and clients alike.
 */

import type { JsonObject } from "../base/json.js";
import type { Message } from "./message.js";

/** The reply came, or the time was up first. */
export type CallOutcome = { reply: JsonObject } | { timedOut: true };

interface Waiting {
  settle(outcome: CallOutcome): void;
  timer: { cancel(): void };
}

export class Calls {
  readonly #waiting = new Map<number, Waiting>();

  /** Expects a reply to `messageId`; `timer` must call `expire` when the wait is over. */
  open(messageId: number, timer: { cancel(): void }, settle: (outcome: CallOutcome) => void): void {
    this.#waiting.set(messageId, { settle, timer });
  }

  expire(messageId: number): void {
    const waiting = this.#waiting.get(messageId);
    if (waiting === undefined) return;
    this.#waiting.delete(messageId);
    waiting.settle({ timedOut: true });
  }

  /** True when the message is a reply, awaited or late (a late one is dropped). */
  accept(message: Message): boolean {
    const id = message.body["in_reply_to"];
    if (typeof id !== "number") return false;
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) {
      this.#waiting.delete(id);
      waiting.timer.cancel();
      waiting.settle({ reply: message.body });
    }
    return true;
  }
}
