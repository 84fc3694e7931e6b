/**
 * A workload: what clients do to a service, and which checkers judge the outcome.
 *
 * It plans operations as data, turns each into one request on the wire (Maelstrom's bodies, whatever
 * the host), reads the reply, and names its checkers. It never touches a world.
 */

import type { Checker } from "../checkers/index.js";
import type { Json, JsonObject } from "../src/base/json.js";
import type { PlanOptionValue } from "../src/plan/plan.js";
import type { Random } from "../src/random/random.js";
import type { OptionSpec, Service } from "../systems/system.js";
import type { Mix, Mixable } from "./mix.js";

export interface WorkloadScope {
  random: Random;
  clients: number;
  operations: number;
  service: Service;
  /** The workload's own settings, all of them, and the system's. */
  options: WorkloadOptions;
  /** The main phase: operations that say when they begin do so before its end. */
  timeLimitUs?: number;
  /** How often each of what can be mixed is chosen; as usual when left out. */
  mix?: Mix;
}

/** What `--set` said, or the defaults. */
export type WorkloadOptions = { readonly [name: string]: PlanOptionValue };

/** An operation before its plan says who invokes it, when, and where, unless it says so itself. */
export interface OperationDraft {
  f: string;
  key?: string | number;
  value: Json;
  /** Which client, from 0; by turns when left out. */
  client?: number;
  /** Which node, as an ordinal counted round; the client's own, mostly, when left out. */
  node?: number;
  /** When, in virtual time; spread over the main phase when left out. */
  atUs?: number;
}

/** An operation as a client invokes it, wherever and whenever that is. */
export type DraftedOperation = Pick<OperationDraft, "f" | "key" | "value">;

/** What a client remembers from one operation to the next, such as the last value seen of a key. */
export type Memory = Map<string | number, Json>;

export interface Invocation {
  /** The value recorded with the invocation. */
  value: Json;
  /** The request; `msg_id` is added. */
  body: JsonObject;
}

export interface Workload {
  name: string;
  summary: string;
  /** Functions that a service must offer for this workload to make sense. */
  requires: readonly string[];
  plan(scope: WorkloadScope): OperationDraft[];
  /** What each client reads, until it succeeds, once everything has healed. */
  finals(drafts: readonly DraftedOperation[], options?: WorkloadOptions): DraftedOperation[];
  /** Settings of its own (`--set key=value`). */
  options?: { readonly [name: string]: OptionSpec };
  /** What it chooses among, where it has a choice: `--mix f=weight`. */
  mixable?: Mixable;
  /** Requests that every node must have answered before clients begin, after each boot. */
  setup?(nodes: readonly string[], options: WorkloadOptions): { node: string; body: JsonObject }[];
  /** How long replicas have after healing, before the final reads; a default when left out. */
  settleMs?: number;
  invoke(draft: DraftedOperation, memory: Memory): Invocation;
  /** The value of an `ok` completion; throws `BadReply` when the reply is not what was asked for. */
  complete(draft: DraftedOperation, value: Json, reply: JsonObject, memory: Memory): Json;
  /**
   * What an error reply means, where it is not the general rule (definite codes: it did not
   * happen; others: nobody knows).
   */
  refused?(
    draft: DraftedOperation,
    code: number,
  ): { type: "ok" | "fail" | "info"; value: Json } | undefined;
  /** Functions that change nothing: when they end unknown, that is as good as not having happened. */
  readOnly: readonly string[];
  /** True where drafts say when or at which node they are invoked: nobody else may move them. */
  placed?: true;
  checkers(service: Service, options: WorkloadOptions): Checker[];
}

/** A reply that the protocol does not allow; reported as the node's misconduct. */
export class BadReply extends Error {
  override name = "BadReply";
}

/** A named field of a reply. @throws BadReply when it is missing. */
export function field(reply: JsonObject, name: string): Json {
  const value = reply[name];
  if (value === undefined) {
    throw new BadReply(`${String(reply["type"])} without "${name}": ${JSON.stringify(reply)}`);
  }
  return value;
}

/** @throws BadReply unless the reply is of the expected type. */
export function expectType(reply: JsonObject, type: string): void {
  if (reply["type"] === type) return;
  throw new BadReply(`expected ${type}, got ${JSON.stringify(reply).slice(0, 200)}`);
}
