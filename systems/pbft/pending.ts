/**
 * Requests that wait to be executed: what a backup watches its primary by.
 *
 * Of each client the latest. Backups hand them to the primary again, so that a request that reached
 * one honest replica reaches all primaries to come; and one that waits too long is a reason to have
 * another primary.
 */

import type { Executor } from "./executor.js";
import type { Request } from "./messages.js";
import type { Replica } from "./replica.js";

export class Pending {
  readonly #replica: Replica;
  readonly #executor: Executor;
  readonly #requests = new Map<string, { request: Request; sinceMs: number }>();

  constructor(replica: Replica, executor: Executor) {
    this.#replica = replica;
    this.#executor = executor;
  }

  /** False for a request that is executed, or given up by its client. */
  add(request: Request): boolean {
    const { client, requestId } = request;
    if (this.#executor.machine.isSettled(request)) return false;
    const known = this.#requests.get(client);
    if (known === undefined || known.request.requestId < requestId) {
      this.#requests.set(client, { request, sinceMs: this.#replica.nowMs() });
    }
    return true;
  }

  executed({ client, requestId }: Request): void {
    const known = this.#requests.get(client);
    if (known !== undefined && known.request.requestId <= requestId) this.#requests.delete(client);
  }

  /** What others have executed is executed. */
  settle(): void {
    for (const { request } of this.all) {
      if (this.#executor.machine.isSettled(request)) this.executed(request);
    }
  }

  /** Oldest first. */
  get all(): { request: Request; sinceMs: number }[] {
    return [...this.#requests.values()];
  }

  /** A new primary has all the time again. */
  restart(): void {
    const sinceMs = this.#replica.nowMs();
    for (const waiting of this.#requests.values()) waiting.sinceMs = sinceMs;
  }

  isOverdue(patienceMs: number): boolean {
    const nowMs = this.#replica.nowMs();
    return this.all.some(({ sinceMs }) => nowMs - sinceMs >= patienceMs);
  }
}
