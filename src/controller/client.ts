/**
 * A client: one logical thread of operations against the service, as Jepsen's workers are.
 *
 * It invokes its planned operations one after the other, each no earlier than planned, and once
 * everything has healed reads until it gets an answer. An operation that ends unknown retires the
 * process number, and with it the network name; the client goes on under the next one.
 */

import {
  BadReply,
  type DraftedOperation,
  type Memory,
  type Workload,
} from "../../workloads/workload.js";
import type { Json, JsonObject } from "../base/json.js";
import type { PlannedOperation } from "../plan/plan.js";
import { hashText } from "../random/mix.js";
import { type CallOutcome, Calls } from "../sim/calls.js";
import type { Kernel } from "../sim/kernel.js";
import type { Message } from "../sim/message.js";
import type { Endpoint, Network } from "../sim/network.js";
import type { RunRecorder } from "./recorder.js";

export interface ClientOptions {
  ordinal: number;
  /** How many clients there are: process numbers advance by it. */
  clients: number;
  workload: Workload;
  operationTimeoutUs: number;
  kernel: Kernel;
  network: Network;
  recorder: RunRecorder;
  /** Told of every answer, whatever it says: which nodes still speak. */
  answered(node: string): void;
}

/** Codes after which an operation certainly has not happened; see Maelstrom's protocol. */
const definiteErrors = new Set([1, 10, 11, 12, 14, 20, 21, 22, 30]);

/** Message ids name the operation, so that the fate of its messages depends on nothing else. */
const MESSAGES_PER_OPERATION = 16;
const FINAL_RETRY_US = 200_000;

interface Completion {
  type: "ok" | "fail" | "info";
  value: Json;
  error?: Json;
}

export class Client {
  readonly #options: ClientOptions;
  readonly #memory: Memory = new Map();
  readonly #calls = new Calls();
  readonly #lane: number;
  #process: number;
  #name = "";
  /** Of the operations of this process, the number of the last. */
  #lastId = -1;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#process = options.ordinal;
    this.#lane = hashText(`client/${options.ordinal}`);
    this.#register();
  }

  /**
   * Invokes the operations in order, then calls back. From `secondUs` on, those planned for then go
   * before what is overdue from earlier, as soon as they are due: a client that was held up is there
   * when it is needed. What is not due yet has no say in what happens now.
   */
  run(operations: readonly PlannedOperation[], secondUs: number, done: () => void): void {
    const first = operations.filter(({ atUs }) => atUs < secondUs);
    const second = operations.filter(({ atUs }) => atUs >= secondUs);
    const next = (): void => {
      const due = second[0] !== undefined && second[0].atUs <= this.#options.kernel.now;
      const operation = (due ? second : first).shift() ?? second.shift();
      if (operation === undefined) done();
      else this.#at(operation.atUs, () => this.#perform(operation, false, next));
    };
    next();
  }

  /** Tries each read until it is answered or the deadline has passed, then calls back. */
  readFinally(reads: readonly PlannedOperation[], deadlineUs: number, done: () => void): void {
    const { kernel } = this.#options;
    const next = (i: number, attempt: number): void => {
      const read = reads[i];
      if (read === undefined) {
        done();
        return;
      }
      const id = read.id + attempt;
      this.#perform({ ...read, id }, true, (completion) => {
        if (completion.type === "ok" || kernel.now >= deadlineUs) next(i + 1, 0);
        else this.#at(kernel.now + FINAL_RETRY_US, () => next(i, attempt + 1));
      });
    };
    next(0, 0);
  }

  #at(timeUs: number, action: () => void): void {
    const { kernel } = this.#options;
    kernel.at(timeUs, this.#lane, "client", this.#name, action);
  }

  #perform(
    operation: PlannedOperation,
    final: boolean,
    done: (completion: Completion) => void,
  ): void {
    const { workload, recorder } = this.#options;
    // Servers may tell copies of old requests by their numbers: those of one name only go up.
    if (operation.id <= this.#lastId) this.#retire();
    this.#lastId = operation.id;
    const { value, body } = workload.invoke(operation, this.#memory);
    const process = this.#process;
    const about = {
      process,
      f: operation.f,
      ...(operation.key === undefined ? {} : { key: operation.key }),
    };
    const tail = { ...(final ? { final: true } : {}), node: operation.node };
    recorder.event({ ...about, type: "invoke", value, ...tail });
    this.#request(operation, body, (outcome) => {
      const completion = this.#completion(operation, value, outcome);
      const { error, ...rest } = completion;
      recorder.event({ ...about, ...rest, ...(error === undefined ? {} : { error }), ...tail });
      if (completion.type === "info") this.#retire();
      done(completion);
    });
  }

  #request(
    operation: PlannedOperation,
    body: JsonObject,
    settle: (outcome: CallOutcome) => void,
  ): void {
    const { kernel, network, operationTimeoutUs } = this.#options;
    const id = (operation.id + 1) * MESSAGES_PER_OPERATION;
    const expiry = kernel.at(
      kernel.now + operationTimeoutUs,
      this.#lane,
      "client",
      this.#name,
      () => this.#calls.expire(id),
    );
    this.#calls.open(id, { cancel: () => kernel.cancel(expiry) }, settle);
    network.send(this.#name, operation.node, { ...body, msg_id: id }, id);
  }

  #completion(
    operation: DraftedOperation & { node: string },
    value: Json,
    outcome: CallOutcome,
  ): Completion {
    const { workload, answered, recorder } = this.#options;
    const unknown = workload.readOnly.includes(operation.f) ? "fail" : "info";
    if ("timedOut" in outcome) return { type: unknown, value, error: "timeout" };
    answered(operation.node);
    const { reply } = outcome;
    if (reply["type"] === "error") return this.#refusal(operation, value, reply, unknown);
    try {
      return { type: "ok", value: workload.complete(operation, value, reply, this.#memory) };
    } catch (error) {
      if (!(error instanceof BadReply)) throw error;
      recorder.misconduct(operation.node, "bad-message", error.message);
      return { type: unknown, value, error: error.message };
    }
  }

  #refusal(
    operation: DraftedOperation,
    value: Json,
    reply: JsonObject,
    unknown: "fail" | "info",
  ): Completion {
    const { workload } = this.#options;
    const code = Number(reply["code"]);
    const error = { code, text: String(reply["text"] ?? "") };
    const special = workload.refused?.(operation, code);
    if (special !== undefined)
      return { ...special, value: special.type === "ok" ? special.value : value };
    return { type: definiteErrors.has(code) ? "fail" : unknown, value, error };
  }

  #retire(): void {
    this.#lastId = -1;
    this.#process += this.#options.clients;
    this.#register();
  }

  #register(): void {
    const name = `c${this.#process}`;
    this.#name = name;
    const endpoint: Endpoint = {
      name,
      kind: "client",
      streamName: `client/${this.#options.ordinal}`,
      receive: (message: Message) => {
        // An answer that comes too late for its operation still says that the node speaks.
        this.#options.answered(message.src);
        this.#calls.accept(message);
      },
    };
    this.#options.network.attach(endpoint);
  }
}
