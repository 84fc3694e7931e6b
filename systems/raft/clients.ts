/**
 * The side of a server that clients see. Any server takes requests: it submits them to the leader,
 * again and again while there is no answer, and to each new leader, until the client has given up.
 *
 * Submitting twice is harmless (see state-machine.ts). What is not known is never said: a request
 * that may still take effect gets no answer, rather than an error.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import { errorCodes, type Message, type NodeContext, Refusal } from "../../src/hosts/ts/node.js";
import { type Command, type Operation, requestName } from "./messages.js";

/** What it needs of the server that it belongs to. */
export interface ClientsServer {
  readonly context: NodeContext;
  readonly settings: { readonly resubmitMs: number; readonly requestTimeoutMs: number };
  nowMs(): number;
}

interface OpenRequest {
  message: Message;
  command: Command;
  untilMs: number;
}

export class Clients {
  readonly #server: ClientsServer;
  readonly #submit: (command: Command) => void;
  /** Requests not answered yet, oldest first. */
  readonly #open = new Map<string, OpenRequest>();
  #resubmitting = false;

  constructor(server: ClientsServer, submit: (command: Command) => void) {
    this.#server = server;
    this.#submit = submit;
  }

  /** @throws Refusal for what is not a request of this service. */
  receive(message: Message): void {
    const command = commandOf(message);
    const name = requestName(command);
    if (this.#open.has(name)) return;
    const untilMs = this.#server.nowMs() + this.#server.settings.requestTimeoutMs;
    this.#open.set(name, { message, command, untilMs });
    this.#submit(command);
    if (!this.#resubmitting) this.#resubmitLater();
  }

  answer(request: { client: string; requestId: number }, reply: JsonObject): void {
    const name = requestName(request);
    const open = this.#open.get(name);
    if (open === undefined) return;
    this.#open.delete(name);
    this.#server.context.reply(open.message, reply);
  }

  /** There is a new leader: it is asked for everything unanswered. */
  leaderChanged(): void {
    if (this.#open.size > 0) {
      this.#server.context.probe("requests were submitted to another leader");
    }
    this.#resubmit();
  }

  /** Asks the leader for everything unanswered. */
  #resubmit(): void {
    const nowMs = this.#server.nowMs();
    for (const [name, { command, untilMs }] of [...this.#open]) {
      if (nowMs < untilMs) this.#submit(command);
      else this.#open.delete(name);
    }
  }

  #resubmitLater(): void {
    this.#resubmitting = this.#open.size > 0;
    if (!this.#resubmitting) return;
    this.#server.context.after(this.#server.settings.resubmitMs, () => {
      this.#resubmit();
      this.#resubmitLater();
    });
  }
}

function commandOf({ src, body }: Message): Command {
  const requestId = body["msg_id"];
  if (typeof requestId !== "number") throw malformed("msg_id is a number");
  return { client: src, requestId, operation: operationOf(body) };
}

function operationOf(body: JsonObject): Operation {
  const { type, key } = body;
  if (type !== "read" && type !== "write" && type !== "cas") {
    throw new Refusal(errorCodes.notSupported, `no operation ${JSON.stringify(type ?? null)}`);
  }
  if (typeof key !== "string") throw malformed("key is a string");
  if (type === "read") return { type, key };
  if (type === "write") return { type, key, value: given(body, "value") };
  return { type, key, from: given(body, "from"), to: given(body, "to") };
}

function given(body: JsonObject, name: string): Json {
  const value = body[name];
  if (value === undefined) throw malformed(`${name} is missing`);
  return value;
}

function malformed(text: string): Refusal {
  return new Refusal(errorCodes.malformedRequest, text);
}
