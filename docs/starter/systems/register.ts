/**
 * A starting point: registers that live on the first node; the others forward to it.
 *
 * What is acknowledged is on the disk before. A request that arrives again (networks deliver twice,
 * and late) is answered again and not done again. Replace it with your own system.
 */

import {
  defineSystem,
  errorCodes,
  type Json,
  type JsonObject,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "faultline";

/** A register, and which requests have written it. */
type Stored = { value: Json; requests: string[] };

class Register implements Node {
  readonly #context: NodeContext;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  async onMessage({ src, body }: Message): Promise<JsonObject> {
    const { id, nodes } = this.#context;
    const [home] = nodes as [string];
    if (id !== home) {
      const { msg_id, ...request } = body;
      const forwarded = { ...request, request: `${src} ${msg_id}` };
      return this.#context.rpc(home, forwarded, { timeoutMs: 500 });
    }
    const key = String(body["key"]);
    switch (body["type"]) {
      case "read": {
        const { value } = this.#stored(key);
        // What a crash could still take back must not be shown.
        await this.#context.disk.fsync();
        return { type: "read_ok", value };
      }
      case "write":
        this.#write(
          key,
          body["value"] ?? null,
          String(body["request"] ?? `${src} ${body["msg_id"]}`),
        );
        await this.#context.disk.fsync();
        return { type: "write_ok" };
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }

  #stored(key: string): Stored {
    return (this.#context.disk.read(key) as Stored | undefined) ?? { value: null, requests: [] };
  }

  #write(key: string, value: Json, request: string): void {
    const { requests } = this.#stored(key);
    if (requests.includes(request)) return;
    this.#context.disk.write(key, { value, requests: [...requests, request] });
  }
}

export default defineSystem({
  name: "my-register",
  summary: "registers on the first node",
  workloads: ["register", "kv"],
  service: () => ({ operations: ["read", "write"], consistency: "linearizable" }),
  create: (context) => new Register(context),
});
