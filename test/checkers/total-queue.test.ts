/** What goes in comes out, once. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { totalQueue, totalQueueWith } from "../../checkers/index.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => totalQueue.check(timeline(text));
const typesOf = (text: string) => judge(text).anomalies.map(({ type }) => type);
const drained = "9 drain = [] 90..91";

describe("an element", () => {
  it("comes out by a dequeue or a drain", () => {
    const { valid, notes } = judge(
      "1 enqueue 7 0..1\n1 enqueue 8 2..3\n2 dequeue = 8 4..5\n2 drain = [7] 6..7",
    );
    expect(valid).toBe(true);
    expect(notes).toEqual({
      attempted: 2,
      acknowledged: 2,
      taken: 2,
      recovered: 0,
      duplicated: 0,
      unaccounted: 0,
    });
  });

  it("is lost when it never came out of a queue that was drained", () => {
    const { valid, anomalies } = judge(`1 enqueue 7 0..1\n${drained}`);
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      {
        type: "lost-element",
        message:
          "element 7, acknowledged to process 1, never came out, though process 9 found the queue empty",
        ops: [0, 2],
      },
    ]);
  });

  it("is not lost while nobody has looked, or its enqueue overlaps the drain", () => {
    expect(judge("1 enqueue 7 0..1").valid).toBe("unknown");
    expect(judge("1 enqueue 7 0..1\n2 dequeue = null 2..3").valid).toBe("unknown");
    expect(judge("1 enqueue 7 0..5\n2 drain = [] 2..3").valid).toBe("unknown");
  });

  it("is lost, too, when a final dequeue finds nothing", () => {
    expect(typesOf("1 enqueue 7 0..1\n2 dequeue = null 2..3 final")).toEqual(["lost-element"]);
  });

  it("may be what a dequeue of unknown outcome took, but that took only one", () => {
    const taken = "2 dequeue 2..?";
    const one = judge(`1 enqueue 7 0..1\n${taken}\n${drained}`);
    expect(one.valid).toBe(true);
    expect(one.notes).toMatchObject({ unaccounted: 1 });
    expect(typesOf(`1 enqueue 7 0..1\n1 enqueue 8 2..3\n${taken}\n${drained}`)).toEqual([
      "lost-element",
    ]);
    expect(typesOf(`1 enqueue 7 0..1\n${drained}\n2 dequeue 95..?`)).toEqual(["lost-element"]);
  });

  it("may be what a drain of unknown outcome took, and so may any number", () => {
    expect(judge(`1 enqueue 7 0..1\n1 enqueue 8 2..3\n2 drain 4..?\n${drained}`).valid).toBe(true);
  });

  it("of unknown fate may stay away, or be recovered", () => {
    expect(judge(`1 enqueue 7 0..?\n${drained}`).valid).toBe(true);
    expect(judge("1 enqueue 7 0..?\n2 drain = [7] 4..5").notes).toMatchObject({ recovered: 1 });
  });

  it("comes out as often as it went in, at most", () => {
    const twice = "1 enqueue 7 0..1\n2 dequeue = 7 2..3\n3 dequeue = 7 4..5";
    expect(typesOf(twice)).toEqual(["duplicate-element"]);
    const tolerant = totalQueueWith({ duplicates: true }).check(timeline(twice));
    expect(tolerant.valid).toBe(true);
    expect(tolerant.notes).toMatchObject({ duplicated: 1 });
    expect(judge(`4 enqueue 7 0..1\n${twice}`).valid).toBe(true);
  });

  it("must have been enqueued by then, by somebody who was not told that it failed", () => {
    const sound = "1 enqueue 1 0..1\n1 dequeue = 1 2..3";
    expect(typesOf(`${sound}\n2 dequeue = 7 4..5`)).toEqual(["garbage-element"]);
    expect(typesOf(`${sound}\n3 enqueue 7 0..1 failed\n2 dequeue = 7 4..5`)).toEqual([
      "aborted-element",
    ]);
    expect(typesOf(`${sound}\n3 enqueue 7 6..7\n2 dequeue = 7 4..5`)).toEqual(["future-element"]);
    expect(judge(`${sound}\n3 enqueue 7 4..7\n2 dequeue = 7 4..5`).valid).toBe(true);
  });
});

describe("a history", () => {
  it("in which nothing went in or out is not judged", () => {
    const reason = "nothing was enqueued or dequeued";
    expect(judge("")).toMatchObject({ valid: "unknown", reason });
  });

  it("in which nothing was enqueued loses nothing, and nothing may come out", () => {
    expect(judge("1 dequeue = null 0..1").valid).toBe(true);
    expect(typesOf("1 dequeue = 7 0..1")).toEqual(["garbage-element"]);
  });

  it("that enqueues null is refused", () => {
    expect(() => judge("1 enqueue null 0..1")).toThrow("null stands for an empty queue");
  });

  it("may say of a crashed drain what it had got", () => {
    const events = timeline("1 enqueue 7 0..1\n2 drain = [7] 2..3");
    const crashed = {
      ...events,
      operations: events.operations.map((operation) =>
        operation.f === "drain"
          ? { ...operation, outcome: "info" as const, completed: Number.POSITIVE_INFINITY }
          : operation,
      ),
    };
    expect(totalQueue.check(crashed).valid).toBe(true);
    expect(totalQueue.check(crashed).notes).toMatchObject({ taken: 1 });
  });
});

describe("a real queue", () => {
  const steps = fc.array(fc.constantFrom("enqueue", "dequeue", "crash"), { maxLength: 20 });

  it("is valid however its clients crash, and not once an element is forgotten", () => {
    fc.assert(
      fc.property(steps, fc.nat(), (script, at) => {
        const queue: number[] = [];
        const lines: string[] = [];
        script.forEach((step, i) => {
          if (step === "enqueue") queue.push(i);
          const first = step === "enqueue" ? undefined : queue.shift();
          if (step === "enqueue") lines.push(`1 enqueue ${i} ${i}..${i}.5`);
          else if (step === "dequeue") lines.push(`2 dequeue = ${first ?? null} ${i}..${i}.5`);
          else lines.push(`${100 + i} dequeue ${i}..?`);
        });
        const drain = (left: number[]) => `3 drain = ${JSON.stringify(left)} 50..51`;
        const { valid, notes } = judge([...lines, drain(queue)].join("\n"));
        expect(valid).toBe(true);
        const crashes = script.filter((step) => step === "crash").length;
        if (queue.length === 0 || Number(notes?.["unaccounted"]) < crashes) return;
        const forgetful = queue.filter((_, i) => i !== at % queue.length);
        expect(typesOf([...lines, drain(forgetful)].join("\n"))).toEqual(["lost-element"]);
      }),
      { numRuns: 200 },
    );
  });
});
