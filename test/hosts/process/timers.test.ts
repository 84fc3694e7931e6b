import { describe, expect, it } from "vitest";
import { realMs } from "../../../src/hosts/process/real-time.js";
import { Timers } from "../../../src/hosts/process/timers.js";
import { NEVER } from "../../../src/hosts/process/watch.js";

const SECOND_US = 1_000_000;

describe("virtual time beside a program", () => {
  it("is not held back by one that waits for input alone", () => {
    const timers = new Timers();
    timers.observe(NEVER, 5);
    expect(timers.limitUs()).toBe(NEVER);
    expect(timers.realMsAt(60 * SECOND_US)).toBeLessThanOrEqual(realMs());
  });

  it("goes no faster than real time while a timer is due soon", () => {
    const timers = new Timers();
    const before = realMs();
    timers.observe(before + 100, 7 * SECOND_US);
    const elapsedUs = () => (realMs() - before) * 1000;
    expect(timers.limitUs()).toBeGreaterThanOrEqual(7 * SECOND_US);
    expect(timers.limitUs()).toBeLessThanOrEqual(7 * SECOND_US + elapsedUs());
    const ahead = timers.realMsAt(8 * SECOND_US) - timers.realMsAt(7 * SECOND_US);
    expect(ahead).toBeCloseTo(1000, 3);
  });

  it("goes no faster than real time when nobody can say when the program goes on", () => {
    const timers = new Timers();
    timers.observe("unknown", 0);
    expect(timers.limitUs()).toBeLessThan(60 * SECOND_US);
    expect(timers.wakeMs).toBe(NEVER);
  });

  it("goes at once up to where a timer is due that is due late", () => {
    const timers = new Timers();
    timers.observe(realMs() + 60_000, SECOND_US);
    expect(timers.limitUs()).toBeLessThanOrEqual(61 * SECOND_US);
    expect(timers.limitUs()).toBeGreaterThan(31 * SECOND_US);
  });

  it("remembers a late timer behind a later one, and forgets one that was taken back", () => {
    const timers = new Timers();
    const due = realMs() + 20_000;
    timers.observe(due, 0);
    timers.observe(due, 10 * SECOND_US);
    expect(timers.limitUs()).toBeLessThanOrEqual(20 * SECOND_US);
    timers.observe(due + 10_000, 10 * SECOND_US);
    expect(timers.limitUs()).toBeGreaterThan(25 * SECOND_US);
  });
});
