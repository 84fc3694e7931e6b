/** One lock manager: locks that it owns, transactions that it runs, and its part in finding deadlocks. */

import type { Json, JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import { Central } from "./central.js";
import type { Detection } from "./detection.js";
import { EdgeChasing } from "./edge-chasing.js";
import { Locks } from "./locks.js";
import type { Desk, Txn } from "./messages.js";
import { Transactions } from "./transactions.js";

/** A deadlock is broken so long after everything works again, at the latest. */
const WITHIN_MS = 1_500;
const QUESTION_MS = 200;

interface Parts {
  locks: Locks;
  transactions: Transactions;
  detection: Detection;
}

export class LockManager implements Node {
  readonly #context: NodeContext;
  /** Of each client, the number of the last request taken since this boot. */
  readonly #last = new Map<string, number>();
  #parts: Parts | undefined;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  async start(): Promise<void> {
    const { disk, observe, options } = this.#context;
    observe("lock-manager", { withinMs: WITHIN_MS });
    const boot = Number(disk.read("boots") ?? 0) + 1;
    disk.write("boots", boot);
    await disk.fsync();
    const desk = this.#desk(boot);
    const locks = new Locks(this.#context, desk);
    const transactions = new Transactions(this.#context, desk);
    const Way = options["detection"] === "central" ? Central : EdgeChasing;
    const detection: Detection = new Way(this.#context, desk, locks, transactions);
    locks.onWait = (edge) => detection.onWait(edge);
    this.#parts = { locks, transactions, detection };
    locks.start();
    detection.start();
  }

  async onMessage({ src, body }: Message): Promise<JsonObject | undefined> {
    if (this.#context.nodes.includes(src)) return this.#receive(src, body);
    const parts = this.#parts;
    if (parts === undefined) throw new Refusal(errorCodes.temporarilyUnavailable, "not up yet");
    switch (body["type"]) {
      case "transact":
        return this.#transact(parts.transactions, src, body);
      case "waiting":
        return { type: "waiting_ok", waiting: parts.transactions.waiting };
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }

  async #transact(
    transactions: Transactions,
    client: string,
    { msg_id, value }: JsonObject,
  ): Promise<JsonObject | undefined> {
    const steps = stepsOf(value);
    if (Number(msg_id) <= (this.#last.get(client) ?? 0)) {
      this.#context.probe("a request came twice");
      return undefined;
    }
    this.#last.set(client, Number(msg_id));
    const { txn, outcome } = await transactions.run(steps);
    return { type: "transact_ok", txn, outcome };
  }

  #receive(src: string, body: JsonObject): JsonObject | undefined {
    if (this.#parts === undefined) return undefined;
    const { locks, transactions, detection } = this.#parts;
    const [txn, key] = [String(body["txn"]), String(body["key"])];
    switch (body["type"]) {
      case "request":
        locks.request(txn, key);
        return undefined;
      case "release":
        locks.release(txn, key);
        return undefined;
      case "granted":
        transactions.granted(txn, key);
        return undefined;
      case "review":
        transactions.review(body["standing"] as [Txn, string][]);
        return undefined;
      case "abort":
        transactions.abort(txn, key);
        return undefined;
      default:
        return detection.receive(src, body);
    }
  }

  #desk(boot: number): Desk {
    const { id, rpc, send } = this.#context;
    return {
      boot,
      tell: (to, body) => {
        if (to === id) this.#receive(id, body);
        else send(to, body);
      },
      ask: async (to, body) =>
        to === id ? (this.#receive(id, body) ?? {}) : rpc(to, body, { timeoutMs: QUESTION_MS }),
    };
  }
}

/** @throws Refusal for anything but a list of "+key" and "-key". */
function stepsOf(value: Json | undefined): string[] {
  const steps = Array.isArray(value) ? value : [];
  const isStep = (step: Json): step is string => typeof step === "string" && /^[+-]./.test(step);
  if (steps.length > 0 && steps.every(isStep)) return steps;
  throw new Refusal(errorCodes.malformedRequest, 'needs a list of steps, "+key" or "-key"');
}
