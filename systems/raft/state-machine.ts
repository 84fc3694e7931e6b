/**
 * The replicated state machine: a key-value store with one session per client.
 *
 * Exactly-once (thesis §6.3): a command may stand in the log more than once, because networks
 * duplicate requests and servers submit them again to a new leader. A client has one request open
 * at a time and numbers its requests upwards, so its last one and the reply to it are all that the
 * session has to remember. Sessions are part of the state, hence the same on all servers.
 */

import { type Json, type JsonObject, jsonEquals } from "../../src/base/json.js";
import { errorCodes } from "../../src/hosts/ts/node.js";
import type { Command, Operation } from "./messages.js";

export interface MachineOptions {
  /** Keeps no sessions, so that each copy of a command takes effect: the bug `apply-twice`. */
  forgetSessions: boolean;
}

/** A client's last request that was applied, and its reply. */
type Session = { requestId: number; reply: JsonObject };

export class KeyValueMachine {
  #values = new Map<string, Json>();
  #sessions = new Map<string, Session>();
  readonly #forgetSessions: boolean;

  constructor(options: MachineOptions) {
    this.#forgetSessions = options.forgetSessions;
  }

  /** The reply; undefined for a request that its client has given up since, which is not applied. */
  apply(command: Command): JsonObject | undefined {
    const seen = this.#sessions.get(command.client);
    if (seen !== undefined && seen.requestId >= command.requestId) {
      return this.replyTo(command);
    }
    const reply = this.#execute(command.operation);
    if (!this.#forgetSessions) {
      this.#sessions.set(command.client, { requestId: command.requestId, reply });
    }
    return reply;
  }

  /** The reply to a request that has been applied and is its client's latest. */
  replyTo(request: { client: string; requestId: number }): JsonObject | undefined {
    const seen = this.#sessions.get(request.client);
    return seen?.requestId === request.requestId ? seen.reply : undefined;
  }

  /** Whether it, or a later request of its client, has been applied. */
  isSettled(request: { client: string; requestId: number }): boolean {
    return (this.#sessions.get(request.client)?.requestId ?? -1) >= request.requestId;
  }

  /** The whole state, sessions included: without them a copy of a request would be applied again. */
  snapshot(): Json {
    return { values: [...this.#values], sessions: [...this.#sessions] };
  }

  restore(snapshot: Json): void {
    const { values, sessions } = snapshot as {
      values: [string, Json][];
      sessions: [string, Session][];
    };
    this.#values = new Map(values);
    this.#sessions = new Map(sessions);
  }

  read(key: string): JsonObject {
    return { type: "read_ok", value: this.#values.get(key) ?? null };
  }

  #execute(operation: Operation): JsonObject {
    switch (operation.type) {
      case "read":
        return this.read(operation.key);
      case "write":
        this.#values.set(operation.key, operation.value);
        return { type: "write_ok" };
      case "cas":
        return this.#compareAndSet(operation.key, operation.from, operation.to);
    }
  }

  #compareAndSet(key: string, from: Json, to: Json): JsonObject {
    const value = this.#values.get(key);
    if (value === undefined) return refusal(errorCodes.keyDoesNotExist, `no key ${key}`);
    if (!jsonEquals(value, from)) {
      return refusal(errorCodes.preconditionFailed, `${key} is ${JSON.stringify(value)}`);
    }
    this.#values.set(key, to);
    return { type: "cas_ok" };
  }
}

function refusal(code: number, text: string): JsonObject {
  return { type: "error", code, text };
}
