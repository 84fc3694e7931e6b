/** A node: a coordinator for clients, a home of some ranges of keys, a stand-in for other homes. */

import type { JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import { newest, type Version } from "../quorum.js";
import { AntiEntropy } from "./anti-entropy.js";
import { Coordinator } from "./coordinator.js";
import { Hints } from "./hints.js";
import { type KeyedVersion, Replica } from "./replica.js";
import { Ring } from "./ring.js";
import { settingsOf } from "./settings.js";
import { Storage } from "./storage.js";

export class DynamoNode implements Node {
  readonly #context: NodeContext;
  readonly #storage: Storage;
  readonly #replica: Replica;
  readonly #hints: Hints;
  readonly #antiEntropy: AntiEntropy;
  readonly #coordinator: Coordinator;

  constructor(context: NodeContext) {
    const settings = settingsOf(context.options, context.nodes.length);
    const ring = new Ring(context.nodes, settings.replicas);
    this.#context = context;
    this.#storage = new Storage(context.disk);
    this.#replica = new Replica(context, ring, this.#storage);
    this.#hints = new Hints(context, this.#storage);
    this.#antiEntropy = new AntiEntropy(context, this.#replica, ring);
    this.#coordinator = new Coordinator({
      context,
      ring,
      settings,
      storage: this.#storage,
      serve: (body) => this.#serve(body),
    });
  }

  start(): void {
    this.#replica.load();
    this.#hints.load();
    this.#antiEntropy.start();
  }

  async onMessage(message: Message): Promise<JsonObject | undefined> {
    const { src, body } = message;
    const key = String(body["key"]);
    switch (body["type"]) {
      case "read":
        return this.#coordinator.read(key, body["degraded"] === true);
      case "write":
      case "delete": {
        // A tombstone is a version like others, whose value is none.
        const value = body["type"] === "write" ? (body["value"] ?? null) : null;
        const taken = await this.#coordinator.write(message, key, value);
        return taken ? { type: `${body["type"]}_ok` } : undefined;
      }
      case "query":
      case "store":
        return this.#serve(body);
      case "handoff":
        return this.#takeHandoff(body["versions"] as KeyedVersion[]);
      case "repair":
        this.#replica.keep(key, body["version"] as Version);
        return undefined;
      case "summary":
        this.#antiEntropy.summary(src, body);
        return undefined;
      case "compare":
        this.#antiEntropy.compare(src, body);
        return undefined;
      case "versions":
        this.#antiEntropy.exchange(src, body);
        return undefined;
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }

  /** What a home, or a stand-in, does in both phases: nothing is told that a crash could take back. */
  async #serve(body: JsonObject): Promise<JsonObject> {
    const key = String(body["key"]);
    if (body["type"] === "query") {
      const version = newest([this.#replica.get(key), ...this.#hints.of(key)]);
      await this.#storage.sync();
      return { type: "query_ok", version };
    }
    const version = body["version"] as Version;
    const home = String(body["home"] ?? this.#context.id);
    if (home === this.#context.id) this.#replica.keep(key, version);
    else this.#hints.keep(home, key, version);
    await this.#storage.sync();
    return { type: "store_ok" };
  }

  async #takeHandoff(versions: readonly KeyedVersion[]): Promise<JsonObject> {
    for (const [key, version] of versions) {
      // What a hint brings may be older than what came since.
      if (this.#context.bugs.has("blind-hint-replay")) this.#replica.put(key, version);
      else this.#replica.keep(key, version);
    }
    await this.#storage.sync();
    return { type: "handoff_ok" };
  }
}
