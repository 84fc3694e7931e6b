/**
 * Unique ids without coordination: whole numbers, every node from a sequence of its own.
 *
 * Node i of N hands out i, N + i, 2N + i … Before it hands out any of a block it notes durably that
 * the block is taken; after a crash it begins with the next block, and wastes what was left of the
 * last one. No two nodes share a number, and no node uses one twice. Always available. Promises
 * neither order nor density. Left out: changes of membership, which would need a number per node
 * that is never given out again.
 */

import type { JsonObject } from "../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../src/hosts/ts/node.js";
import type { System } from "./system.js";

const BLOCK = 16;
/** Ids of a millisecond, where ids are made of time: few, so that ids stay exact as doubles. */
const PER_MS = 32;

class IdNode implements Node {
  readonly #context: NodeContext;
  /** Numbers below are used up. */
  #next = 0;
  /** Numbers below are ours by what is on disk. */
  #reserved = 0;
  #reserving: Promise<void> | undefined;
  #lastMs = 0;
  #sequence = 0;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  start(): void {
    this.#next = this.#reserved = Number(this.#context.disk.read("reserved") ?? 0);
    if (this.#reserved > 0) this.#context.probe("a restart wasted the rest of a block");
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

  async #reserve(): Promise<void> {
    const { bugs, disk, probe } = this.#context;
    const reserved = this.#reserved + BLOCK;
    disk.write("reserved", reserved);
    if (!bugs.has("unsynced-block")) await disk.fsync();
    probe("a block of ids was reserved");
    this.#reserved = reserved;
  }

  /** The bug: milliseconds of the calendar, and a sequence within each, forgotten by a crash. */
  #byClock(): number {
    const nowMs = Math.floor(this.#context.clock.wallMs());
    this.#sequence = nowMs === this.#lastMs ? this.#sequence + 1 : 0;
    this.#lastMs = nowMs;
    return nowMs * PER_MS + this.#sequence;
  }
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
  },
  invariants: [],
  driftPpmMax: 100_000,
  recovery: { core: () => 1, withinMs: 3_000 },
  probes: [
    "a block of ids was reserved",
    "two requests waited for one block",
    "a restart wasted the rest of a block",
  ],
  service: () => ({ operations: ["generate"], consistency: "linearizable" }),
  create: (context) => new IdNode(context),
};
