/**
 * The door for clients: any node takes a request, and passes it to the owner of its shard.
 *
 * Which node that is the router has from the newest table that it has heard of, and that may be an old one.
 * An owner who is none any more says so, with a newer table where it has one; then the request goes there.
 * While a shard is handed over nobody serves it, and the router tries again. It does so until an answer
 * comes, or the client has given up. Asked twice, an owner does a thing once.
 */

import type { JsonObject } from "../../src/base/json.js";
import { errorCodes, type Message, type NodeContext, Refusal } from "../../src/hosts/ts/node.js";
import { answerOf } from "../answers.js";
import type { Elsewhere, Operation, Request, Serve, Served } from "./messages.js";
import type { Owner } from "./owner.js";
import type { Partitioning } from "./partitionings.js";
import { type Shard, shardAt, type Table } from "./table.js";

/** Clients wait no longer. */
const PATIENCE_MS = 1000;
const ANSWER_MS = 300;
const RETRY_MS = 25;

type Answer = Served | Elsewhere | undefined;

export class Router {
  readonly #context: NodeContext;
  readonly #partitioning: Partitioning;
  readonly #owner: Owner;
  #table: Table | undefined;

  constructor(context: NodeContext, partitioning: Partitioning, owner: Owner) {
    this.#context = context;
    this.#partitioning = partitioning;
    this.#owner = owner;
  }

  get table(): Table | undefined {
    return this.#table;
  }

  /** Takes the newer one. */
  learn(table: Table | undefined): void {
    if (table !== undefined && table.version > (this.#table?.version ?? 0)) this.#table = table;
  }

  /** A client's request; undefined when nobody answered in time. @throws Refusal */
  async route({ src, body }: Message): Promise<JsonObject | undefined> {
    const { clock, sleep } = this.#context;
    const operation = operationOf(body);
    const request: Request = { client: src, number: Number(body["msg_id"]), operation };
    const untilMs = clock.monotonicMs() + PATIENCE_MS;
    while (clock.monotonicMs() < untilMs) {
      const before = this.#table;
      const answer = await this.#ask(request);
      if (answer?.type === "served") return answer.reply;
      if (answer !== undefined) this.learn(answer.table);
      if (this.#table === before) await sleep(RETRY_MS);
      else this.#context.probe("a request was sent on with a newer table");
    }
    return undefined;
  }

  /** A request from another node's router. */
  async serve({ request, epoch, version }: Serve): Promise<JsonObject | undefined> {
    const answer = await this.#owner.serve(request, epoch);
    if (answer?.type !== "elsewhere") return answer;
    const table = this.#table;
    return { ...answer, ...(table !== undefined && table.version > version ? { table } : {}) };
  }

  async #ask(request: Request): Promise<Answer> {
    const table = this.#table;
    if (table === undefined) return undefined;
    const shard = shardAt(table, this.#partitioning.placeOf(request.operation.key));
    if (shard.owner === this.#context.id) return this.#owner.serve(request, shard.epoch);
    return this.#forward(request, shard, table);
  }

  async #forward(request: Request, { owner, epoch }: Shard, { version }: Table): Promise<Answer> {
    const message: Serve = { type: "serve", request, epoch, version };
    return (await answerOf(this.#context, owner, message, ANSWER_MS)) as Answer;
  }
}

/** @throws Refusal */
function operationOf({ type, key, value = null, from = null, to = null }: JsonObject): Operation {
  const name = String(key);
  switch (type) {
    case "read":
      return { type, key: name };
    case "write":
      return { type, key: name, value };
    case "cas":
      return { type, key: name, from, to };
    default:
      throw new Refusal(errorCodes.notSupported, `no operation "${String(type)}" here`);
  }
}
