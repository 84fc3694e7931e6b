/** A node: a front end, and on two of them a layer behind it. */

import type { JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
  RpcTimeout,
} from "../../src/hosts/ts/node.js";
import { BackEnd } from "./back-end.js";
import { FrontEnd } from "./front-end.js";
import { ATTEMPT_MS, ATTEMPTS_MAX, WAY_MS } from "./rules.js";

export class RetryingNode implements Node {
  readonly #context: NodeContext;
  readonly #frontEnd: FrontEnd;
  readonly #backEnd: BackEnd;

  constructor(context: NodeContext) {
    this.#context = context;
    const middle = context.nodes[1] as string;
    this.#backEnd = new BackEnd(context);
    this.#frontEnd = new FrontEnd(context, (body, timeoutMs) =>
      middle === context.id ? this.#serve(body) : context.rpc(middle, body, { timeoutMs }),
    );
  }

  async start(): Promise<void> {
    const { disk, id } = this.#context;
    const boot = Number(disk.read("boots") ?? 0) + 1;
    disk.write("boots", boot);
    await disk.fsync();
    this.#frontEnd.start(`${id}/${boot}`);
  }

  async onMessage({ src, body }: Message): Promise<JsonObject> {
    switch (body["type"]) {
      case "call":
        return this.#call(`${src}/${String(body["msg_id"])}`);
      case "serve":
        return this.#serve(body);
      case "work":
        return this.#backEnd.work(body);
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }

  async #call(request: string): Promise<JsonObject> {
    const outcome = await this.#frontEnd.call(request);
    if (outcome === "answered") return { type: "call_ok" };
    if (outcome === "failed") throw new RpcTimeout("no attempt was answered in time");
    throw new Refusal(errorCodes.temporarilyUnavailable, "the breaker is open");
  }

  /** The layer in the middle: passes an attempt on, with what is left of its time. */
  async #serve({ request = null, attempt, leftMs }: JsonObject): Promise<JsonObject> {
    const backEnd = this.#context.nodes[0] as string;
    const passOn = (count: number, timeoutMs: number): Promise<JsonObject> => {
      const label = `${String(attempt)}.${count}`;
      const body = { type: "work", request, attempt: label, leftMs: timeoutMs - WAY_MS };
      return this.#context.rpc(backEnd, body, { timeoutMs });
    };
    if (!this.#context.bugs.has("retries-at-every-layer")) return passOn(1, Number(leftMs));
    for (let count = 1; ; count++) {
      try {
        return await passOn(count, ATTEMPT_MS);
      } catch (error) {
        if (count === ATTEMPTS_MAX) throw error;
      }
    }
  }
}
