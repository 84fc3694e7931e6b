/**
 * The coordinator's part: whichever node a client asks leads the operation, in two phases.
 *
 * A write asks R homes for their versions, and stores its own, with a sequence one above the highest,
 * at W. A read asks R, and sees to it that W homes have the version that it returns *before* it
 * returns it: mostly they have, and the read is over after one phase; else it repairs them. Whoever
 * answers late, with an older version, is repaired without anybody waiting.
 *
 * What a failure says. Phase one stores nothing: a write that found no R homes has certainly not
 * happened. From the first store on nobody knows: a version at one home may spread any time later.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import { errorCodes, type Message, type NodeContext, Refusal } from "../../src/hosts/ts/node.js";
import { isNewer, newest, unwritten, type Version } from "../quorum.js";
import { type Gathered, Gathering, type Phase } from "./gathering.js";
import { tagOf } from "./replica.js";
import type { Ring } from "./ring.js";
import type { Settings } from "./settings.js";
import type { Storage } from "./storage.js";

export interface CoordinatorOptions {
  context: NodeContext;
  ring: Ring;
  settings: Settings;
  storage: Storage;
  /** What this node answers when it is a home or a stand-in itself. */
  serve(body: JsonObject): Promise<JsonObject>;
}

interface Answers {
  enough: boolean;
  /** The newest version among those that were told; undefined where nobody answered. */
  latest: Version | undefined;
  /** Who has it, durably. */
  holders: string[];
}

export class Coordinator {
  readonly #context: NodeContext;
  readonly #options: CoordinatorOptions;

  constructor(options: CoordinatorOptions) {
    this.#context = options.context;
    this.#options = options;
  }

  /**
   * @param mayDegrade a marked answer of fewer than R homes is better than none.
   * @throws Refusal when too few homes answer.
   */
  async read(key: string, mayDegrade: boolean): Promise<JsonObject> {
    const { bugs, probe } = this.#context;
    const { settings } = this.#options;
    const { enough, latest, holders } = await this.#ask(key);
    if (enough && latest !== undefined) {
      const kept =
        latest.sequence === 0 ||
        holders.length >= settings.write ||
        bugs.has("no-write-back") ||
        (await this.#repaired(key, latest, holders));
      if (kept) return { type: "read_ok", value: latest.value };
    }
    if (latest === undefined || !mayDegrade || !settings.degraded) {
      throw new Refusal(errorCodes.temporarilyUnavailable, "too few replicas answer");
    }
    probe("a read was degraded");
    const mark = bugs.has("unmarked-degraded-read") ? {} : { degraded: true };
    return { type: "read_ok", value: latest.value, ...mark };
  }

  /**
   * Stores a value, or null, which deletes the key. False for a request that was taken before.
   * @throws Refusal when too few homes answer: definite before anything was stored, open after.
   */
  async write({ src, body }: Message, key: string, value: Json): Promise<boolean> {
    const { bugs, probe } = this.#context;
    const { storage } = this.#options;
    const request = Number(body["msg_id"]);
    if (!this.#isFirst(src, request)) {
      probe("a coordinator met a duplicate write");
      return false;
    }
    // Its note is durable before anything is stored, and before it is said that nothing was.
    const [{ enough, latest = unwritten }] = await Promise.all([this.#ask(key), storage.sync()]);
    if (!enough) {
      probe("a write failed before anything was stored");
      throw new Refusal(errorCodes.temporarilyUnavailable, "too few replicas answer");
    }
    const writer = bugs.has("tag-without-writer") ? "" : `${src}/${request}`;
    const version = { sequence: latest.sequence + 1, writer, value };
    if (await this.#stored(key, version, [])) return true;
    probe("a write's outcome is unknown");
    // Not at W homes is not nowhere: repairs will find it and finish it.
    const code = bugs.has("failed-write-repaired")
      ? errorCodes.temporarilyUnavailable
      : errorCodes.timeout;
    throw new Refusal(code, "too few replicas acknowledge");
  }

  /**
   * Notes the request; false when it, or a later one of its client, was noted before. Run twice, a
   * write would get a second, higher tag and bring its value back after newer ones.
   */
  #isFirst(client: string, request: number): boolean {
    const { storage } = this.#options;
    const file = `last/${client}`;
    if (request <= Number(storage.read(file) ?? 0)) return false;
    storage.write(file, request);
    return true;
  }

  /** Phase one. */
  async #ask(key: string): Promise<Answers> {
    const { sloppy, read, write, replicas } = this.#options.settings;
    const { bugs, probe } = this.#context;
    const query = { type: "query", key };
    let latest: Version | undefined;
    const { enough, answers } = await this.#gather(key, {
      // The off-by-one: a pair of quorums that adds up to N is taken for one that adds up to more.
      need: bugs.has("weak-quorum") ? Math.max(1, replicas - write) : read,
      body: query,
      ...(sloppy ? { standInBody: () => query } : {}),
      standInsCount: sloppy,
      late: (home, answer) => {
        if (latest === undefined || !isNewer(latest, versionIn(answer))) return;
        probe("a late replica was repaired");
        this.#repair(home, key, latest);
      },
    });
    const versions = new Map([...answers].map(([node, answer]) => [node, versionIn(answer)]));
    if (versions.size === 0) return { enough, latest, holders: [] };
    const best = newest(versions.values());
    latest = best;
    const holders = [...versions].filter(([, version]) => tagOf(version) === tagOf(best));
    return { enough, latest, holders: holders.map(([node]) => node) };
  }

  async #repaired(key: string, version: Version, holders: readonly string[]): Promise<boolean> {
    const repaired = await this.#stored(key, version, holders);
    if (repaired) this.#context.probe("a read was repaired before it answered");
    return repaired;
  }

  /** Phase two: whether W have the version, those `given` among them. */
  async #stored(key: string, version: Version, given: readonly string[]): Promise<boolean> {
    const { sloppy, write } = this.#options.settings;
    const { bugs, probe } = this.#context;
    const { enough, answers } = await this.#gather(key, {
      need: write,
      given,
      body: { type: "store", key, version },
      standInBody: (home) => ({ type: "store", key, version, home }),
      // A hint is a promise to store; whoever asks the homes does not see it.
      standInsCount: sloppy || bugs.has("hints-count"),
    });
    const { ring } = this.#options;
    const standIns = ring.standIns(ring.rangeOf(key));
    if (enough && standIns.some((node) => answers.has(node))) probe("stand-ins made a quorum");
    return enough;
  }

  /** Nobody waits for it. */
  #repair(home: string, key: string, version: Version): void {
    const { id, send } = this.#context;
    if (home === id) void this.#options.serve({ type: "store", key, version });
    else send(home, { type: "repair", key, version });
  }

  #gather(key: string, phase: Omit<Phase, "homes" | "standIns">): Promise<Gathered> {
    const { ring, serve } = this.#options;
    const range = ring.rangeOf(key);
    const whole = { ...phase, homes: ring.homes(range), standIns: ring.standIns(range) };
    return new Gathering(this.#context, whole, serve).run();
  }
}

function versionIn(answer: JsonObject): Version {
  return answer["version"] as Version;
}
