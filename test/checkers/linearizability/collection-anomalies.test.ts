/** The names of violations of sets, counters and keys with appends. */

import { describe, expect, it } from "vitest";
import { linearizable } from "../../../checkers/index.js";
import { timeline } from "../timeline.js";

function nameOf(type: string, text: string) {
  const { valid, anomalies } = linearizable({ type }).check(timeline(text));
  expect(valid).toBe(false);
  expect(anomalies).toHaveLength(1);
  return anomalies[0]!.type;
}

describe("a set's violation", () => {
  const of = (text: string) => nameOf("set", text);

  it("is a duplicate-element, garbage-read, aborted-read or future-read by one read alone", () => {
    expect(of("1 add 1 0..1\n1 read = [1,1] 2..3")).toBe("duplicate-element");
    expect(of("1 add 1 0..1\n1 read = [1,2] 2..3")).toBe("garbage-read");
    expect(of("1 read = 5 2..3")).toBe("garbage-read");
    expect(of("1 add 1 0..1 failed\n1 read = [1] 2..3")).toBe("aborted-read");
    expect(of("1 read = [1] 0..1\n1 add 1 2..3")).toBe("future-read");
  });

  it("is a stale-read when a missed element is seen by another, a lost-write when by nobody", () => {
    expect(of("1 add 1 0..1\n2 read = [] 2..3\n3 read = [1] 2..3")).toBe("stale-read");
    expect(of("1 add 1 0..1\n2 read = [] 2..3")).toBe("lost-write");
  });

  it("is a stale-read also when the read holds an element that was added after the missed one", () => {
    const laterOnly = "3 read = [2] 0..9\n1 add 1 1..2\n1 add 2 3..4\n3 read = [1,2] 10..11";
    expect(of(laterOnly)).toBe("stale-read");
  });

  it("is a new-old-inversion when an element vanishes while its add is in flight", () => {
    expect(of("1 add 1 0..9\n2 read = [1] 1..2\n2 read = [] 3..4")).toBe("new-old-inversion");
  });

  it("is an incompatible-order when two reads disagree about which add came first", () => {
    expect(of("1 add 1 0..9\n2 add 2 0..9\n3 read = [1] 1..8\n4 read = [2] 1..8")).toBe(
      "incompatible-order",
    );
  });
});

describe("a counter's violation", () => {
  const of = (text: string) => nameOf("counter", text);

  it("is an overcount or undercount outside what the adds can reach", () => {
    expect(of("1 add 2 0..1\n1 read = 3 2..3")).toBe("overcount");
    expect(of("1 add 2 0..1\n1 read = 1 2..3")).toBe("undercount");
  });

  it("is an impossible-count when it is no whole number", () => {
    expect(of("1 read = 0.5 2..3")).toBe("impossible-count");
    expect(of('1 read = "many" 2..3')).toBe("impossible-count");
  });

  it("is non-linearizable within these bounds", () => {
    expect(of("1 add 2 0..9\n2 read = 1 1..2")).toBe("non-linearizable");
  });
});

describe("an appended key's violation", () => {
  const of = (text: string) => nameOf("kv", text);
  const abc = "1 append a 0..1\n1 append b 2..3\n1 append c 4..5";

  it("is a garbage-read, aborted-read or future-read by its pieces alone", () => {
    expect(of(`${abc}\n1 get = abxc 6..7`)).toBe("garbage-read");
    expect(of(`${abc}\n1 append x 6..7 failed\n1 get = abcx 8..9`)).toBe("aborted-read");
    expect(of("1 get = a 0..1\n1 append a 2..3")).toBe("future-read");
  });

  it("is a duplicate-element when a piece appended once is read twice", () => {
    expect(of(`${abc}\n1 get = abcb 6..7`)).toBe("duplicate-element");
  });

  it("is a stale-read when a missed piece is seen by another, a lost-write when by nobody", () => {
    expect(of(`${abc}\n1 get = abc 6..7\n2 get = ab 8..9`)).toBe("stale-read");
    expect(of(`${abc}\n2 get = ab 8..9`)).toBe("lost-write");
    expect(of(`${abc}\n1 put p 6..7\n1 get = p 8..9\n2 get = abc 8..9`)).toBe("stale-read");
  });

  it("is a new-old-inversion when a piece vanishes while its append is in flight", () => {
    expect(of("1 append a 0..9\n2 get = a 1..2\n2 get = null 3..4")).toBe("new-old-inversion");
  });

  it("is an incompatible-order when two reads order pieces differently", () => {
    expect(of("1 append a 0..9\n2 append b 0..9\n3 get = ab 10..11\n3 get = ba 12..13")).toBe(
      "incompatible-order",
    );
  });

  it("is non-linearizable where the pieces are ambiguous", () => {
    expect(of("1 append a 0..1\n1 append aa 2..3\n1 get = aa 4..5")).toBe("non-linearizable");
  });
});

describe("a queue's violation", () => {
  const of = (text: string) => nameOf("queue", text);
  const two = "1 enqueue 1 0..1\n1 enqueue 2 2..3";

  it("is a garbage-read, aborted-read or future-read by one take alone", () => {
    expect(of("1 dequeue = 7 0..1")).toBe("garbage-read");
    expect(of("1 enqueue 7 0..1 failed\n1 dequeue = 7 2..3")).toBe("aborted-read");
    expect(of("1 dequeue = 7 0..1\n1 enqueue 7 2..3")).toBe("future-read");
  });

  it("is a duplicate-delivery when an element is taken twice", () => {
    expect(of(`${two}\n1 dequeue = 1 4..9\n2 dequeue = 1 4..9`)).toBe("duplicate-delivery");
  });

  it("is out-of-order, or a lost-element when the one overtaken is never taken", () => {
    expect(of(`${two}\n1 dequeue = 2 4..5\n1 dequeue = 1 6..7`)).toBe("out-of-order");
    expect(of(`${two}\n1 dequeue = 2 4..5`)).toBe("lost-element");
  });

  it("is a lost-element when there are fewer takes of unknown outcome than elements overtaken", () => {
    const three = `${two}\n1 enqueue 3 4..5\n1 dequeue = 3 8..9`;
    expect(of(`${three}\n2 dequeue 6..?\n3 dequeue 10..?`)).toBe("lost-element");
    const enough = timeline(`${three}\n2 dequeue 6..?\n3 dequeue 7..?`);
    expect(linearizable({ type: "queue" }).check(enough).valid).toBe(true);
  });

  it("is false-empty when one element or another was surely inside", () => {
    const relay = "1 enqueue 1 0..1\n1 enqueue 2 3..4\n2 dequeue = 1 5..9\n3 dequeue = null 2..8";
    expect(of(relay)).toBe("false-empty");
    const gap = "1 enqueue 1 0..1\n2 dequeue = 1 3..5\n1 enqueue 2 4..7\n3 dequeue = null 2..8";
    expect(linearizable({ type: "queue" }).check(timeline(gap)).valid).toBe(true);
  });

  it("is non-linearizable where elements repeat", () => {
    expect(of("1 enqueue 1 0..1\n1 enqueue 1 2..3\n1 dequeue = 2 4..5")).toBe("non-linearizable");
  });
});
