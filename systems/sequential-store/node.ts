/**
 * One node: a replica that applies the log, the home of some sessions; the first node of the cluster
 * is the primary that orders changes.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
  RpcTimeout,
} from "../../src/hosts/ts/node.js";
import { type Change, changeOf, make } from "../sessions/changes.js";
import { DurableLog } from "../sessions/durable-log.js";
import { type Reply, type SessionRequest, Sessions } from "../sessions/sessions.js";
import { type LogEntry, Shipping } from "./shipping.js";

const ATTEMPT_MS = 250;

export class SequentialNode implements Node {
  readonly #context: NodeContext;
  readonly #sessions: Sessions;
  readonly #values = new Map<string, Json>();
  /** By session, the last change applied here with its reply. */
  readonly #applied = new Map<string, { number: number; reply: JsonObject }>();
  /** At the primary: by session, the last request that is in the log. */
  readonly #ordered = new Map<string, number>();
  /** Who waits for a change to be applied here, by session. */
  readonly #waiting = new Map<string, { number: number; done: (reply: JsonObject) => void }>();
  #log: DurableLog<LogEntry> | undefined;
  #shipping: Shipping | undefined;

  constructor(context: NodeContext) {
    this.#context = context;
    const follow = !context.bugs.has("reads-go-back");
    this.#sessions = new Sessions(context, (request) => this.#serve(request), { follow });
  }

  start(): void {
    const { disk, id, nodes } = this.#context;
    const log = new DurableLog(disk, "log", (entry: LogEntry) => this.#apply(entry));
    this.#log = log;
    if (log.length > 0) this.#context.probe("a replica restarted with its log");
    if (id === nodes[0]) this.#shipping = new Shipping(this.#context, log);
  }

  onMessage(message: Message): Promise<Reply> | Reply {
    const asked = this.#sessions.onMessage(message);
    if (asked !== null) return asked;
    const { src, body } = message;
    switch (body["type"]) {
      case "order":
        return this.#order(body["entry"] as LogEntry);
      case "entries":
        void this.#follow(src, Number(body["from"]), body["entries"] as LogEntry[]);
        return undefined;
      case "have":
        this.#shipping?.onHave(src, Number(body["length"]));
        return undefined;
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }

  // Sessions ----------------------------------------------------------------------------------

  async #serve({ session, number, body }: SessionRequest): Promise<Reply> {
    if (body["type"] === "read") {
      return { type: "read_ok", value: this.#values.get(String(body["key"])) ?? null };
    }
    const change = changeOf(body);
    if (change === undefined) {
      throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
    const here = new Promise<JsonObject>((done) => this.#waiting.set(session, { number, done }));
    // In the log twice it would be done twice: the primary drops what it has had.
    await this.#askToOrder({ session, number, change });
    const misses = this.#context.bugs.has("own-write-missed") && change.f === "write";
    return misses ? { type: "write_ok" } : here;
  }

  /** Until the primary says that the change has its place. */
  async #askToOrder(entry: LogEntry): Promise<void> {
    const { id, nodes, rpc } = this.#context;
    const primary = nodes[0] as string;
    if (id === primary) {
      await this.#order(entry);
      return;
    }
    for (;;) {
      try {
        await rpc(primary, { type: "order", entry }, { timeoutMs: ATTEMPT_MS });
        return;
      } catch (error) {
        if (!(error instanceof RpcTimeout)) throw error;
        this.#context.probe("a change was brought to the primary again");
      }
    }
  }

  // The log -----------------------------------------------------------------------------------

  /** Answers when the entry is durable. */
  async #order(entry: LogEntry): Promise<JsonObject> {
    const log = this.#log as DurableLog<LogEntry>;
    const { session, number } = entry;
    if (number > (this.#ordered.get(session) ?? 0)) {
      this.#ordered.set(session, number);
      await log.append(entry);
      this.#shipping?.onGrowth();
    } else this.#context.probe("a change came twice to the primary");
    await log.settled();
    return { type: "order_ok" };
  }

  /** Entries of the log from `from` on; what is here already stays as it is: there is one log. */
  async #follow(primary: string, from: number, entries: readonly LogEntry[]): Promise<void> {
    const log = this.#log as DurableLog<LogEntry>;
    if (from > log.length) this.#context.probe("entries came before those that precede them");
    else {
      for (const entry of entries.slice(log.length - from)) void log.append(entry);
    }
    await log.settled();
    this.#context.send(primary, { type: "have", length: log.applied });
  }

  #apply({ session, number, change }: LogEntry): void {
    const reply = make(change as Change, this.#values);
    this.#ordered.set(session, number);
    this.#applied.set(session, { number, reply });
    const waiting = this.#waiting.get(session);
    if (waiting?.number !== number) return;
    this.#waiting.delete(session);
    waiting.done(reply);
  }
}
