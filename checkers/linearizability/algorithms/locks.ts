/**
 * Locks without owners: a semaphore of N permits whose operations all take and give back the same
 * number k, and a mutex, which is a semaphore of one permit. Decided by one lazy sweep.
 *
 * At most M = floor(N / k) acquires are out at a time. An operation takes effect only when it must:
 * when it returns unused, preceded by one of the other class if it is not legal as things are (a
 * release when all permits are out, an acquire when none is). Of each class the operation that
 * returns first is taken, pending ones last. The sweep gives up when no other is open.
 *
 * Exact: any linearization can be changed into the sweep's, step by step. Delay each of its
 * operations to the first return among itself and what comes later; then it proceeds in batches,
 * each ending with the operation x that returns. Operations of a class can swap names, so that x
 * comes first of its class. If x is legal at once, x can come first of all: move the last letter of
 * its class in the batch to the front; this raises (or lowers) the number of permits out by one up
 * to the point where the batch itself first reached the bound, if it ever did, and there the letter
 * that reached it is the one to move instead. If x is not legal, the batch starts with the other
 * class, and the same holds of what follows. The rest of the batch is delayed to the next return.
 * So at each step the sweep does what some linearization does, if there is one. O(n log c) for c
 * clients.
 */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { Algorithm, Finding } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { EarliestFirst, NONE } from "./earliest-first.js";
import { byCompletion, distinct } from "./positions.js";

const ACQUIRE = 0;

export const mutexMonitor: Algorithm = {
  name: "mutex sweep",
  complexity: "n log c",
  source: "lazy operations, earliest return first; proof by exchange in algorithms/locks.ts",
  examine: (view) => examine(view, 1),
  linearize: (view) => new Sweep(view, 1).order(),
};

export const semaphoreMonitor: Algorithm = {
  name: "semaphore sweep",
  complexity: "n log c",
  source: "lazy operations, earliest return first; proof by exchange in algorithms/locks.ts",
  examine(view) {
    const holders = holdersMax(view);
    return typeof holders === "number"
      ? examine(view, holders)
      : { valid: "not-applicable", why: holders };
  },
  linearize(view) {
    const holders = holdersMax(view);
    return typeof holders === "number" ? new Sweep(view, holders).order() : new Int32Array(0);
  },
};

/** How many acquires can be out at a time; a text says why that is no fixed number. */
function holdersMax({ size, input, values, init }: ObjectView): number | string {
  const permits = values.number(init);
  if (!Number.isSafeInteger(permits) || permits < 1) return "a semaphore without permits";
  let each = 0;
  for (let i = 0; i < size; i++) {
    const asked = input[i] === NULL_ID ? 1 : values.number(input[i]!);
    if (!Number.isSafeInteger(asked) || asked < 1) return "an operation on no permits";
    if (each !== 0 && each !== asked) return `operations on ${each} and on ${asked} permits`;
    each = asked;
  }
  return each === 0 ? 1 : Math.floor(permits / each);
}

function examine(view: ObjectView, holders: number): Finding {
  const sweep = new Sweep(view, holders);
  return sweep.stuck === NONE ? { valid: true } : { valid: false, core: distinct(sweep.core()) };
}

const UNUSED = PENDING;

class Sweep {
  /** The operation that cannot return; NONE when all can. */
  readonly stuck: number;
  /** Per operation, the position of the event at which it was used. */
  readonly #usedAt: Int32Array;
  readonly #sequence: Int32Array;
  #placed = 0;
  #held = 0;
  /** Used operations that have not returned yet. */
  #ahead = 0;
  /** The last event after which no permit was out and no used operation was open. */
  #idleAt = -1;

  constructor(
    private readonly view: ObjectView,
    private readonly holders: number,
  ) {
    this.#usedAt = new Int32Array(view.size).fill(UNUSED);
    this.#sequence = new Int32Array(view.size);
    this.stuck = this.#run();
  }

  order(): Int32Array {
    return this.#sequence.subarray(0, this.#placed);
  }

  #run(): number {
    const { size, f, invoked, completed } = this.view;
    const returns = byCompletion(this.view);
    const acquires = new EarliestFirst(completed);
    const releases = new EarliestFirst(completed);
    let call = 0;
    for (let r = 0; r < returns.length; r++) {
      const returning = returns[r]!;
      const now = completed[returning]!;
      for (; call < size && invoked[call]! < now; call++) {
        const open = f[call] === ACQUIRE ? acquires : releases;
        if (completed[call] === PENDING) open.addPending(call);
        else open.add(call);
      }
      if (this.#usedAt[returning] === UNUSED) {
        const isAcquire = f[returning] === ACQUIRE;
        if (this.#held === (isAcquire ? this.holders : 0)) {
          const other = this.holders === 0 ? NONE : (isAcquire ? releases : acquires).take();
          if (other === NONE) return returning;
          this.#use(other, now);
          if (completed[other] !== PENDING) this.#ahead += 1;
        }
        // Unused and returning: it is the first of its class.
        this.#use((isAcquire ? acquires : releases).take(), now);
      } else {
        this.#ahead -= 1;
      }
      if (this.#held === 0 && this.#ahead === 0) this.#idleAt = now;
    }
    return NONE;
  }

  #use(operation: number, now: number): void {
    this.#held += this.view.f[operation] === ACQUIRE ? 1 : -1;
    this.#usedAt[operation] = now;
    this.#sequence[this.#placed++] = operation;
  }

  /**
   * The operation that is stuck and all that were used since the lock was idle: from there on the
   * sweep does the same without what came before.
   */
  core(): number[] {
    const core = [this.stuck];
    for (let n = 0; n < this.#placed; n++) {
      const operation = this.#sequence[n]!;
      if (this.#usedAt[operation]! > this.#idleAt) core.push(operation);
    }
    return core;
  }
}
