/**
 * Letters between nodes, each with a checksum. What is gossiped is believed and passed on: one bit that
 * flips on one wire would otherwise be everywhere soon (Amazon S3, July 2008).
 */

import { canonical, type JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { hashText } from "../../src/random/mix.js";

export class Letters {
  readonly #context: NodeContext;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  /** Sends once all that the node knows now is durable. */
  async send(to: string, body: JsonObject): Promise<void> {
    const checksum = hashText(canonical(body));
    await this.#context.disk.fsync();
    this.#context.send(to, { ...body, checksum });
  }

  /** Did the letter arrive as it was sent? */
  isWhole({ checksum, ...body }: JsonObject): boolean {
    if (this.#context.bugs.has("no-checksum")) return true;
    if (checksum === hashText(canonical(body))) return true;
    this.#context.probe("an altered letter was thrown away");
    return false;
  }
}
