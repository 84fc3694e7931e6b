/** What violations of counters, fetch-and-add, mutexes and semaphores are called. */

import { describe, expect, it } from "vitest";
import { anomalyOf } from "./story.js";

describe("a counter's violation", () => {
  const of = (text: string) => anomalyOf("counter", text).type;
  const said = (text: string) => anomalyOf("counter", text).message;

  it("is an overcount or undercount outside what the adds can reach", () => {
    expect(of("1 add 2 0..1\n1 read = 3 2..3")).toBe("overcount");
    expect(said("1 add 2 @x 0..1\n1 read = 3 @x 2..3")).toBe(
      "process 1 read 3 from key x (begun at 2 ms), more than the 2 that adds reach",
    );
    expect(of("1 add 2 0..1\n1 read = 1 2..3")).toBe("undercount");
    expect(said("1 add 2 0..1\n1 read = 1 2..3")).toBe(
      "process 1 read 1 from the object (begun at 2 ms), less than the 2 that adds had reached",
    );
    expect(of("1 increment 0..1\n1 decrement 2 2..3\n1 read = 0 4..5")).toBe("overcount");
  });

  it("is one also outside what can have been added since an earlier read", () => {
    const back = "1 add 2 0..9\n2 read = 2 1..2\n2 read = 0 3..4";
    expect(of(back)).toBe("undercount");
    expect(said(back)).toBe(
      "process 2 read 0 from the object (begun at 3 ms), less than the 2 that adds had reached since process 2 " +
        "read 2 by 2 ms",
    );
  });

  it("does not count again what an earlier read has counted", () => {
    expect(of("1 add -2 0..1\n2 add 2 0..9\n3 read = 0 2..3\n3 read = -2 4..5")).toBe("undercount");
  });

  it("is an impossible-count when it is no whole number", () => {
    expect(of("1 read = 0.5 2..3")).toBe("impossible-count");
    expect(of('1 read = "many" 2..3')).toBe("impossible-count");
    expect(said('1 read = "many" 2..3')).toBe(
      'process 1 read "many" from the object, which is no whole number',
    );
  });

  it("is non-linearizable within these bounds", () => {
    expect(of("1 add 2 0..9\n2 read = 1 1..2")).toBe("non-linearizable");
  });
});

describe("a violation of fetch-and-add", () => {
  const of = (text: string) => anomalyOf("fetch-and-add", text).type;

  it("is a lost-update when two positive steps found the same sum", () => {
    const text = "1 faa 1 = 0 0..1\n2 get-and-add 1 = 0 0..1";
    expect(anomalyOf("fetch-and-add", text)).toMatchObject({
      type: "lost-update",
      message:
        "the faa of 1 by process 1 (0 ms to 1 ms) and the get-and-add of 1 by process 2 (0 ms to 1 ms) on " +
        "the object both found 0: one of the two additions is lost",
    });
  });

  it("is an overcount or undercount outside what the others can have added", () => {
    expect(of("1 fetch-and-add 1 = 1 0..1")).toBe("overcount");
    expect(of("1 fetch-and-add 1 = 0 0..1\n1 fetch-and-add 1 = 2 2..3")).toBe("overcount");
    expect(of("1 fetch-and-add 2 = 0 0..1\n1 read = 0 2..3")).toBe("undercount");
    expect(of("1 fetch-and-add 1 = null 0..1")).toBe("impossible-count");
  });
});

describe("a lock's violation", () => {
  it("is a mutual-exclusion when it is held twice at once", () => {
    const twice = "1 acquire @x 0..1\n2 acquire @x 2..3";
    expect(anomalyOf("mutex", twice)).toEqual({
      type: "mutual-exclusion",
      message:
        "key x was held twice at once when process 2 had it by 3 ms: acquired by process 1 and process 2 with no " +
        "release in between that could make room",
      ops: [0, 2],
    });
    expect(anomalyOf("owned-mutex", twice).message).toBe(
      "process 2 acquired key x by 3 ms, though process 1 held it since 1 ms and had not asked for its release",
    );
    expect(anomalyOf("owned-mutex", "1 lock 0..1\n1 lock 2..3")).toMatchObject({
      type: "mutual-exclusion",
      message:
        "process 1 acquired the object by 3 ms, which it held since the lock by process 1 (0 ms to 1 ms)",
    });
  });

  it("is a mutual-exclusion late in a history that has begun well", () => {
    const well = "1 lock 0..1\n1 unlock 2..3";
    expect(anomalyOf("mutex", `${well}\n1 lock 4..8\n2 lock 5..9`).type).toBe("mutual-exclusion");
    expect(anomalyOf("owned-mutex", `${well}\n1 lock 4..8\n2 lock 5..9`).type).toBe(
      "mutual-exclusion",
    );
  });

  it("is a mutual-exclusion when more permits are out than there are", () => {
    const three = "1 acquire 2 0..1\n2 acquire 0..1\n1 release 1 2..3\n3 acquire 2 4..5";
    expect(anomalyOf("semaphore", three, 3)).toMatchObject({
      type: "mutual-exclusion",
      message:
        "more than the 3 permits of the object were held at once when process 3 had it by 5 ms: acquired by " +
        "process 1 and process 2 and process 3 with no release in between that could make room",
    });
    expect(anomalyOf("semaphore", "1 acquire 4 0..1", 3).type).toBe("mutual-exclusion");
  });

  it("is a release-without-holding when no acquire can come before it", () => {
    expect(anomalyOf("mutex", "1 release 0..1\n2 acquire 2..3")).toMatchObject({
      type: "release-without-holding",
      message:
        "process 1 released the object by 1 ms, and no acquire before it can account for that",
    });
    expect(anomalyOf("mutex", "1 acquire 0..1\n1 release 2..3\n2 release 2..4")).toMatchObject({
      type: "release-without-holding",
      message:
        "process 2 released the object by 4 ms (after another release), and no acquire before it can account " +
        "for that",
    });
    expect(anomalyOf("semaphore", "1 acquire 0..1\n1 release 2 2..3", 3).type).toBe(
      "release-without-holding",
    );
  });

  it("is a release-without-holding when another one holds what is owned", () => {
    const stranger = "1 acquire 0..1\n2 release 2..3";
    expect(anomalyOf("owned-mutex", stranger)).toMatchObject({
      type: "release-without-holding",
      message: "process 2 released the object by 3 ms, which it did not hold",
    });
  });
});
