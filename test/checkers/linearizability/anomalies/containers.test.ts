/** What violations of queues, stacks and priority queues are called. */

import { describe, expect, it } from "vitest";
import type { ObjectType } from "../../oracle/object-types.js";
import { anomalyOf } from "./story.js";

describe.each<[ObjectType, string, string, string]>([
  ["queue", "enqueue", "dequeue", "peek"],
  ["stack", "push", "pop", "top"],
  ["priority-queue", "offer", "poll", "min"],
  ["priority-queue", "add", "delete-min", "find-min"],
  ["max-priority-queue", "insert", "remove-max", "max"],
])("a violation of a %s (%s, %s, %s)", (type, put, take, look) => {
  const of = (text: string, init: number[] | null = null) => anomalyOf(type, text, init).type;
  const said = (text: string) => anomalyOf(type, text).message;

  it("is a garbage-read, aborted-read or future-read of one element", () => {
    expect(of(`1 ${take} = 7 0..1`)).toBe("garbage-read");
    expect(said(`1 ${take} = 7 @x 0..1`)).toBe(
      "process 1 took 7 from key x, which nobody put there",
    );
    expect(said(`1 ${look} = 7 @x 0..1`)).toBe(
      "process 1 saw 7 at the head of key x, which nobody put there",
    );
    expect(of(`1 ${put} 7 0..1 failed\n1 ${take} = 7 2..3`)).toBe("aborted-read");
    expect(of(`1 ${take} = 7 0..1\n1 ${put} 7 2..3`)).toBe("future-read");
  });

  it("is a duplicate-delivery when an element is taken more often than put", () => {
    const twice = `1 ${put} 1 0..1\n1 ${take} = 1 4..9\n2 ${take} = 1 4..10`;
    expect(of(twice)).toBe("duplicate-delivery");
    expect(said(twice)).toBe(
      "1 was put into the object once, but process 1 took 1 from the object by 9 ms, and process 2 took 1 " +
        "from the object by 10 ms",
    );
    expect(of(`1 ${put} 1 0..1\n1 ${take} = 1 4..9\n2 ${look} = 1 10..11`)).toBe(
      "duplicate-delivery",
    );
    expect(of(`1 ${take} = 1 4..9\n2 ${take} = 1 4..9\n3 ${take} = 1 4..9`, [1, 1])).toBe(
      "duplicate-delivery",
    );
  });

  it("is false-empty, or a lost-element when everything had healed", () => {
    const empty = `1 ${put} 1 0..1\n1 ${take} = null 2..3`;
    expect(of(empty)).toBe("false-empty");
    expect(said(empty)).toBe(
      "process 1 found the object empty (begun at 2 ms), though it held 1 all the time",
    );
    expect(of(`${empty} final`)).toBe("lost-element");
    expect(said(`${empty} final`)).toBe(
      "process 1 found the object empty (begun at 2 ms), though it held 1 all the time: after everything had " +
        "healed, it is gone",
    );
    expect(of(`1 ${look} = null 0..1`, [1])).toBe("false-empty");
  });

  it("is false-empty when one element or another was surely inside", () => {
    const relay = `1 ${put} 1 0..1\n1 ${put} 2 3..4\n2 ${take} = 1 5..9\n3 ${take} = null 2..8`;
    expect(of(relay)).toBe("false-empty");
  });

  it("is false-empty when more was put than pending takes can have taken", () => {
    const puts = `1 ${put} 1 0..1\n1 ${put} 1 2..3\n4 ${take} 0..?`;
    expect(of(`${puts}\n2 ${take} = null 4..5`)).toBe("false-empty");
    expect(said(`${puts}\n2 ${take} = null 4..5`)).toBe(
      "process 2 found the object empty (begun at 4 ms), though more was put there than taken",
    );
  });
});

describe("a queue's violation", () => {
  const of = (text: string, init: number[] | null = null) => anomalyOf("queue", text, init).type;
  const said = (text: string) => anomalyOf("queue", text).message;
  const two = "1 enqueue 1 0..1\n1 enqueue 2 2..3";

  it("is out-of-order when an element overtook another", () => {
    expect(of(`${two}\n1 dequeue = 2 4..5\n1 dequeue = 1 6..7`)).toBe("out-of-order");
    expect(said(`${two}\n1 dequeue = 2 4..5\n1 dequeue = 1 6..7`)).toBe(
      "process 1 took 2 from the object by 5 ms, but the enqueue of 1 by process 1 (0 ms to 1 ms) came " +
        "before the enqueue of 2 by process 1 (2 ms to 3 ms), and that element was there still at 6 ms",
    );
    expect(of(`${two}\n1 peek = 2 4..5\n1 dequeue = 1 6..7`)).toBe("out-of-order");
    expect(of(`${two}\n1 dequeue = 2 4..5\n1 peek = 1 6..7`)).toBe("out-of-order");
    expect(of("1 dequeue = 2 4..5\n1 dequeue = 1 6..7", [1, 2])).toBe("out-of-order");
  });

  it("is a lost-element when the one overtaken was never taken", () => {
    expect(of(`${two}\n1 dequeue = 2 4..5`)).toBe("lost-element");
    expect(said(`${two}\n1 dequeue = 2 4..5`)).toBe(
      "process 1 took 2 from the object by 5 ms, but the enqueue of 1 by process 1 (0 ms to 1 ms) came " +
        "before the enqueue of 2 by process 1 (2 ms to 3 ms), and that element was never taken",
    );
    const three = `${two}\n1 enqueue 3 4..5\n1 dequeue = 3 8..9`;
    expect(of(`${three}\n2 dequeue 6..?\n3 dequeue 10..?`)).toBe("lost-element");
  });
});

describe("a stack's violation", () => {
  const of = (text: string, init: number[] | null = null) => anomalyOf("stack", text, init).type;
  const said = (text: string) => anomalyOf("stack", text).message;
  const two = "1 push 1 0..1\n1 push 2 2..3";

  it("is out-of-order when an element was popped from under another", () => {
    expect(of(`${two}\n1 pop = 1 4..5\n1 pop = 2 6..7`)).toBe("out-of-order");
    expect(said(`${two}\n1 pop = 1 4..5\n1 pop = 2 6..7`)).toBe(
      "process 1 took 1 from the object by 5 ms, but the push of 2 by process 1 (2 ms to 3 ms) came upon " +
        "the push of 1 by process 1 (0 ms to 1 ms), and that element was there still at 6 ms",
    );
    expect(of("1 pop = 1 4..5\n1 pop = 2 6..7", [1, 2])).toBe("out-of-order");
  });

  it("is out-of-order when one or another lay above it all the time", () => {
    const relay = `${two}\n3 push 3 5..6\n3 pop = 2 7..12\n4 pop = 1 4..11\n3 pop = 3 13..14`;
    expect(of(relay)).toBe("out-of-order");
  });

  it("is a lost-element when the one above was never popped", () => {
    expect(of(`${two}\n1 pop = 1 4..5`)).toBe("lost-element");
  });
});

describe("a priority queue's violation", () => {
  const two = "1 insert 1 0..1\n1 insert 2 2..3";

  it("is a priority-inversion when a greater element came first, or a smaller one", () => {
    const least = `${two}\n1 poll = 2 4..5\n1 poll = 1 6..7`;
    expect(anomalyOf("priority-queue", least)).toMatchObject({
      type: "priority-inversion",
      message:
        "process 1 took 2 from the object by 5 ms, but the insert of 1 by process 1 (0 ms to 1 ms) comes " +
        "before the insert of 2 by process 1 (2 ms to 3 ms), and that element was there still at 6 ms",
    });
    const greatest = `${two}\n1 poll = 1 4..5\n1 poll = 2 6..7`;
    expect(anomalyOf("max-priority-queue", greatest).type).toBe("priority-inversion");
  });

  it("is a priority-inversion when more equal elements were put than taken", () => {
    const three = `${two}\n1 insert 1 4..5\n1 poll = 1 6..7\n1 poll = 2 8..9`;
    expect(anomalyOf("priority-queue", three)).toMatchObject({
      type: "priority-inversion",
      message:
        "process 1 took 2 from the object by 9 ms, but 2 elements that come before it (1 …) had been put " +
        "there, and no more than 1 taken",
    });
  });

  it("is a lost-element when the one passed over was never taken", () => {
    expect(anomalyOf("priority-queue", `${two}\n1 poll = 2 4..5`).type).toBe("lost-element");
    expect(anomalyOf("max-priority-queue", `${two}\n1 poll = 1 4..5`).type).toBe("lost-element");
  });
});
