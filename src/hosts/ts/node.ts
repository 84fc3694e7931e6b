/**
 * What the author of an in-process system sees, whole.
 *
 * A node is an object made once per boot; a restart makes a new one, and only the disk is kept.
 * It lives in virtual time: nothing ambient (Date, Math.random, setTimeout, crypto …) may be used,
 * and what it does between two messages or timers takes no time. Handlers may be plain or async;
 * promises settle inside the simulation's own order.
 */

import type { Json, JsonObject } from "../../base/json.js";
import type { TimingModel } from "../../plan/timing.js";
import type { Random } from "../../random/random.js";
import type { Disk } from "../../sim/disk.js";

export { DiskError, isDiskError } from "../../sim/disk.js";

import type { Message } from "../../sim/message.js";

export type { Disk, Json, JsonObject, Message, Random };

export interface Node {
  /** Called at every boot, before any message is delivered; read the disk here. */
  start?(): void | Promise<void>;
  /**
   * A client's request or a peer's message, except answers to `rpc`. A returned body is sent back
   * as the reply; return nothing to stay silent or to answer later with `context.reply`. Throwing
   * a `Refusal` replies with its error, an `RpcTimeout` that escapes with error 0 (nobody knows);
   * throwing anything else crashes the node, which is reported.
   */
  onMessage(
    message: Message,
  ): JsonObject | undefined | void | Promise<JsonObject | undefined | void>;
}

export interface NodeContext {
  /** "n1" … */
  readonly id: string;
  /** All nodes that there are or will be, this one included, in order. */
  readonly nodes: readonly string[];
  /**
   * Those that make up the cluster at the beginning; all nodes, unless some join later. A node that
   * has yet to be taken in is not among them, nor one that was removed and comes back with an empty
   * disk: it waits until the cluster tells it that it belongs. See docs/systems.md.
   */
  readonly members: readonly string[];
  /** All nodes but this one. */
  readonly peers: readonly string[];
  /** The system's options (`--set key=value`), defaults filled in. */
  readonly options: { readonly [name: string]: OptionValue };
  /** Which of the system's documented bugs are switched on. */
  readonly bugs: ReadonlySet<string>;

  /** What it may rely on about messages, where a run has a timing model: how late they may be. */
  readonly timing?: {
    readonly model: TimingModel;
    /** Milliseconds of true time; infinite where there is no bound. */
    readonly boundMs: number;
  };

  /** Sends a body (plain JSON data, copied); it may be lost, late, twice or out of order. */
  send(to: string, body: JsonObject): void;
  /** Answers a request some time later: sets `in_reply_to`. */
  reply(request: Message, body: JsonObject): void;
  /**
   * Sends a request and waits for its reply.
   * @throws RpcTimeout after `timeoutMs` of local time; Refusal when the reply is an error.
   */
  rpc(to: string, body: JsonObject, options: { timeoutMs: number }): Promise<JsonObject>;

  /** Runs `action` after `delayMs` of this node's own monotonic clock. Gone after a crash. */
  after(delayMs: number, action: () => void | Promise<void>): Timer;
  sleep(delayMs: number): Promise<void>;

  readonly clock: {
    /** Milliseconds since this machine started; never steps, but may run fast or slow. */
    monotonicMs(): number;
    /** Milliseconds of this machine's calendar clock: off by its own error, and may step. */
    wallMs(): number;
  };
  /** This node's own random stream. */
  readonly random: Random;
  /** Survives a crash, as far as it was synced. May throw a DiskError, or read what was not written. */
  readonly disk: Disk;

  /** A line in the run's log. */
  log(text: string, data?: Json): void;
  /** Puts a fact into the history for invariant checkers: `observe("leader", { term: 3 })`. */
  observe(f: string, value: Json): void;
  /** Counts a moment that should happen sometimes: `probe("stepped down with uncommitted entries")`. */
  probe(name: string): void;
  /** The same as `probe`, by the name that other houses give it. */
  sometimes(name: string): void;
}

export interface Timer {
  cancel(): void;
}

export type OptionValue = string | number | boolean;

/** Maelstrom's error codes; see docs/systems.md. Definite ones tell a client that nothing happened. */
export const errorCodes = {
  timeout: 0,
  nodeNotFound: 1,
  notSupported: 10,
  temporarilyUnavailable: 11,
  malformedRequest: 12,
  crash: 13,
  abort: 14,
  keyDoesNotExist: 20,
  keyAlreadyExists: 21,
  preconditionFailed: 22,
  txnConflict: 30,
} as const;

/** An answer that says no: thrown by a handler, and by `rpc` when the other side refused. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

/** By shape, since a user's own module may have loaded a second copy of the class. */
export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && error.name === "Refusal" && "code" in error;
}

/** Thrown by `rpc` when no reply came in time: the request may or may not have taken effect. */
export class RpcTimeout extends Error {
  override name = "RpcTimeout";
}

/** Catches an `rpc` that may go unanswered, where others are asked the same. @throws whatever else it is. */
export function ignoreTimeout(error: unknown): void {
  if (!(error instanceof RpcTimeout)) throw error;
}
