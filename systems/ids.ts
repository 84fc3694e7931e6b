/**
 * Unique ids without coordination: whole numbers, every node from a sequence of its own.
 *
 * Node i of N hands out i, N + i, 2N + i … Before it hands out any of a block it notes durably that
 * the block is taken; after a crash it begins with the next block, and wastes what was left of the
 * last one. No two nodes share a number, and no node uses one twice. Always available. Promises
 * neither order nor density. Left out: changes of membership, which would need a number per node
 * that is never given out again.
 *
 * The note stands in two places by turns, each with a checksum, and is read again once it is written:
 * a write that goes wrong leaves the one before, and is noticed. So one place is always a block ahead of
 * the other. Where one is damaged after a crash, nobody knows which of the two it was: the node goes on
 * behind both, and writes both anew first. Where neither can be read, it waits until one can.
 */

import { isJsonObject, type Json, type JsonObject } from "../src/base/json.js";
import {
  errorCodes,
  isDiskError,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../src/hosts/ts/node.js";
import { readChecked, writeChecked } from "./checked.js";
import type { System } from "./system.js";

const BLOCK = 16;
/** Where the notes stand, by turns. */
const places = ["reserved/0", "reserved/1"] as const;
/** Behind a damaged place, and so that its turn to be written is the next. */
const AHEAD = 2 * BLOCK;
/** Ids of a millisecond, where ids are made of time: few, so that ids stay exact as doubles. */
const PER_MS = 32;

class IdNode implements Node {
  readonly #context: NodeContext;
  /** Numbers below are used up. */
  #next = 0;
  /** Numbers below are ours by what is on disk; unknown as long as that cannot be read. */
  #reserved: number | undefined;
  #reserving: Promise<void> | undefined;
  #isDamaged = false;
  #lastMs = 0;
  #sequence = 0;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  async onMessage({ body }: Message): Promise<JsonObject> {
    if (body["type"] !== "generate") {
      throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
    const { id, nodes, bugs } = this.#context;
    const number = bugs.has("clock-ids") ? this.#byClock() : await this.#bySequence();
    return { type: "generate_ok", id: number * nodes.length + nodes.indexOf(id) };
  }

  async #bySequence(): Promise<number> {
    this.#reserved ??= this.#boot();
    const number = this.#next++;
    while (number >= this.#reserved) {
      if (this.#reserving) this.#context.probe("two requests waited for one block");
      this.#reserving ??= this.#reserve().finally(() => {
        this.#reserving = undefined;
      });
      await this.#reserving;
    }
    return number;
  }

  /** Where to go on after what may have been handed out before. @throws Refusal where none can say. */
  #boot(): number {
    const { bugs, disk, probe } = this.#context;
    const notes = unlessBroken(() => places.map((place) => readChecked(disk, place)));
    const known = notes.flatMap((note) => {
      if (note.found === "nothing") return [0];
      if (note.found === "sound") return [Number(note.data)];
      return bugs.has("trusts-disk") ? [takenAtItsWord(note.stored)] : [];
    });
    if (known.length === 0) throw unavailable("what was reserved cannot be read");
    this.#isDamaged = known.length < places.length;
    if (this.#isDamaged) probe("a damaged note was found out");
    this.#next = Math.max(...known) + (this.#isDamaged ? AHEAD : 0);
    if (this.#next > 0) probe("a restart wasted the rest of a block");
    return this.#next;
  }

  async #reserve(): Promise<void> {
    const used = this.#reserved ?? 0;
    // Nothing is handed out before both places are sound again.
    const noted = this.#isDamaged ? await this.#noteAfter(used) : used;
    this.#reserved = await this.#noteAfter(noted);
    this.#isDamaged = false;
    this.#context.probe("a block of ids was reserved");
  }

  /** Notes that one more block is taken. @throws Refusal where the note does not stand there then. */
  async #noteAfter(used: number): Promise<number> {
    const { bugs, disk } = this.#context;
    const reserved = used + BLOCK;
    const place = places[(reserved / BLOCK) % 2] as string;
    unlessBroken(() => writeChecked(disk, place, reserved));
    if (!bugs.has("unsynced-block")) await disk.fsync();
    const note = unlessBroken(() => readChecked(disk, place));
    if (note.found === "sound" && note.data === reserved) return reserved;
    throw unavailable("the note of a block went astray");
  }

  /** The bug: milliseconds of the calendar, and a sequence within each, forgotten by a crash. */
  #byClock(): number {
    const nowMs = Math.floor(this.#context.clock.wallMs());
    this.#sequence = nowMs === this.#lastMs ? this.#sequence + 1 : 0;
    this.#lastMs = nowMs;
    return nowMs * PER_MS + this.#sequence;
  }
}

/** The bug: whatever number stands there, as the end of a block. */
function takenAtItsWord(stored: Json): number {
  const data = isJsonObject(stored) ? stored["data"] : undefined;
  return typeof data === "number" && data > 0 ? Math.floor(data / BLOCK) * BLOCK : 0;
}

/** What the disk answers. @throws Refusal where it fails: nothing was handed out. */
function unlessBroken<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (isDiskError(error)) throw unavailable(`the disk fails: ${error.code}`);
    throw error;
  }
}

function unavailable(text: string): Refusal {
  return new Refusal(errorCodes.temporarilyUnavailable, text);
}

export const ids: System = {
  name: "ids",
  summary: "unique ids without coordination, from blocks that each node reserves durably",
  nodeCounts: [3, 5],
  workloads: ["unique-ids"],
  options: {},
  bugs: {
    "unsynced-block": {
      summary: "ids of a block are handed out before its reservation is on disk",
      source: "sequences with a cache and a lazily written log; Jepsen's tests of counters as ids",
      needs: "a crash soon after a block was begun",
      checker: "unique-ids",
      anomalies: ["duplicate-id"],
      nemesis: "crash",
    },
    "clock-ids": {
      summary: "ids are made of the calendar clock and a sequence within the millisecond",
      source: "Twitter's Snowflake, which refuses to work while its clock runs backwards",
      needs: "a clock that steps back to a millisecond in which ids were handed out",
      checker: "unique-ids",
      anomalies: ["duplicate-id"],
      nemesis: "clock",
    },
    "trusts-disk": {
      summary: "what is read at boot is taken for what was written, whatever its checksum says",
      source: "Ganesan et al., Redundancy Does Not Imply Fault Tolerance, FAST 2017",
      needs: "a note that rots, and a restart",
      checker: "unique-ids",
      anomalies: ["duplicate-id"],
      nemesis: "disk",
    },
  },
  invariants: [],
  driftPpmMax: 100_000,
  survives: {
    kinds: ["torn-write", "bit-rot", "misdirected-write", "read-error", "disk-full"],
  },
  recovery: { core: () => 1, withinMs: 3_000 },
  probes: [
    "a block of ids was reserved",
    "two requests waited for one block",
    "a restart wasted the rest of a block",
    "a damaged note was found out",
  ],
  service: () => ({ operations: ["generate"], consistency: "linearizable" }),
  create: (context) => new IdNode(context),
};
