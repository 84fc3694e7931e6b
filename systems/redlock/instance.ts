/**
 * One Redis, as far as Redlock needs it: keys that expire, and scripts that look before they act.
 *
 * `SET key value NX PX ttl` with a counter beside the key, unlock by compare-and-delete. Everything
 * is on disk before it is answered (`appendfsync always`), and what time was left to a key before a
 * restart is not known, so that it lives for its whole time anew: what the Redis documentation calls
 * a delayed restart, key by key. Expiry is counted by the monotonic clock.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";

type Entry = { value: string; ttlMs: number };
/** The fence outlives the entry: the highest number that anybody was given for the key. */
type Kept = { entry: Entry | null; fence: number };

const empty: Kept & { expiresMs: number } = { entry: null, fence: 0, expiresMs: 0 };

export class Instance {
  readonly #context: NodeContext;
  readonly #keys = new Map<string, Kept & { expiresMs: number }>();

  constructor(context: NodeContext) {
    this.#context = context;
    const saved = context.disk.read("keys") as { [key: string]: Kept } | undefined;
    if (saved === undefined || context.bugs.has("not-persistent")) return;
    for (const [key, { entry, fence }] of Object.entries(saved)) {
      if (entry !== null) context.probe("an instance restarted with a locked key");
      this.#keys.set(key, { entry, fence, expiresMs: this.#nowMs() + (entry?.ttlMs ?? 0) });
    }
  }

  serve(body: JsonObject): Promise<JsonObject> | undefined {
    const key = String(body["key"]);
    switch (body["type"]) {
      case "set":
        return this.#set(key, { value: String(body["value"]), ttlMs: Number(body["ttlMs"]) });
      case "raise":
        return this.#raise(key, Number(body["fence"]));
      case "unlock":
        return this.#unlock(key, String(body["value"]));
      default:
        return undefined;
    }
  }

  /** NX: only where there is no such key, or it is this value that was set already. */
  async #set(key: string, entry: Entry): Promise<JsonObject> {
    const { entry: current, fence, expiresMs } = this.#keys.get(key) ?? empty;
    const isMine = current?.value === entry.value;
    const nowMs = this.#nowMs();
    if (!isMine) {
      if (current !== null && nowMs < expiresMs) return { type: "set_ok", ok: false };
      if (current !== null) this.#context.probe("a key expired at an instance");
      this.#keys.set(key, { entry, fence: fence + 1, expiresMs: nowMs + entry.ttlMs });
      this.#save();
    }
    const given = this.#keys.get(key)!.fence;
    await this.#context.disk.fsync();
    return { type: "set_ok", ok: true, fence: given };
  }

  /** No later holder is given a lower number here. */
  async #raise(key: string, fence: number): Promise<JsonObject> {
    const kept = this.#keys.get(key) ?? empty;
    if (fence > kept.fence) {
      this.#keys.set(key, { ...kept, fence });
      this.#save();
    }
    await this.#context.disk.fsync();
    return { type: "raise_ok", ok: true };
  }

  /** Only the value that is there: by now the key may be somebody else's. */
  async #unlock(key: string, value: string): Promise<JsonObject> {
    const kept = this.#keys.get(key) ?? empty;
    if (kept.entry !== null) {
      const isMine = kept.entry.value === value;
      if (!isMine) this.#context.probe("a lock was given back that is another's by now");
      if (isMine || this.#context.bugs.has("unlock-unchecked")) {
        this.#keys.set(key, { ...kept, entry: null });
        this.#save();
      }
    }
    return { type: "unlock_ok", ok: true };
  }

  #nowMs(): number {
    const { bugs, clock } = this.#context;
    return bugs.has("wall-clock-expiry") ? clock.wallMs() : clock.monotonicMs();
  }

  #save(): void {
    const entries = [...this.#keys].map(([key, { entry, fence }]): [string, Kept] => [
      key,
      { entry, fence },
    ]);
    this.#context.disk.write("keys", Object.fromEntries(entries));
  }
}
