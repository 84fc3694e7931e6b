/**
 * The event queue: a 4-ary heap under the total order (time, tie, seq).
 *
 * `tie` is a seeded word of the event's lane and time, so that lanes meet at one instant in an order
 * that only the seed decides, while events of one lane stay first in, first out by `seq`. The order
 * is total, so nothing depends on the heap's layout. Times stand in an array of their own: most
 * comparisons need nothing else. Push and pop O(log n).
 */

import { mix } from "../random/mix.js";

export interface Queued {
  time: number;
  readonly lane: number;
  readonly seq: number;
}

export class EventQueue<E extends Queued> {
  #events: E[] = [];
  /** `#times[i]` is `#events[i].time`. */
  #times: number[] = [];
  readonly #tieKey: number;
  readonly #branch: { atUs: number; tieKey: number };

  /** `tieKey`: the seed's word on the order of lanes; from the branch on, another seed's. */
  constructor(
    tieKey: number,
    branch: Readonly<{ atUs: number; tieKey: number }> = { atUs: Number.POSITIVE_INFINITY, tieKey },
  ) {
    this.#tieKey = tieKey;
    this.#branch = branch;
  }

  get size(): number {
    return this.#events.length;
  }

  peek(): E | undefined {
    return this.#events[0];
  }

  /** Visits every event, in the order of the heap's layout: for what does not depend on it. */
  forEach(visit: (event: E) => void): void {
    for (const event of this.#events) visit(event);
  }

  push(event: E): void {
    this.#events.push(event);
    this.#times.push(event.time);
    this.#rise(event, this.#events.length - 1);
  }

  pop(): E | undefined {
    const events = this.#events;
    const top = events[0];
    const last = events.pop();
    this.#times.pop();
    if (events.length > 0) this.#rise(last as E, this.#sinkHole(0));
    return top;
  }

  /**
   * Moves every event to the time that `retime` gives, or leaves it where that is undefined.
   * For the rare moment when a clock changes its rate. O(n log n).
   */
  retime(retime: (event: E) => number | undefined): void {
    const events = this.#events;
    this.#events = [];
    this.#times = [];
    for (const event of events) {
      event.time = retime(event) ?? event.time;
      this.push(event);
    }
  }

  /** Moves the least child up into the hole, down to a leaf: where the hole ends up. */
  #sinkHole(from: number): number {
    const events = this.#events;
    const times = this.#times;
    const size = events.length;
    let hole = from;
    for (let first = 4 * hole + 1; first < size; first = 4 * hole + 1) {
      const end = Math.min(first + 4, size);
      let least = first;
      let leastTime = times[first] as number;
      for (let child = first + 1; child < end; child++) {
        const time = times[child] as number;
        if (time > leastTime) continue;
        if (time === leastTime && !this.#before(events[child] as E, events[least] as E)) continue;
        least = child;
        leastTime = time;
      }
      events[hole] = events[least] as E;
      times[hole] = leastTime;
      hole = least;
    }
    return hole;
  }

  /** Puts an event where it belongs on the way from `from` to the root. */
  #rise(event: E, from: number): void {
    const events = this.#events;
    const times = this.#times;
    const { time } = event;
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const above = times[parent] as number;
      if (above < time || (above === time && this.#before(events[parent] as E, event))) break;
      events[hole] = events[parent] as E;
      times[hole] = above;
      hole = parent;
    }
    events[hole] = event;
    times[hole] = time;
  }

  /** Which of two events of one time comes first. */
  #before(left: E, right: E): boolean {
    if (left.lane === right.lane) return left.seq < right.seq;
    const key = left.time < this.#branch.atUs ? this.#tieKey : this.#branch.tieKey;
    const leftTie = mix(key ^ left.lane, left.time | 0);
    const rightTie = mix(key ^ right.lane, right.time | 0);
    return leftTie !== rightTie ? leftTie < rightTie : left.seq < right.seq;
  }
}
