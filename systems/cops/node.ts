/**
 * One node: the server of some keys in its data centre, and the home of some sessions, which it serves
 * from the servers of its own data centre only.
 */

import type { Json } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import { type Reply, type SessionRequest, Sessions } from "../sessions/sessions.js";
import { Contexts } from "./contexts.js";
import { Inbox } from "./inbox.js";
import { Library } from "./library.js";
import { Outbox } from "./outbox.js";
import { Placement } from "./placement.js";
import type { Put } from "./put.js";
import { Server } from "./server.js";
import { type Entry, Store } from "./store.js";

export class CopsNode implements Node {
  readonly #context: NodeContext;
  readonly #sessions: Sessions;
  readonly #library: Library;
  readonly #server: Server;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  /** What the disk had at the boot, until the start. */
  #restored: Entry[] | undefined = [];

  constructor(context: NodeContext) {
    this.#context = context;
    const placement = new Placement(context);
    const store = new Store(context.disk, (entry) => {
      if (this.#restored === undefined) this.#applied(entry);
      else this.#restored.push(entry);
    });
    this.#server = new Server(context, store);
    this.#library = new Library(context, placement, new Contexts(context, placement), this.#server);
    this.#outbox = new Outbox(context, placement);
    this.#inbox = new Inbox(context, placement, store);
    const follow = !context.bugs.has("session-moves");
    this.#sessions = new Sessions(context, (request) => this.#serve(request), { follow });
  }

  start(): void {
    const restored = this.#restored ?? [];
    this.#restored = undefined;
    if (restored.length > 0) this.#context.probe("a server restarted with its versions");
    for (const entry of restored) this.#applied(entry);
    this.#outbox.start();
  }

  onMessage(message: Message): Promise<Reply> | Reply {
    const asked = this.#sessions.onMessage(message);
    if (asked !== null) return asked;
    const { src, body } = message;
    switch (body["type"]) {
      case "replicate":
        void this.#inbox.receive(src, body["put"] as Put, Number(body["place"]));
        return undefined;
      case "applied":
        this.#outbox.applied(src, Number(body["count"]));
        return undefined;
      default:
        return this.#server.onMessage(body);
    }
  }

  #applied(entry: Entry): void {
    if (entry.place === undefined) this.#outbox.add(entry.put);
    else this.#inbox.applied(entry);
  }

  async #serve({ session, number, body }: SessionRequest): Promise<Reply> {
    const key = String(body["key"]);
    switch (body["type"]) {
      case "read": {
        const values = await this.#library.read(session, [key]);
        return values && { type: "read_ok", value: values[0] ?? null };
      }
      case "get-transaction": {
        const values = await this.#library.read(session, (body["keys"] as Json[]).map(String));
        return values && { type: "get-transaction_ok", values };
      }
      case "write": {
        const isDone = await this.#library.write(session, number, key, body["value"] ?? null);
        return isDone ? { type: "write_ok" } : undefined;
      }
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }
}
