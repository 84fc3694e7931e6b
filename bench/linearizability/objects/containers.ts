/**
 * Queue, stack and priority queue: half insertions of values that are all different, half removals,
 * which find nothing now and then. What is lost is an insertion, unless `losingRemovals`.
 *
 * The violation: x and y are inserted, nothing else is going on, and the removal that follows
 * returns the one which is not next (where removals were lost, they may have taken the other one:
 * there is no violation then).
 */

import { NULL_ID } from "../../../histories/values.js";
import type { MakeServed } from "../clients.js";

const INSERT = 0;
const REMOVE = 1;
const NOTHING = -1;

interface Container {
  insert(value: number): void;
  /** NOTHING when empty. */
  remove(): number;
}

interface Kind {
  functions: readonly [insert: string, remove: string];
  make(size: number): Container;
  value(n: number): number;
  /** Two values to insert, and the one of them that must not come out next. */
  contradiction: { inserts: readonly [number, number]; removed: number };
}

function fifo(size: number): Container {
  const items = new Int32Array(size);
  let head = 0;
  let tail = 0;
  return {
    insert: (value) => {
      items[tail++] = value;
    },
    remove: () => (head === tail ? NOTHING : items[head++]!),
  };
}

function lifo(size: number): Container {
  const items = new Int32Array(size);
  let height = 0;
  return {
    insert: (value) => {
      items[height++] = value;
    },
    remove: () => (height === 0 ? NOTHING : items[--height]!),
  };
}

/** A binary heap, the least on top. */
function least(capacity: number): Container {
  const items = new Int32Array(capacity);
  let size = 0;
  return {
    insert(value) {
      let hole = size++;
      while (hole > 0 && items[(hole - 1) >> 1]! > value) {
        items[hole] = items[(hole - 1) >> 1]!;
        hole = (hole - 1) >> 1;
      }
      items[hole] = value;
    },
    remove() {
      if (size === 0) return NOTHING;
      const top = items[0]!;
      const last = items[--size]!;
      let hole = 0;
      for (let child = 1; child < size; child = 2 * hole + 1) {
        if (child + 1 < size && items[child + 1]! < items[child]!) child += 1;
        if (items[child]! >= last) break;
        items[hole] = items[child]!;
        hole = child;
      }
      items[hole] = last;
      return top;
    },
  };
}

/** Different for different n below 2^22, in no order to speak of, at least 10. */
function scrambled(n: number): number {
  return (Math.imul(n, 0x9e3779b1) & 0x3f_ffff) + 10;
}

const X = 5_000_000;
const Y = 5_000_001;

const kinds = {
  queue: {
    functions: ["enqueue", "dequeue"],
    make: fifo,
    value: (n) => n,
    contradiction: { inserts: [X, Y], removed: Y },
  },
  stack: {
    functions: ["push", "pop"],
    make: lifo,
    value: (n) => n,
    contradiction: { inserts: [X, Y], removed: X },
  },
  priorityQueue: {
    functions: ["insert", "delete-min"],
    make: least,
    value: scrambled,
    contradiction: { inserts: [1, 2], removed: 2 },
  },
} as const satisfies { [name: string]: Kind };

export interface ContainerOptions {
  losingRemovals?: boolean;
}

const served =
  (kind: Kind, { losingRemovals = false }: ContainerOptions): MakeServed =>
  (columns, _setting, random) => {
    columns.functions = kind.functions;
    const { f, input, output, values } = columns;
    const container = kind.make(columns.size);
    const { inserts, removed } = kind.contradiction;
    let inserted = 0;
    return {
      ask(i) {
        f[i] = random.chance(1, 2) ? INSERT : REMOVE;
        input[i] = f[i] === INSERT ? values.numberId(kind.value(++inserted)) : NULL_ID;
      },
      apply(i) {
        if (f[i] === INSERT) {
          container.insert(values.number(input[i]!));
          output[i] = input[i]!;
        } else {
          const value = container.remove();
          output[i] = value === NOTHING ? NULL_ID : values.numberId(value);
        }
        return true;
      },
      fate: (i) => (f[i] === INSERT || losingRemovals ? "either" : undefined),
      contradiction: [
        ...inserts.map((value) => (i: number) => {
          f[i] = INSERT;
          input[i] = output[i] = values.numberId(value);
          if (value !== removed) container.insert(value);
        }),
        (i) => {
          f[i] = REMOVE;
          output[i] = values.numberId(removed);
        },
      ],
    };
  };

export const queue = (options: ContainerOptions = {}): MakeServed => served(kinds.queue, options);
export const stack = (options: ContainerOptions = {}): MakeServed => served(kinds.stack, options);
export const priorityQueue = (): MakeServed => served(kinds.priorityQueue, {});
