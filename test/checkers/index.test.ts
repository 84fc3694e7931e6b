/** The registries: everything has one name, types are inferred, and misuse is explained in one line. */

import { describe, expect, it } from "vitest";
import { checkers, inferType, linearizable, models, types } from "../../checkers/index.js";
import { UsageError } from "../../src/base/errors.js";
import { timeline } from "./timeline.js";

describe("the registries", () => {
  it("know every entry by its own name, with a one-line summary", () => {
    for (const registry of [checkers, models, types]) {
      expect(registry.size).toBeGreaterThan(0);
      for (const [name, entry] of registry) {
        expect(entry.name).toBe(name);
        expect(entry.summary).toMatch(/^[^\n]{10,100}$/);
      }
    }
  });

  it("serve the linearizable model for every type", () => {
    for (const type of types.keys()) {
      const checker = models
        .get("linearizable")!
        .checker({ type, ...(type === "semaphore" ? { init: 1 } : {}) });
      expect(checker.check(timeline("")).valid).toBe(true);
    }
  });
});

describe("the type of object", () => {
  it.each([
    ["register", "1 read 0..1"],
    ["register", "1 write 1 0..1\n1 fence 2..3"],
    ["cas-register", "1 read 0..1\n1 cas [1,2] 2..3 failed"],
    ["kv", "1 get 0..1"],
    ["kv", "1 read 0..1\n1 append a 2..3"],
    ["set", "1 add 1 0..1\n1 read = [1] 2..3"],
    ["set", "1 add 1 0..1\n1 remove 1 2..3"],
    ["set", "1 add x 0..1"],
    ["counter", "1 add 1 0..1\n1 read = 1 2..3"],
    ["mutex", "1 acquire 0..1"],
    ["queue", "1 enqueue 1 0..1"],
    ["stack", "1 pop = null 0..1"],
  ])("is inferred: %s", (type, text) => {
    expect(inferType(timeline(text))).toBe(type);
  });

  it("cannot be inferred from functions that no type has together", () => {
    expect(() => inferType(timeline("1 push 1 0..1\n1 acquire 2..3"))).toThrow(UsageError);
  });
});

describe("misuse", () => {
  const misuse = (type: string, text: string, init?: number) => () =>
    linearizable({ type, ...(init === undefined ? {} : { init }) }).check(timeline(text));

  it("of a type that does not exist names the nearest", () => {
    expect(() => linearizable({ type: "registre" })).toThrow(
      'unknown type "registre": did you mean register',
    );
  });

  it("of a type that lacks a function says where, what it offers, and which type to try", () => {
    expect(misuse("register", "1 write 1 0..1\n2 cas [1,2] 2..3")).toThrow(
      "event 2: process 2: a register offers read, write, not cas: try --type cas-register",
    );
  });

  it.each([
    ["cas-register", "1 cas 5 0..1", "event 0: process 1: cas takes [from, to], got 5"],
    ["counter", "1 add 1.5 0..1", "add takes a whole number, got 1.5"],
    ["kv", "1 append 5 0..1", "append takes a string, got 5"],
    [
      "kv",
      "1 append a 0..1\n1 put 5 2..3",
      "event 2: process 1: puts 5 to a key that is appended to: write strings",
    ],
    ["queue", "1 enqueue null 0..1", "enqueue of null: null stands for an empty queue"],
  ])("of a %s is refused: %s", (type, text, message) => {
    expect(misuse(type, text)).toThrow(UsageError);
    expect(misuse(type, text)).toThrow(message);
  });

  it("of the initial value is refused where the type cannot start with it", () => {
    expect(misuse("set", "1 read 0..1", 5)).toThrow("--init 5: a set starts as a list of elements");
    expect(misuse("counter", "1 read 0..1", 0.5)).toThrow(
      "--init 0.5: a counter starts as a whole number",
    );
  });

  it("is never what the system answered", () => {
    expect(misuse("counter", '1 read = "x" 0..1')().valid).toBe(false);
    expect(misuse("set", "1 read = 7 0..1")().valid).toBe(false);
    expect(misuse("kv", "1 append a 0..1\n1 get = 7 2..3")().valid).toBe(false);
    expect(misuse("queue", "1 dequeue = [7] 0..1")().valid).toBe(false);
  });
});
