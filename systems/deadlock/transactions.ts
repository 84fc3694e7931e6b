/**
 * The transactions of a node: each asks for one lock after the other, works in between, may let go of a
 * lock early, and of all at its end. It never gives up waiting: only as a victim is it aborted.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import { type Desk, ownerOf, type Txn } from "./messages.js";

const ASK_AGAIN_MS = 100;
/** What a transaction does under its locks, before it asks for another one or ends. */
const WORK_MS = { min: 2, max: 12 };

export type Outcome = "done" | "victim";

interface Running {
  held: Set<string>;
  /** The lock that it waits for, and what goes on with it once it has it or never will. */
  wait?: { key: string; over(isGranted: boolean): void };
}

export class Transactions {
  readonly #context: NodeContext;
  readonly #desk: Desk;
  readonly #running = new Map<Txn, Running>();
  #count = 0;

  constructor(context: NodeContext, desk: Desk) {
    this.#context = context;
    this.#desk = desk;
  }

  /** `steps`: "+key" to lock, "-key" to unlock. Resolves when it is over. */
  async run(steps: readonly string[]): Promise<{ txn: Txn; outcome: Outcome }> {
    const { observe, random, sleep } = this.#context;
    const txn: Txn = `${this.#context.id}/${this.#desk.boot}/${++this.#count}`;
    const running: Running = { held: new Set() };
    this.#running.set(txn, running);
    observe("transaction", { txn, is: "begun" });
    for (const step of steps) {
      const key = step.slice(1);
      if (step.startsWith("-")) {
        this.#letGo(txn, running, key);
      } else if (!running.held.has(key)) {
        if (!(await this.#lock(txn, running, key))) return { txn, outcome: "victim" };
        await sleep(random.between(WORK_MS.min, WORK_MS.max));
      }
    }
    this.#end(txn, running, "done");
    return { txn, outcome: "done" };
  }

  /** Those that wait for a lock. */
  get waiting(): Txn[] {
    return [...this.#running].flatMap(([txn, { wait }]) => (wait === undefined ? [] : [txn]));
  }

  /** The lock for which a transaction waits. */
  awaited(txn: Txn): string | undefined {
    return this.#running.get(txn)?.wait?.key;
  }

  /** Whether it has the lock, as only its own node knows: its owner may not have heard of the end. */
  holds(txn: Txn, key: string): boolean {
    const running = this.#running.get(txn);
    if (this.#context.bugs.has("release-overtaken")) return running !== undefined;
    return running?.held.has(key) ?? false;
  }

  granted(txn: Txn, key: string): void {
    const running = this.#running.get(txn);
    if (running?.wait?.key === key) {
      running.held.add(key);
      running.wait.over(true);
    } else if (!running?.held.has(key)) {
      this.#context.probe("a lock came that nobody wants any more");
      this.#tellReleased(txn, key);
    }
  }

  /** Gives back what of this is not wanted here. */
  review(standing: readonly (readonly [Txn, string])[]): void {
    for (const [txn, key] of standing) {
      const running = this.#running.get(txn);
      if (running?.wait?.key === key || running?.held.has(key)) continue;
      this.#context.probe("an owner had not heard of the end of a transaction");
      this.#tellReleased(txn, key);
    }
  }

  /** Breaks a deadlock, if the transaction still waits for that lock. */
  abort(txn: Txn, key: string): void {
    const running = this.#running.get(txn);
    if (running?.wait?.key !== key) return;
    const { over } = running.wait;
    this.#end(txn, running, "victim");
    this.#tellReleased(txn, key);
    over(false);
  }

  #lock(txn: Txn, running: Running, key: string): Promise<boolean> {
    return new Promise((resolve) => {
      const ask = (): void => {
        if (running.wait !== wait) return;
        this.#desk.tell(ownerOf(key, this.#context.nodes), { type: "request", txn, key });
        this.#context.after(ASK_AGAIN_MS, ask);
      };
      const over = (isGranted: boolean): void => {
        delete running.wait;
        resolve(isGranted);
      };
      const wait = { key, over };
      running.wait = wait;
      ask();
    });
  }

  #letGo(txn: Txn, running: Running, key: string): void {
    if (!running.held.delete(key)) return;
    this.#context.observe("transaction", { txn, is: "released", key });
    this.#tellReleased(txn, key);
  }

  #end(txn: Txn, { held }: Running, outcome: Outcome): void {
    this.#running.delete(txn);
    this.#context.observe("transaction", { txn, is: outcome });
    for (const key of held) this.#tellReleased(txn, key);
  }

  #tellReleased(txn: Txn, key: string): void {
    this.#desk.tell(ownerOf(key, this.#context.nodes), { type: "release", txn, key });
  }
}
