/**
 * Hinted handoff: what a stand-in keeps for homes that did not answer, until they have it.
 *
 * A hint is durable before it is acknowledged, and it is kept until its home has acknowledged the
 * version, however long that takes: where stand-ins count, it may be the only copy of a write that
 * a client was told of. Of several versions of one key for one home only the newest matters.
 */

import { type NodeContext, RpcTimeout } from "../../src/hosts/ts/node.js";
import { isNewer, type Version } from "../quorum.js";
import { type KeyedVersion, tagOf } from "./replica.js";
import type { Storage } from "./storage.js";

const FILE = "hints";
const HANDOFF_MS = 150;
const HANDOFF_TIMEOUT_MS = 400;
/** How long a hint lives with the bug `hints-expire`. */
const EXPIRY_MS = 500;

interface Hint {
  version: Version;
  sinceMs: number;
}

/** A line of the file: a hint, or, without version, that it is done with. */
type HintRecord = { home: string; key: string; version?: Version };

export class Hints {
  readonly #context: NodeContext;
  readonly #storage: Storage;
  /** By home, then by key. */
  readonly #hints = new Map<string, Map<string, Hint>>();
  /** Homes to which a handoff is under way. */
  readonly #busy = new Set<string>();
  #isWaiting = false;

  constructor(context: NodeContext, storage: Storage) {
    this.#context = context;
    this.#storage = storage;
  }

  /** Reads the disk, as a node does at boot. */
  load(): void {
    for (const record of this.#storage.records(FILE)) {
      const { home, key, version } = record as HintRecord;
      if (version === undefined) this.#hints.get(home)?.delete(key);
      else this.#set(home, key, version);
    }
  }

  /** Versions of the key that are kept here for its homes. */
  of(key: string): Version[] {
    return [...this.#hints.values()].flatMap((hints) => hints.get(key)?.version ?? []);
  }

  /** Durable after the next sync. */
  keep(home: string, key: string, version: Version): void {
    const known = this.#hints.get(home)?.get(key);
    if (known !== undefined && !isNewer(version, known.version)) return;
    this.#set(home, key, version);
    this.#record({ home, key, version });
    this.#context.probe("a stand-in keeps a hint");
  }

  /** Every so often, as long as there is something to hand off. */
  #wait(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    const { after, bugs } = this.#context;
    after(HANDOFF_MS, () => {
      this.#isWaiting = false;
      if (bugs.has("hints-expire")) this.#expire();
      for (const [home, hints] of this.#hints) {
        if (hints.size === 0) continue;
        this.#wait();
        if (!this.#busy.has(home)) void this.#handOff(home, hints);
      }
    });
  }

  async #handOff(home: string, hints: Map<string, Hint>): Promise<void> {
    const { rpc, probe } = this.#context;
    const versions: KeyedVersion[] = [...hints].map(([key, { version }]) => [key, version]);
    this.#busy.add(home);
    try {
      await rpc(home, { type: "handoff", versions }, { timeoutMs: HANDOFF_TIMEOUT_MS });
      for (const [key, version] of versions) {
        const hint = hints.get(key);
        // One that came meanwhile stays for the next time.
        if (hint !== undefined && tagOf(hint.version) === tagOf(version)) this.#drop(home, key);
      }
      probe("a hint was handed off");
    } catch (error) {
      if (!(error instanceof RpcTimeout)) throw error;
    } finally {
      this.#busy.delete(home);
    }
  }

  #expire(): void {
    const bornMs = this.#context.clock.monotonicMs() - EXPIRY_MS;
    for (const [home, hints] of this.#hints) {
      for (const [key, { sinceMs }] of [...hints]) if (sinceMs < bornMs) this.#drop(home, key);
    }
  }

  #drop(home: string, key: string): void {
    this.#hints.get(home)?.delete(key);
    if ([...this.#hints.values()].every(({ size }) => size === 0)) this.#storage.truncate(FILE, 0);
    else this.#record({ home, key });
  }

  #record(record: HintRecord): void {
    this.#storage.append(FILE, record);
  }

  #set(home: string, key: string, version: Version): void {
    let hints = this.#hints.get(home);
    if (hints === undefined) this.#hints.set(home, (hints = new Map()));
    hints.set(key, { version, sinceMs: this.#context.clock.monotonicMs() });
    this.#wait();
  }
}
