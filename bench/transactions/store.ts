/**
 * Transactions of many clients on one store of lists, with a known verdict: the generator of the
 * measurements that Elle was held to. Concurrency 20; one to seven micro-operations, half of them
 * reads; ten active keys, each twice as likely as the next; a key is replaced after its budget of
 * appends. Nothing is built per transaction: what happens goes to a sink, event by event.
 */

import type { Random } from "../../src/random/random.js";
import { Streams } from "../../src/random/streams.js";

/** How far the store keeps transactions apart. */
export type Isolation =
  /** Each executes at one instant between invocation and completion. */
  | "strict-serializable"
  /** Reads from the invocation on, and the first committer of a key wins. */
  | "snapshot-isolation"
  /** Each micro-operation at an instant of its own. */
  | "none";

export interface Load {
  transactions: number;
  seed: number;
  isolation: Isolation;
  /** Appends to a key before another takes its place. */
  appendsPerKey: number;
  failPermille: number;
  infoPermille: number;
}

export const CLIENTS = 20;
const ACTIVE_KEYS = 10;
const MICROS_MAX = 7;
const STEP_NS = 10_000;

/** One micro-operation: an append of `value`, or a read of the first `length` elements of a key. */
export interface Micro {
  isRead: boolean;
  key: number;
  value: number;
  length: number;
}

export interface Sink {
  invoke(process: number, timeNs: number, micros: readonly Micro[], count: number): void;
  /** `elementsOf` has the elements of a key's list, of which a read shows the first `length`. */
  complete(
    process: number,
    outcome: "ok" | "fail" | "info",
    timeNs: number,
    micros: readonly Micro[],
    count: number,
    elementsOf: (key: number) => ArrayLike<number>,
  ): void;
}

interface Client {
  process: number;
  phase: "idle" | "invoked" | "executed";
  micros: Micro[];
  count: number;
  /** Micro-operations that have executed. */
  done: number;
  outcome: "ok" | "fail" | "info";
}

/** Runs the load; O(micro-operations), beside what the sink does. */
export function runLoad(load: Load, sink: Sink): void {
  new Run(load, sink).run();
}

class Run {
  readonly #load: Load;
  readonly #sink: Sink;
  readonly #random: Random;
  /** By key: its elements, and the number of its last writer's commit. */
  readonly #lists: number[][] = [];
  /** Of active keys: appends still to be handed out. */
  readonly #budget: number[] = [];
  readonly #active: number[] = [];
  readonly #values: number[] = [];
  #time = 0;
  #begun = 0;
  #processes = 0;

  constructor(load: Load, sink: Sink) {
    this.#load = load;
    this.#sink = sink;
    this.#random = new Streams(load.seed).stream("load");
    for (let i = 0; i < ACTIVE_KEYS; i++) this.#active.push(this.#newKey());
  }

  run(): void {
    const clients = Array.from({ length: CLIENTS }, (): Client => this.#newClient());
    for (let open = CLIENTS; open > 0; ) {
      const client = clients[this.#random.int(CLIENTS)]!;
      this.#time += STEP_NS;
      if (client.phase === "idle") {
        if (this.#begun < this.#load.transactions) this.#invoke(client);
        else open = clients.some(({ phase }) => phase !== "idle") ? open : 0;
      } else if (client.phase === "invoked") this.#execute(client);
      else this.#complete(client);
    }
  }

  #newClient(): Client {
    const micros = Array.from({ length: MICROS_MAX }, () => {
      return { isRead: true, key: 0, value: 0, length: 0 };
    });
    return { process: this.#processes++, phase: "idle", micros, count: 0, done: 0, outcome: "ok" };
  }

  #newKey(): number {
    this.#budget.push(this.#load.appendsPerKey);
    this.#values.push(0);
    return this.#lists.push([]) - 1;
  }

  #invoke(client: Client): void {
    const random = this.#random;
    this.#begun += 1;
    client.count = 1 + random.int(MICROS_MAX);
    client.done = 0;
    client.phase = "invoked";
    const draw = random.int(1000);
    const { failPermille, infoPermille, isolation } = this.#load;
    client.outcome =
      draw < failPermille ? "fail" : draw < failPermille + infoPermille ? "info" : "ok";
    for (let i = 0; i < client.count; i++) {
      const micro = client.micros[i]!;
      // The lowest bit that is set decides: each key is half as likely as the one before it.
      const slot = Math.min(ACTIVE_KEYS - 1, Math.clz32(random.word()));
      micro.key = this.#active[slot]!;
      micro.isRead = random.int(2) === 0;
      if (micro.isRead) {
        micro.length = isolation === "snapshot-isolation" ? this.#seen(client, i) : 0;
        continue;
      }
      micro.value = ++this.#values[micro.key]!;
      if (--this.#budget[micro.key]! === 0) this.#active[slot] = this.#newKey();
    }
    this.#sink.invoke(client.process, this.#time, client.micros, client.count);
  }

  /** Of a snapshot taken now. */
  #seen(client: Client, i: number): number {
    return this.#lists[client.micros[i]!.key]!.length;
  }

  #execute(client: Client): void {
    const { isolation } = this.#load;
    const upTo = isolation === "none" ? client.done + 1 : client.count;
    if (isolation === "snapshot-isolation") this.#commitSnapshot(client);
    else if (client.outcome !== "fail") {
      for (let i = client.done; i < upTo; i++) {
        const micro = client.micros[i]!;
        const list = this.#lists[micro.key]!;
        if (micro.isRead) micro.length = list.length;
        else list.push(micro.value);
      }
    }
    client.done = upTo;
    if (client.done === client.count) client.phase = "executed";
  }

  /** The first committer wins: a key written here must be as it was when the snapshot was taken. */
  #commitSnapshot(client: Client): void {
    const { micros, count } = client;
    const own = (key: number, before: number): number => {
      let appended = 0;
      for (let i = 0; i < before; i++) {
        if (!micros[i]!.isRead && micros[i]!.key === key) appended += 1;
      }
      return appended;
    };
    for (let i = 0; i < count; i++) {
      const { isRead, key } = micros[i]!;
      if (isRead) continue;
      const read = micros.slice(0, count).find((other) => other.isRead && other.key === key);
      // Without a read the key's state at the snapshot is not known here: blind appends may lose.
      if (read === undefined || read.length !== this.#lists[key]!.length) client.outcome = "fail";
    }
    if (client.outcome === "fail") return;
    for (let i = 0; i < count; i++) {
      const micro = micros[i]!;
      if (micro.isRead) micro.length += own(micro.key, i);
    }
    for (let i = 0; i < count; i++) {
      const { isRead, key, value } = micros[i]!;
      if (!isRead) this.#lists[key]!.push(value);
    }
  }

  #complete(client: Client): void {
    const { process, outcome, micros, count } = client;
    this.#sink.complete(process, outcome, this.#time, micros, count, (key) => this.#lists[key]!);
    client.phase = "idle";
    if (outcome === "info") client.process = this.#processes++;
  }
}
