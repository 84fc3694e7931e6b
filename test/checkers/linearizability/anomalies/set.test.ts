/** What violations of sets are called. */

import { describe, expect, it } from "vitest";
import { anomalyOf } from "./story.js";

const of = (text: string, init: number[] | null = null) => anomalyOf("set", text, init).type;
const said = (text: string, init: number[] | null = null) => anomalyOf("set", text, init).message;

describe("a set's violation by one read alone", () => {
  it("is a duplicate-element or a garbage-read", () => {
    expect(of("1 add 1 0..1\n1 read = [1,1] 2..3")).toBe("duplicate-element");
    expect(said("1 add 1 @x 0..1\n1 read = [1,1] @x 2..3")).toBe(
      "process 1 read 1 twice in one read of key x",
    );
    expect(of("1 add 1 0..1\n1 read = [1,2] 2..3")).toBe("garbage-read");
    expect(of("1 read = 5 2..3")).toBe("garbage-read");
    expect(said("1 read = 5 2..3")).toBe(
      "process 1 read 5 from the object, which is no list of elements",
    );
  });
});

describe("a set's element that cannot be there", () => {
  it("is an aborted-read or a future-read", () => {
    expect(of("1 add 1 0..1 failed\n1 read = [1] 2..3")).toBe("aborted-read");
    expect(of("1 read = [1] 0..1\n1 add 1 2..3")).toBe("future-read");
  });

  it("may be found by contains, remove and add as well", () => {
    expect(of("1 contains 1 = true 0..1")).toBe("garbage-read");
    expect(said("1 contains 1 = true 0..1")).toBe(
      "process 1 found 1 in the object, which nobody added to it",
    );
    expect(of("1 remove 1 = true 0..1")).toBe("garbage-read");
    expect(of("1 add 1 = false 0..1")).toBe("garbage-read");
    expect(of("1 add 1 0..1 failed\n1 contains 1 = true 2..3")).toBe("aborted-read");
    expect(of("1 add 1 = false 0..1\n2 add 1 = true 2..3")).toBe("future-read");
  });
});

describe("a double-effect", () => {
  it("is two adds of one element that both say it was absent", () => {
    const adds = "1 add 1 = true 0..9\n2 add 1 = true 0..9";
    expect(of(adds)).toBe("double-effect");
    expect(said(adds)).toBe(
      "the add of 1 by process 1 (0 ms to 9 ms) and the add of 1 by process 2 (0 ms to 9 ms) both found 1 " +
        "absent in the object, and nobody can have removed it in between",
    );
    expect(of("3 remove 1 0..1\n1 add 1 = true 2..3\n2 add 1 = true 4..5")).toBe("double-effect");
  });

  it("is two removes that both say that it was inside", () => {
    expect(of("1 remove 1 = true 0..9\n2 remove 1 = true 0..9", [1])).toBe("double-effect");
  });
});

describe("a stale-read or lost-write", () => {
  const added = "1 add 1 0..1\n2 read = [] 2..3";

  it("is an acknowledged add that a later read does not show", () => {
    expect(of(added)).toBe("stale-read");
    expect(said(added)).toBe(
      "the add of 1 by process 1 (0 ms to 1 ms) on the object was acknowledged, but process 2 did not find " +
        "1 (begun at 2 ms)",
    );
    expect(of(`${added} final`)).toBe("lost-write");
    expect(said(`${added} final`)).toBe(
      "the add of 1 by process 1 (0 ms to 1 ms) on the object was acknowledged, but process 2 did not find " +
        "1 (begun at 2 ms): after everything had healed, it is gone",
    );
  });

  it("is an acknowledged remove that a later read does not show", () => {
    const removed = "1 add 1 0..1\n1 remove 1 2..3\n2 read = [1] 4..5";
    expect(of(removed)).toBe("stale-read");
    expect(said(removed)).toContain("but process 2 still found 1 (begun at 4 ms)");
    expect(of(`${removed} final`)).toBe("lost-write");
  });

  it("is also what contains, add and remove tell", () => {
    expect(of("1 add 1 0..1\n2 contains 1 = false 2..3")).toBe("stale-read");
    expect(of("1 add 1 0..1\n2 add 1 = true 2..3")).toBe("stale-read");
    expect(of("1 add 1 0..1\n2 remove 1 = false 2..3")).toBe("stale-read");
    expect(of("1 add 1 0..1\n1 remove 1 2..3\n2 add 1 = false 4..5")).toBe("stale-read");
  });

  it("is a read that holds an element which was added after the missed one", () => {
    expect(of("3 read = [2] 0..9\n1 add 1 1..2\n1 add 2 3..4")).toBe("stale-read");
  });

  it("is a lost-write when it was there from the start", () => {
    expect(of("1 read = [] 0..1", [7])).toBe("lost-write");
    expect(said("1 read = [] 0..1", [7])).toBe(
      "process 1 did not find 7 in the object, where it was from the start",
    );
  });

  it("is none while a remove may have come in between", () => {
    const maybe = "1 add 1 0..1\n3 remove 1 0..?\n2 read = [] 2..3\n2 read = [1] 4..5";
    expect(of(maybe)).toBe("new-old-inversion");
  });
});

describe("a new-old-inversion", () => {
  it("is an element that vanishes while its add is in flight", () => {
    const vanishes = "1 add 1 0..9\n2 read = [1] 1..2\n3 read = [] 3..4";
    expect(of(vanishes)).toBe("new-old-inversion");
    expect(said(vanishes)).toBe(
      "process 2 found 1 in the object by 2 ms, and after that process 3 did not",
    );
    expect(of("1 add 1 0..9\n2 contains 1 = true 1..2\n3 contains 1 = false 3..4")).toBe(
      "new-old-inversion",
    );
  });
});

describe("an incompatible-order", () => {
  const adds = "1 add 1 0..9\n2 add 2 0..9";
  const reads = "3 read = [1] 1..8\n4 read = [2] 1..8";

  it("is two reads that disagree about which add came first", () => {
    expect(of(`${adds}\n${reads}`)).toBe("incompatible-order");
    expect(said(`${adds}\n${reads}`)).toBe(
      "process 3 read 1 without 2 in the object, and process 4 read 2 without 1",
    );
  });
});
