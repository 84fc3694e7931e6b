import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mix } from "../../src/random/mix.js";
import { EventQueue, type Queued } from "../../src/sim/queue.js";

/** Few times and lanes, so that most events meet others at their instant. */
const time = fc.nat(5);
const lane = fc.nat(3);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant("push" as const), time, lane }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("pop" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant("retime" as const),
      lane,
      times: fc.array(time, { minLength: 1 }),
    }),
  },
);

/** The queue as it is defined: a list, sorted whenever something is taken. */
class Model {
  events: Queued[] = [];

  constructor(readonly key: number) {}

  pop(): Queued | undefined {
    this.events.sort((a, b) => a.time - b.time || this.#tie(a) - this.#tie(b) || a.seq - b.seq);
    return this.events.shift();
  }

  #tie({ lane, time }: Queued): number {
    return mix(this.key ^ lane, time);
  }
}

describe("the event queue", () => {
  test("gives events in the order of time, then seeded tie of the lane, then sequence", () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(step, { maxLength: 120 }), (key, steps) => {
        const queue = new EventQueue(key);
        const model = new Model(key);
        steps.forEach((taken, seq) => {
          switch (taken.act) {
            case "push": {
              const event = { time: taken.time, lane: taken.lane, seq };
              queue.push(event);
              model.events.push({ ...event });
              break;
            }
            case "pop":
              expect(queue.pop()).toEqual(model.pop());
              break;
            case "retime": {
              const later = ({ lane, seq }: Queued): number | undefined =>
                lane === taken.lane ? taken.times[seq % taken.times.length] : undefined;
              queue.retime(later);
              for (const event of model.events) event.time = later(event) ?? event.time;
              break;
            }
          }
          expect(queue.size).toBe(model.events.length);
        });
        while (model.events.length > 0) {
          const next = model.pop();
          expect(queue.peek()).toEqual(next);
          expect(queue.pop()).toEqual(next);
        }
        expect(queue.pop()).toBeUndefined();
        expect(queue.peek()).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test("decides which lane comes first by the seed alone, and anew at every instant", () => {
    const first = (key: number, time: number, lanes: readonly number[]): number | undefined => {
      const queue = new EventQueue(key);
      lanes.forEach((lane, seq) => {
        queue.push({ time, lane, seq });
      });
      return queue.pop()?.lane;
    };
    const instants = Array.from({ length: 200 }, (_, time) => time);
    const winners = instants.map((time) => first(1, time, [10, 20]));
    expect(instants.map((time) => first(1, time, [20, 10]))).toEqual(winners);
    expect(instants.map((time) => first(2, time, [10, 20]))).not.toEqual(winners);
    const wins = winners.filter((lane) => lane === 10).length;
    expect(Math.abs(wins - 100)).toBeLessThan(57);
  });

  test("keeps a lane's events at one instant first in, first out", () => {
    const queue = new EventQueue(3);
    for (let seq = 0; seq < 100; seq++) queue.push({ time: 7, lane: seq % 3, seq });
    const last = new Map<number, number>();
    for (let event = queue.pop(); event !== undefined; event = queue.pop()) {
      expect(event.seq).toBeGreaterThan(last.get(event.lane) ?? -1);
      last.set(event.lane, event.seq);
    }
    expect(last.size).toBe(3);
  });
});
