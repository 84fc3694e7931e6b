import { describe, expect, test } from "vitest";
import { type CallOutcome, Calls } from "../../src/sim/calls.js";

/** Calls with one request open, number 7, and a record of what became of it. */
function opened() {
  const calls = new Calls();
  const outcomes: CallOutcome[] = [];
  let cancelled = 0;
  calls.open(7, { cancel: () => cancelled++ }, (outcome) => outcomes.push(outcome));
  const reply = (id: unknown): boolean =>
    calls.accept({ src: "n2", dest: "n1", body: { type: "ok", in_reply_to: id as number } });
  return { calls, outcomes, reply, cancelled: () => cancelled };
}

describe("a request that waits", () => {
  test("is settled by its reply, once, and its timer stopped", () => {
    const { calls, outcomes, reply, cancelled } = opened();
    expect(reply(7)).toBe(true);
    expect(reply(7)).toBe(true);
    calls.expire(7);
    expect(outcomes).toEqual([{ reply: { type: "ok", in_reply_to: 7 } }]);
    expect(cancelled()).toBe(1);
  });

  test("is settled by its time-out, once, and a late reply is swallowed", () => {
    const { calls, outcomes, reply, cancelled } = opened();
    calls.expire(7);
    calls.expire(7);
    expect(reply(7)).toBe(true);
    expect(outcomes).toEqual([{ timedOut: true }]);
    expect(cancelled()).toBe(0);
  });

  test("is settled by its own reply only", () => {
    const { calls, outcomes, reply } = opened();
    expect(reply(8)).toBe(true);
    expect(reply("7")).toBe(false);
    expect(reply(undefined)).toBe(false);
    expect(calls.accept({ src: "n2", dest: "n1", body: { type: "ok", msg_id: 7 } })).toBe(false);
    calls.expire(8);
    expect(outcomes).toEqual([]);
  });
});
