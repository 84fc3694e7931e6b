/** What violations of lists, of texts that are appended to, and of unique ids are called. */

import { describe, expect, it } from "vitest";
import { anomalyOf } from "./story.js";

describe("a list's violation", () => {
  const of = (text: string, init: number[] | null = null) =>
    anomalyOf("list-append", text, init).type;
  const said = (text: string) => anomalyOf("list-append", text).message;
  const two = "1 append 1 @x 0..1\n1 append 2 @x 2..3";
  const apart = "1 append 1 @x 0..9\n2 append 2 @x 0..9";

  it("is a garbage-read, aborted-read or future-read of one element", () => {
    expect(of(`${two}\n1 read = [1,7,2] @x 4..5`)).toBe("garbage-read");
    expect(said(`${two}\n1 read = [1,7,2] @x 4..5`)).toBe(
      "process 1 read 7 in key x, which nobody appended to it",
    );
    expect(of("1 read = 7 0..1")).toBe("garbage-read");
    expect(of("1 append 1 0..1 failed\n1 read = [1] 2..3")).toBe("aborted-read");
    expect(of("1 read = [1] 0..1\n1 append 1 2..3")).toBe("future-read");
  });

  it("is a double-effect when an element is there more often than it was appended", () => {
    expect(of(`${two}\n2 read = [1,2,1] @x 4..5`)).toBe("double-effect");
    expect(said(`${two}\n2 read = [1,2,1] @x 4..5`)).toBe(
      "process 2 read 1 twice in key x, where it was appended once",
    );
    expect(of(`${two}\n1 append 1 @x 4..?\n2 read = [1,1] @x 6..7`)).toBe("lost-append");
  });

  it("is a lost-append when an acknowledged one is missing", () => {
    expect(of(`${two}\n2 read = [1] @x 4..5`)).toBe("lost-append");
    expect(said(`${two}\n2 read = [1] @x 4..5`)).toBe(
      "the append of 2 by process 1 (2 ms to 3 ms) on key x was acknowledged, but is not in the read by " +
        "process 2 (begun at 4 ms)",
    );
    expect(of(`${two}\n2 read = [2] @x 2..5`)).toBe("lost-append");
    expect(of("1 read = [5] 0..1", [5, 6])).toBe("lost-append");
  });

  it("is a stale-read when an earlier read held more", () => {
    expect(of("1 append 1 0..9\n2 read = [1] 1..2\n3 read = null 3..4")).toBe("stale-read");
    expect(said("1 append 1 @x 0..9\n2 read = [1] @x 1..2\n3 read = null @x 3..4")).toBe(
      "process 2 read 1 in key x by 2 ms, and after that process 3 did not",
    );
  });

  it("is an incompatible-order when two reads, or a read and the appends, disagree", () => {
    expect(of(`${apart}\n3 read = [1,2] @x 10..11\n4 read = [2,1] @x 10..11`)).toBe(
      "incompatible-order",
    );
    expect(said(`${apart}\n3 read = [1] @x 1..8\n4 read = [2] @x 1..8`)).toBe(
      "process 3 read 1 in key x where process 4 read 2",
    );
    expect(of(`${two}\n2 read = [2,1] @x 4..5`)).toBe("incompatible-order");
    expect(said(`${two}\n2 read = [2,1] @x 4..5`)).toBe(
      "process 2 read 2 before 1 in key x, although the append of 1 by process 1 (0 ms to 1 ms) was over " +
        "before the append of 2 by process 1 (2 ms to 3 ms) began",
    );
    expect(of("1 read = [6,5] 0..1", [5, 6])).toBe("incompatible-order");
  });
});

describe("an appended key's violation", () => {
  const of = (text: string, init: string | null = null) => anomalyOf("kv", text, init).type;
  const said = (text: string) => anomalyOf("kv", text).message;
  const abc = "1 append a 0..1\n1 append b 2..3\n1 append c 4..5";

  it("is a garbage-read, aborted-read or future-read by its pieces alone", () => {
    expect(of(`${abc}\n1 get = abxc 6..7`)).toBe("garbage-read");
    expect(said(`${abc}\n1 get = abxc 6..7`)).toBe(
      'process 1 read "abxc" in the object, which is no sequence of what was written to it',
    );
    expect(of(`${abc}\n1 append x 6..7 failed\n1 get = abcx 8..9`)).toBe("aborted-read");
    expect(said(`${abc}\n1 append x 6..7 failed\n1 get = abcx 8..9`)).toBe(
      'process 1 read "abcx" in the object, part of which only failed writes wrote',
    );
    expect(of("1 get = a 0..1\n1 append a 2..3")).toBe("future-read");
    expect(said("1 get = a 0..1\n1 append a 2..3")).toBe(
      'process 1 read "a" in the object, part of which was written only later',
    );
  });

  it("is a double-effect when a piece appended once is read twice", () => {
    expect(of(`${abc}\n1 get = abcb 6..7`)).toBe("double-effect");
    expect(said(`${abc}\n1 get = abcb 6..7`)).toBe(
      'process 1 read "b" twice in the object, where it was appended once',
    );
  });

  it("is a lost-append when an acknowledged piece is missing, seen by somebody or not", () => {
    expect(of(`${abc}\n2 get = ab 8..9`)).toBe("lost-append");
    expect(of(`${abc}\n1 get = abc 6..7\n2 get = ab 8..9`)).toBe("lost-append");
    expect(of(`${abc}\n2 get = ac 8..9`)).toBe("lost-append");
    expect(of("1 append a 0..1\n2 get = p 2..3", "p")).toBe("lost-append");
  });

  it("is a stale-read, or a lost-write after everything has healed, when a missed piece is a put", () => {
    const put = "1 append a 0..1\n1 put p 6..7\n2 get = a 8..9";
    expect(of(put)).toBe("stale-read");
    expect(said(put)).toBe(
      'the put of "p" by process 1 (6 ms to 7 ms) on the object was acknowledged, but what process 2 ' +
        "read (begun at 8 ms) does not begin with it",
    );
    expect(of(`${put} final`)).toBe("lost-write");
  });

  it("is a stale-read when a piece vanishes while its append is in flight", () => {
    expect(of("1 append a 0..9\n2 get = a 1..2\n2 get = null 3..4")).toBe("stale-read");
    expect(
      of("3 append a 0..1\n1 put p 1.2..1.4\n1 append a2 1.5..9\n2 get = pa2 2..3\n2 get = p 4..5"),
    ).toBe("stale-read");
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

describe("unique ids", () => {
  it("are violated by a duplicate-id", () => {
    expect(anomalyOf("unique-ids", "1 generate = 7 0..1\n2 generate = 7 2..3")).toEqual({
      type: "duplicate-id",
      message: "the object gave 7 twice: to process 1 (by 1 ms) and to process 2 (by 3 ms)",
      ops: [0, 2],
    });
  });
});
