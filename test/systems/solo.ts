/** One node alone, with its disk, its timers and everything it hears in the hands of a test. */

import type { JsonObject } from "../../src/base/json.js";
import { type Node, type NodeContext, type OptionValue, Refusal } from "../../src/hosts/ts/node.js";
import { Random } from "../../src/random/random.js";
import { type Disk, SimulatedDisk } from "../../src/sim/disk.js";
import type { System } from "../../systems/index.js";

export interface SoloOptions {
  id?: string;
  nodes?: readonly string[];
  /** Those of them that make up the cluster at the beginning; all when left out. */
  members?: readonly string[];
  options?: { readonly [name: string]: OptionValue };
  bugs?: readonly string[];
  timing?: NonNullable<NodeContext["timing"]>;
}

export interface Sent {
  to: string;
  body: JsonObject;
}

interface Timer {
  dueMs: number;
  action: () => unknown;
}

export class Solo {
  /** What the node observed, in all its boots. */
  readonly observed: string[] = [];
  readonly #system: System;
  readonly #options: SoloOptions;
  readonly #disk: SimulatedDisk;
  #node: Node;
  #sent: Sent[] = [];
  #syncs: (() => void)[] = [];
  /** In the order in which they were set. */
  readonly #timers = new Set<Timer>();
  #nowMs = 1000;
  /** Counts boots: what an earlier one left behind may no longer act. */
  #boot = 0;

  constructor(system: System, options: SoloOptions = {}) {
    this.#system = system;
    this.#options = options;
    this.#disk = new SimulatedDisk({
      syncUs: () => 1,
      later: (_, action) => this.#syncs.push(action),
      wrote: () => undefined,
    });
    this.#node = this.#start();
  }

  /** For those who look, or meddle. */
  get disk(): Disk {
    return this.#disk;
  }

  /** Hands the node a message; the reply to a request, once everything it waits for is durable. */
  async ask(src: string, body: JsonObject): Promise<JsonObject | undefined> {
    const reply = this.tell(src, body);
    await this.settle();
    return reply();
  }

  /** The same, leaving its writes undurable; the returned function says what was replied so far. */
  tell(src: string, body: JsonObject): () => JsonObject | undefined {
    const boot = this.#boot;
    let reply: JsonObject | undefined;
    void this.#replyTo(src, body).then((answer) => {
      if (boot === this.#boot) reply = answer;
    });
    return () => reply;
  }

  /** Ends every sync, those too that follow from it. */
  async settle(): Promise<void> {
    await pause();
    while (this.#syncs.length > 0) {
      for (const end of this.#syncs.splice(0)) end();
      await pause();
    }
  }

  /** Ends the syncs that are under way in the reverse of their order. */
  async settleLastFirst(): Promise<void> {
    await pause();
    for (const end of this.#syncs.splice(0).reverse()) {
      end();
      await pause();
    }
  }

  /** Lets local time pass, and fires the timers due. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      const next = [...this.#timers]
        .filter(({ dueMs }) => dueMs <= untilMs)
        .sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#nowMs = next.dueMs;
      void next.action();
      await pause();
    }
    this.#nowMs = untilMs;
  }

  /** A crash that loses all that was not synced but the first few writes, and a boot. */
  crash(writesKept = 0): void {
    this.#syncs = [];
    this.#timers.clear();
    this.#sent = [];
    this.#disk.crash(keeping(writesKept));
    this.#node = this.#start();
  }

  /** What was sent since the last call, of one type. */
  take(type: string): Sent[] {
    const taken = this.#sent.filter(({ body }) => body["type"] === type);
    this.#sent = this.#sent.filter(({ body }) => body["type"] !== type);
    return taken;
  }

  async #replyTo(src: string, body: JsonObject): Promise<JsonObject | undefined> {
    try {
      return (await this.#node.onMessage({ src, dest: "", body })) ?? undefined;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { type: "error", code: error.code, text: error.message };
    }
  }

  #start(): Node {
    this.#boot++;
    const node = this.#system.create(this.#context(this.#boot));
    void node.start?.();
    return node;
  }

  #context(boot: number): NodeContext {
    const { id = "n1", nodes = ["n1"], options = {}, bugs = [], timing } = this.#options;
    const { members = nodes } = this.#options;
    const defaults = Object.entries(this.#system.options).map(([name, spec]) => [
      name,
      spec.default,
    ]);
    const after = (delayMs: number, action: () => unknown) => {
      const timer = { dueMs: this.#nowMs + delayMs, action };
      if (boot === this.#boot) this.#timers.add(timer);
      return { cancel: () => void this.#timers.delete(timer) };
    };
    const send = (to: string, body: JsonObject): void => {
      if (boot === this.#boot) this.#sent.push({ to, body: structuredClone(body) });
    };
    return {
      id,
      nodes,
      members,
      peers: nodes.filter((node) => node !== id),
      options: { ...Object.fromEntries(defaults), ...options },
      bugs: new Set(bugs),
      ...(timing === undefined ? {} : { timing }),
      random: new Random([1, 2, 3]),
      disk: this.#disk,
      clock: { monotonicMs: () => this.#nowMs, wallMs: () => this.#nowMs },
      send,
      reply: (request, body) => send(request.src, body),
      rpc: (to, body) => {
        send(to, body);
        return new Promise(() => undefined);
      },
      after,
      sleep: (delayMs) => new Promise((resolve) => after(delayMs, () => resolve())),
      log: () => undefined,
      observe: (f, value) => this.observed.push(`${f} ${JSON.stringify(value)}`),
      probe: () => undefined,
      sometimes: () => undefined,
    };
  }
}

/** Draws that make a crash keep so many of the writes not synced, if there are as many. */
function keeping(writes: number): Random {
  const int = (below: number): number => Math.min(writes, below - 1);
  return Object.assign(new Random([0, 0, 0]), { chance: () => true, int });
}

/** Lets promises settle. */
function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
