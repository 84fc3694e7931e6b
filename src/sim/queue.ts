/**
 * The event queue: a 4-ary heap under the total order (time, tie, seq).
 *
 * `tie` is a seeded word of the event's lane, so that lanes meet in an order that only the seed
 * decides, while events of one lane at one instant stay first in, first out by `seq`. The order is
 * total, so nothing depends on the heap's layout. Push and pop O(log n).
 */

export interface Queued {
  time: number;
  tie: number;
  seq: number;
}

export class EventQueue<E extends Queued> {
  #heap: E[] = [];

  get size(): number {
    return this.#heap.length;
  }

  peek(): E | undefined {
    return this.#heap[0];
  }

  push(event: E): void {
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(event);
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const above = heap[parent] as E;
      if (!before(event, above)) break;
      heap[hole] = above;
      hole = parent;
    }
    heap[hole] = event;
  }

  pop(): E | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (heap.length > 0) this.#sink(last as E, 0);
    return top;
  }

  /**
   * Moves every event to the time that `retime` gives, or leaves it where that is undefined.
   * For the rare moment when a clock changes its rate. O(n).
   */
  retime(retime: (event: E) => number | undefined): void {
    for (const event of this.#heap) event.time = retime(event) ?? event.time;
    for (let i = (this.#heap.length - 2) >> 2; i >= 0; i--) this.#sink(this.#heap[i] as E, i);
  }

  #sink(event: E, from: number): void {
    const heap = this.#heap;
    const size = heap.length;
    let hole = from;
    for (;;) {
      const first = (hole << 2) + 1;
      if (first >= size) break;
      const end = Math.min(first + 4, size);
      let least = first;
      for (let child = first + 1; child < end; child++) {
        if (before(heap[child] as E, heap[least] as E)) least = child;
      }
      const below = heap[least] as E;
      if (!before(below, event)) break;
      heap[hole] = below;
      hole = least;
    }
    heap[hole] = event;
  }
}

function before(left: Queued, right: Queued): boolean {
  if (left.time !== right.time) return left.time < right.time;
  if (left.tie !== right.tie) return left.tie < right.tie;
  return left.seq < right.seq;
}
