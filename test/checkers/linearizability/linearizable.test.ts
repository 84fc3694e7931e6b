/** What is linearizable and what is not, one rule at a time. */

import { describe, expect, it } from "vitest";
import { type LinearizableOptions, linearizable } from "../../../checkers/index.js";
import { recorded, timeline } from "../timeline.js";

function judge(text: string, options: LinearizableOptions = { type: "cas-register" }) {
  return linearizable(options).check(timeline(text));
}

describe("a register", () => {
  it("reads null before the first write, or the value it was given", () => {
    expect(judge("1 read = null 0..1").valid).toBe(true);
    expect(judge("1 read = 5 0..1", { type: "register", init: 5 }).valid).toBe(true);
    expect(judge("1 read = null 0..1", { type: "register", init: 5 }).valid).toBe(false);
  });

  it("reads the last write", () => {
    expect(judge("1 write 1 0..1\n1 read = 1 2..3").valid).toBe(true);
    expect(judge("1 write 1 0..1\n1 write 2 2..3\n1 read = 1 4..5").valid).toBe(false);
  });

  it("may take overlapping operations in any order, but only one", () => {
    const both = "1 write 1 0..9\n2 write 2 0..9";
    expect(judge(`${both}\n3 read = 1 1..2\n3 read = 2 3..4`).valid).toBe(true);
    expect(judge(`${both}\n3 read = 2 1..2\n3 read = 1 3..4`).valid).toBe(true);
    expect(judge(`${both}\n3 read = 1 1..2\n3 read = 2 3..4\n3 read = 1 5..6`).valid).toBe(false);
  });

  it("counts operations that touch at one instant as overlapping", () => {
    expect(judge("1 write 1 0..5\n2 read = null 5..6").valid).toBe(true);
  });

  it("takes values of any shape, and compares them by content", () => {
    expect(judge('1 write {"a":[1],"b":2} 0..1\n1 read = {"b":2,"a":[1]} 2..3').valid).toBe(true);
  });

  it("serves readers of another value before a write that leaves the value as it was", () => {
    const history = `
      1 write 5 0..1
      2 read = 7 2..20
      3 write 7 3..30
      4 write 5 4..12
      5 read = 5 13..14
    `;
    expect(judge(history).valid).toBe(true);
  });
});

describe("compare-and-set", () => {
  it("succeeds from the value it names only", () => {
    expect(judge("1 write 1 0..1\n1 cas [1,2] 2..3\n1 read = 2 4..5").valid).toBe(true);
    expect(judge("1 write 1 0..1\n1 cas [2,3] 2..3").valid).toBe(false);
  });

  it("did not happen when it failed, and its failure says nothing about the value", () => {
    expect(judge("1 write 1 0..1\n1 cas [1,2] 2..3 failed\n1 read = 1 4..5").valid).toBe(true);
    expect(judge("1 write 1 0..1\n1 cas [1,2] 2..3 failed\n1 read = 2 4..5").valid).toBe(false);
  });

  it("can form chains of pending ones", () => {
    const chain = "1 write 1 0..1\n2 cas [1,2] 2..?\n3 cas [2,3] 2..?\n4 read = 3 5..6";
    expect(judge(chain).valid).toBe(true);
    expect(judge(`${chain}\n4 read = 2 7..8`).valid).toBe(false);
  });

  it("is not explained by pending ones that only explain each other", () => {
    expect(judge("1 cas [8,9] 0..?\n2 cas [9,8] 0..?\n3 read = 8 1..2").valid).toBe(false);
  });
});

describe("a pending operation", () => {
  it("may take effect at any later moment, or never", () => {
    const pending = "1 write 1 0..?";
    expect(judge(`${pending}\n2 read = null 5..6`).valid).toBe(true);
    expect(judge(`${pending}\n2 read = 1 5..6`).valid).toBe(true);
    expect(judge(`${pending}\n2 write 2 3..4\n2 read = 2 5..6\n2 read = 1 7..8`).valid).toBe(true);
  });

  it("takes effect once", () => {
    const twice = "1 write 1 0..?\n2 read = 1 1..2\n2 write 2 3..4\n2 read = 1 5..6";
    expect(judge(twice).valid).toBe(false);
    expect(judge(`${twice}\n3 write 1 0..?`).valid).toBe(true);
  });

  it("takes no effect before its invocation", () => {
    expect(judge("2 read = 1 0..1\n1 write 1 2..?").valid).toBe(false);
  });

  it("is left out when it is a read", () => {
    expect(judge("1 read 0..?\n2 write 1 1..2\n2 read = 1 3..4").valid).toBe(true);
  });
});

describe("a failed write", () => {
  it("never happened", () => {
    expect(judge("1 write 1 0..1 failed\n2 read = null 2..3").valid).toBe(true);
    expect(judge("1 write 1 0..1 failed\n2 read = 1 2..3").valid).toBe(false);
  });
});

describe("keys", () => {
  it("are objects of their own", () => {
    expect(judge("1 write 1 @x 0..1\n1 read = null @y 2..3").valid).toBe(true);
    expect(judge("1 write 1 @x 0..1\n1 read = null @x 2..3").valid).toBe(false);
  });

  it("are each named when they are violated, eight at most", () => {
    const broken = Array.from({ length: 10 }, (_, i) => `${i} read = 9 @k${i} 0..1`).join("\n");
    expect(judge(broken).anomalies).toHaveLength(8);
    expect(judge("1 read = 9 @x 0..1\n2 read = 9 @y 0..1").anomalies).toHaveLength(2);
  });
});

describe("a fence", () => {
  it("changes nothing, since real time already orders its session", () => {
    expect(judge("1 write 1 0..1\n1 fence 2..3\n1 read = 1 4..5").valid).toBe(true);
  });
});

describe("a key-value store", () => {
  const kv = { type: "kv" };

  it("calls reads get and writes put, and finds null or nothing in a new key", () => {
    expect(judge("1 get = null @x 0..1\n1 put 1 @x 2..3\n1 get = 1 @x 4..5", kv).valid).toBe(true);
    expect(judge('1 get = "" @x 0..1', kv).valid).toBe(true);
    expect(judge('1 put a @x 0..1\n1 get = "" @x 2..3', kv).valid).toBe(false);
  });

  it("appends to what is there", () => {
    const ab = "1 append a 0..1\n1 append b 2..3";
    expect(judge(`${ab}\n1 get = ab 4..5`, kv).valid).toBe(true);
    expect(judge(`${ab}\n1 get = ba 4..5`, kv).valid).toBe(false);
    expect(judge(`${ab}\n1 put c 4..5\n1 append d 6..7\n1 get = cd 8..9`, kv).valid).toBe(true);
  });

  it("may lose a pending append, or find it late", () => {
    const pending = "1 append a 0..?\n2 append b 1..2\n2 get = b 3..4";
    expect(judge(pending, kv).valid).toBe(true);
    expect(judge(`${pending}\n2 get = ba 5..6`, kv).valid).toBe(true);
    expect(judge(`${pending}\n2 get = ab 5..6`, kv).valid).toBe(false);
  });

  it("may spend the append that must be seen instead of one that a put has hidden", () => {
    const history = `
      0 put ""         0..?
      1 append c       1..7
      3 append b       2..3
      4 append a       4..6
      5 append c       5..8
      6 get = bca      9..10
    `;
    expect(judge(history, kv).valid).toBe(true);
  });
});

describe("a set", () => {
  const set = { type: "set" };

  it("holds what was added, in any order of listing", () => {
    expect(judge("1 add 1 0..1\n1 add 2 2..3\n1 read = [2,1] 4..5", set).valid).toBe(true);
    expect(judge("1 add 1 0..1\n1 read = [] 2..3", set).valid).toBe(false);
    expect(judge("1 read = [7] 0..1", { ...set, init: [7] }).valid).toBe(true);
    expect(judge("1 read = [] 0..1", { ...set, init: [7] }).valid).toBe(false);
  });

  it("may hold a pending element, and keeps it once it was read", () => {
    expect(judge("1 add 1 0..?\n2 read = [] 1..2\n2 read = [1] 3..4", set).valid).toBe(true);
    expect(judge("1 add 1 0..?\n2 read = [1] 1..2\n2 read = [] 3..4", set).valid).toBe(false);
  });

  it("takes an element added twice from either add", () => {
    const twice = "1 add 1 0..?\n2 read = [1] 1..2\n3 add 1 3..4";
    expect(judge(twice, set).valid).toBe(true);
    expect(judge("1 add 1 0..1\n2 read = [] 2..3\n3 add 1 4..5", set).valid).toBe(false);
  });

  it("forgets what was removed", () => {
    const removed = "1 add 1 0..1\n1 remove 1 2..3";
    expect(judge(`${removed}\n1 read = [] 4..5`, set).valid).toBe(true);
    expect(judge(`${removed}\n1 read = [1] 4..5`, set).valid).toBe(false);
  });
});

describe("a counter", () => {
  const counter = { type: "counter" };

  it("reads the sum of what was added", () => {
    expect(judge("1 add 2 0..1\n1 add -3 2..3\n1 read = -1 4..5", counter).valid).toBe(true);
    expect(judge("1 add 2 0..1\n1 read = 0 2..3", counter).valid).toBe(false);
    expect(judge("1 add 2 0..1\n1 read = 12 2..3", { ...counter, init: 10 }).valid).toBe(true);
  });

  it("may count a pending add at any moment, once", () => {
    expect(judge("1 add 2 0..?\n2 read = 0 1..2\n2 read = 2 3..4", counter).valid).toBe(true);
    expect(judge("1 add 2 0..?\n2 read = 4 1..2", counter).valid).toBe(false);
  });
});

describe("a mutex, a queue and a stack", () => {
  it("a mutex is acquired once until it is released", () => {
    const mutex = { type: "mutex" };
    expect(judge("1 acquire 0..1\n1 release 2..3\n2 acquire 4..5", mutex).valid).toBe(true);
    expect(judge("1 acquire 0..1\n2 acquire 2..3", mutex).valid).toBe(false);
    expect(judge("1 acquire 0..1\n1 release 2..?\n2 acquire 3..4", mutex).valid).toBe(true);
  });

  it("a queue gives first what came first", () => {
    const queue = { type: "queue" };
    const two = "1 enqueue 1 0..1\n1 enqueue 2 2..3";
    expect(judge(`${two}\n1 dequeue = 1 4..5\n1 dequeue = 2 6..7`, queue).valid).toBe(true);
    expect(judge(`${two}\n1 dequeue = 2 4..5`, queue).valid).toBe(false);
    expect(judge(`${two}\n1 dequeue = null 4..5`, queue).valid).toBe(false);
    expect(judge(`${two}\n3 dequeue 3..?\n1 dequeue = 2 4..5`, queue).valid).toBe(true);
  });

  it("a stack gives first what came last", () => {
    const stack = { type: "stack" };
    const two = "1 push 1 0..1\n1 push 2 2..3";
    expect(judge(`${two}\n1 pop = 2 4..5\n1 pop = 1 6..7\n1 pop = null 8..9`, stack).valid).toBe(
      true,
    );
    expect(judge(`${two}\n1 pop = 1 4..5`, stack).valid).toBe(false);
  });
});

describe("the budget", () => {
  /** Every increment is different and none is ever read alone: a subset-sum problem. */
  const subsetSum = Array.from({ length: 24 }, (_, i) => `${i} add ${3 ** i} 0..?`).join("\n");
  const hard = `${subsetSum}\n99 read = 141214768239 1..2`;

  it("ends in unknown, saying which key and how far it came", () => {
    const verdict = judge(hard, { type: "counter", stepsMax: 1000 });
    expect(verdict.valid).toBe("unknown");
    expect(verdict.reason).toMatch(
      /undecided: the budget of 1000 steps is spent; .*before event 25 of 26/,
    );
  });

  it("of a hard key does not hide a violation of an easy one", () => {
    const keyed = hard.replaceAll(/ (?=\d+\.\.)/g, " @hard ");
    const verdict = judge(`${keyed}\n200 read = 1 @easy 0..1`, { type: "counter", stepsMax: 1000 });
    expect(verdict.valid).toBe(false);
    expect(verdict.anomalies).toHaveLength(1);
  });

  it("gives the same verdict and the same steps every time", () => {
    const once = judge(hard, { type: "counter", stepsMax: 100_000 });
    expect(judge(hard, { type: "counter", stepsMax: 100_000 })).toEqual(once);
  });
});

describe("long histories", () => {
  it("of 10,000 operations, or with 10,000 pending ones, need no deep stack", () => {
    const writes = Array.from({ length: 10_000 }, (_, i) => ({
      index: 0,
      process: i,
      f: "write",
      value: i,
    }));
    const completed = writes.flatMap((write, i) => [
      { ...write, type: "invoke" as const, time: 2 * i },
      { ...write, type: "ok" as const, time: 2 * i + 1 },
    ]);
    const pending = writes.map((write, i) => ({ ...write, type: "invoke" as const, time: i }));
    const read = { index: 0, process: 20_000, f: "read", value: 9_999, time: 30_000 };
    const last = [
      { ...read, type: "invoke" as const },
      { ...read, type: "ok" as const, time: 30_001 },
    ];
    const check = linearizable({ type: "register" }).check;
    expect(check(recorded([...completed, ...last])).valid).toBe(true);
    expect(check(recorded([...pending, ...last])).valid).toBe(true);
  });
});
