import { describe, expect, it } from "vitest";
import { formatJsonl } from "../../histories/jsonl.js";
import { judgeStream } from "../../src/check/live.js";
import { timeline } from "../checkers/timeline.js";

/** More events than are judged at latest: a snapshot is due after each piece. */
const PIECE = 600;

/** A client calls one function again and again, and gets one answer. */
function again(call: string): string[] {
  return Array.from({ length: PIECE }, () => call);
}

/** The calls one after another, `pieces` of the text at a time; how many were asked for is counted. */
function piecewise(pieces: string[][]) {
  const calls = pieces.flat().map((call, i) => `0 ${call} ${2 * i}..${2 * i + 1}`);
  const { events } = timeline(calls.join("\n"));
  const counted = { asked: 0, destroyed: false };
  async function* texts() {
    let from = 0;
    for (const { length } of pieces) {
      const to = from + 2 * length;
      counted.asked += 1;
      yield new TextEncoder().encode(formatJsonl(events.slice(from, to)));
      from = to;
    }
  }
  const stream = Object.assign(texts(), {
    destroy: () => {
      counted.destroyed = true;
    },
  });
  return { stream, counted };
}

const judged = (pieces: string[][], options = {}) =>
  judgeStream(piecewise(pieces).stream, "pipe", options, {});

describe("while the type is still open, what any type could do is no violation:", () => {
  it.each([
    ["a set that was only read so far", ["read = []"], ["add 1", "read = [1]"], "set"],
    ["a counter that was only read so far", ["read = 0"], ["add 1", "read = 1"], "counter"],
    ["a key that holds no text yet", ['read = ""'], ['append "a"', 'read = "a"'], "kv"],
    ["a set with elements that no counter adds", ["add 1.5"], ["read = [1.5]"], "set"],
    [
      "a queue that yields the greatest",
      ["add 1", "add 2", "peek = 2", "poll = 2", "poll = 1"],
      ["add 1", "delete-max = 1"],
      "max-priority-queue",
    ],
  ])("%s", async (_, first, then, type) => {
    const pieces = [first.length === 1 ? again(first[0]!) : cycle(first), then];
    expect((await judged(pieces)).verdict).toMatchObject({ valid: true, notes: { type } });
  });
});

function cycle(calls: readonly string[]): string[] {
  return Array.from({ length: PIECE }, (_, i) => calls[i % calls.length]!);
}

it("what no type could do is reported at once, and the rest is left unread", async () => {
  const bad = [...again("read = null"), "write 1", "read = 2"];
  const { stream, counted } = piecewise([bad, again("read = 2"), again("read = 2"), ["read = 2"]]);
  const { verdict, operations } = await judgeStream(stream, "pipe", {}, {});
  expect(verdict).toMatchObject({ valid: false, anomalies: [{ type: "garbage-read" }] });
  expect(operations).toBe(bad.length);
  expect(counted).toEqual({ asked: 2, destroyed: true });
});

it("a type that is given is held to from the start", async () => {
  const { stream, counted } = piecewise([again("read = 1"), again("read = 1"), ["write 1"]]);
  const { verdict } = await judgeStream(stream, "pipe", { type: "register" }, {});
  expect([verdict.valid, counted.destroyed]).toEqual([false, true]);
});

it("whether a given type fits is told by the whole", async () => {
  const pieces = [["add 1", ...again("read = 1")], ["read = [1]"]];
  expect((await judged(pieces, { type: "set" })).verdict.valid).toBe(false);
  await expect(judged(pieces.slice(0, 1), { type: "set" })).rejects.toThrow(
    /^pipe: .*try --type counter$/,
  );
});

it("an operation that no type allows is refused at once, with its line", async () => {
  const { stream, counted } = piecewise([["enqueue", ...again("enqueue 1")], ["dequeue = 1"]]);
  await expect(judgeStream(stream, "pipe", {}, {})).rejects.toThrow(/^pipe:1: .*enqueue of null/);
  expect(counted.destroyed).toBe(true);
});
