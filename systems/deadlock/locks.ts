/**
 * The locks that a node owns: who holds each, and who waits for it, first come first served.
 *
 * A grant is on disk before it is told, so that a lock outlives its owner's crash; who waits asks again.
 * A transaction that has let go says so once. Should that be lost, or should its node have crashed, the
 * owner finds out by asking: it reviews all that stand at its locks, and their nodes give back what they
 * do not want. Until then it takes for held what is free: waiters are late by it, and detectors misled.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import { type Desk, type Edge, homeOf, type Txn } from "./messages.js";

const REVIEW_MS = 200;

interface Lock {
  holder: Txn | undefined;
  /** The holder is on disk. */
  isKept: boolean;
  waiting: Txn[];
  /** What was recorded of it last had somebody waiting. */
  wasContended: boolean;
}

export class Locks {
  readonly #context: NodeContext;
  readonly #desk: Desk;
  readonly #locks = new Map<string, Lock>();
  /** Told of each transaction that begins to wait. */
  onWait: (edge: Edge) => void = () => undefined;

  constructor(context: NodeContext, desk: Desk) {
    this.#context = context;
    this.#desk = desk;
    const kept = (context.disk.read("locks") ?? {}) as { [key: string]: Txn };
    for (const [key, holder] of Object.entries(kept)) {
      context.probe("a lock outlived its owner's crash");
      this.#locks.set(key, { holder, isKept: true, waiting: [], wasContended: false });
    }
  }

  start(): void {
    this.#context.after(REVIEW_MS, () => {
      this.#review();
      this.start();
    });
  }

  /** A transaction asks for a lock, for the first time or again. */
  request(txn: Txn, key: string): void {
    const lock = this.#lock(key);
    if (lock.holder === txn) {
      if (lock.isKept) this.#tellGranted(txn, key);
    } else if (lock.holder === undefined) {
      this.#grant(lock, txn, key);
    } else if (!lock.waiting.includes(txn)) {
      lock.waiting.push(txn);
      this.#observe(lock, key);
      const edge = this.edge(txn, key);
      if (edge !== undefined) this.onWait(edge);
    }
  }

  /** A transaction has let go of a lock, or wants it no more. */
  release(txn: Txn, key: string): void {
    const lock = this.#lock(key);
    lock.waiting = lock.waiting.filter((other) => other !== txn);
    if (lock.holder !== txn) {
      this.#observe(lock, key);
      return;
    }
    const next = lock.waiting.shift();
    if (next !== undefined) {
      this.#grant(lock, next, key);
      return;
    }
    lock.holder = undefined;
    this.#observe(lock, key);
    this.#save();
  }

  /** For whom a transaction waits here; undefined when for nobody. */
  edge(txn: Txn, key: string): Edge | undefined {
    const lock = this.#locks.get(key);
    if (lock?.holder === undefined || !lock.waiting.includes(txn)) return undefined;
    return { txn, key, holder: lock.holder, boot: this.#desk.boot };
  }

  edges(): Edge[] {
    return [...this.#locks].flatMap(([key, { waiting }]) =>
      waiting.flatMap((txn) => this.edge(txn, key) ?? []),
    );
  }

  #grant(lock: Lock, txn: Txn, key: string): void {
    lock.holder = txn;
    lock.isKept = false;
    this.#observe(lock, key);
    this.#save();
    this.#context.disk.fsync(() => {
      if (lock.holder !== txn) return;
      lock.isKept = true;
      this.#tellGranted(txn, key);
    });
  }

  #tellGranted(txn: Txn, key: string): void {
    this.#desk.tell(homeOf(txn), { type: "granted", txn, key });
  }

  /** Asks who stands at the locks whether they still want to. */
  #review(): void {
    const byHome = new Map<string, [Txn, string][]>();
    for (const [key, { holder, waiting }] of this.#locks) {
      for (const txn of holder === undefined ? waiting : [holder, ...waiting]) {
        const standing = byHome.get(homeOf(txn)) ?? [];
        byHome.set(homeOf(txn), standing);
        standing.push([txn, key]);
      }
    }
    for (const [home, standing] of byHome) this.#desk.tell(home, { type: "review", standing });
  }

  #save(): void {
    const held = [...this.#locks].flatMap(([key, { holder }]): [string, Txn][] =>
      holder === undefined ? [] : [[key, holder]],
    );
    this.#context.disk.write("locks", Object.fromEntries(held));
  }

  /** Only where somebody waits, or did until now: other locks are on no cycle. */
  #observe(lock: Lock, key: string): void {
    const { holder = null, waiting, wasContended } = lock;
    lock.wasContended = waiting.length > 0;
    if (!wasContended && !lock.wasContended) return;
    this.#context.observe("lock", { key, holder, waiting: [...waiting] });
  }

  #lock(key: string): Lock {
    const known = this.#locks.get(key);
    if (known !== undefined) return known;
    const lock: Lock = { holder: undefined, isKept: true, waiting: [], wasContended: false };
    this.#locks.set(key, lock);
    return lock;
  }
}
