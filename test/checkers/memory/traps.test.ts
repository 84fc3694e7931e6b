/** What checkers of memory models are known to get wrong: each mistake with the history that shows it. */

import { describe, expect, it } from "vitest";
import { isValid } from "./judged.js";
import { history, INIT } from "./notation.js";
import { memoryModels, oracleOf } from "./oracle/oracle.js";

/** All but those that only final reads and sets of guarantees can refute. */
const ordering = memoryModels.filter(
  (model) =>
    !/^(read-your-writes|monotonic-.*|writes-follow-reads|eventual|strong-convergence)$/.test(
      model,
    ),
);

function expectVerdict(text: string, model: string, verdict: boolean): void {
  const judged = history(text);
  expect.soft(oracleOf(judged, { init: INIT }).allows(model), `oracle: ${model}`).toBe(verdict);
  expect.soft(isValid(model, judged), model).toBe(verdict);
}

describe("the initial value is a write before everything", () => {
  it.each([
    "w(x,1) r(x)0",
    "w(x,1) r(x)0 | w(y,1) r(y)1",
    "w(x,1) r(x)0 | r(x)1",
    "w(x,1) | r(x)1 r(x)0",
    "w(x,1) w(x,2) r(x)0",
    "swap(x,1)0 r(x)0",
    "w(x,1) cas(x,0,2)",
    "w(x,1) r(y)0 r(x)0",
  ])("so that no model explains %s", (text) => {
    for (const model of ordering) expectVerdict(text, model, false);
  });

  it.each([
    "r(x)0 w(x,1) r(x)1",
    "w(x,1) | r(x)0 r(x)1",
    "r(x)0 | r(y)0 | r(z)0",
    "r(x)0 r(x)0 w(x,1)",
  ])("and every model explains %s", (text) => {
    for (const model of ordering) expectVerdict(text, model, true);
  });

  it("to read-your-writes and monotonic reads, too", () => {
    expectVerdict("w(x,1) r(x)0", "read-your-writes", false);
    expectVerdict("w(x,1) r(x)0", "monotonic-reads", true);
    expectVerdict("w(x,1) | r(x)1 r(x)0", "monotonic-reads", false);
    expectVerdict("w(x,1) | r(x)1 r(x)0", "read-your-writes", true);
  });

  it("in the part of a causal past that another session brings", () => {
    for (const model of ["causal", "causal-convergence", "causal-memory", "release-acquire"]) {
      expectVerdict("w(x,1) w(y,1) | r(y)1 w(z,1) | r(z)1 r(x)0", model, false);
    }
  });
});

describe("a value read twice is no violation", () => {
  it.each([
    "w(x,1) | r(x)1 r(x)1",
    "w(x,1) r(x)1 r(x)1",
    "w(x,1) | r(x)1 r(y)0 r(x)1 | w(y,1)",
    "w(x,1) | r(x)1 r(x)1 | r(x)1 r(x)1",
  ])("%s", (text) => {
    for (const model of memoryModels) {
      if (model !== "eventual" && model !== "strong-convergence") expectVerdict(text, model, true);
    }
  });
});

describe("parts that share no key are judged all the same", () => {
  it("a lone session with its own mistake", () => {
    for (const model of ordering) {
      expectVerdict("w(x,1) r(x)1 | w(y,1) w(y,2) r(y)1", model, false);
      expectVerdict("w(x,1) | r(x)1 | w(y,1) w(y,2) | r(y)2 r(y)0", model, false);
    }
  });

  it("a lone session without one", () => {
    for (const model of ordering) expectVerdict("w(x,1) r(x)1 | w(y,1) r(y)1 | r(z)0", model, true);
  });

  it("store buffering beside a session of another key", () => {
    expectVerdict("w(x,1) r(y)0 | w(y,1) r(x)0 | w(z,1) r(z)1", "sequential", false);
    expectVerdict("w(x,1) r(y)0 | w(y,1) r(x)0 | w(z,1) r(z)1", "tso", true);
  });

  it("a circle through three sessions, two of which share no key with each other", () => {
    const text = "w(x,1) r(y)0 | w(y,1) r(z)0 | w(z,1) r(x)0";
    expectVerdict(text, "sequential", false);
    expectVerdict(text, "causal-convergence", true);
  });
});

describe("an initial value that is written, too", () => {
  it.each([
    "w(x,1) w(x,0) r(x)0",
    "w(x,1) | r(x)1 r(x)0 | w(x,0)",
    "w(x,1) w(x,0) | r(x)0 r(x)1 r(x)0",
    "w(x,0) r(x)0",
    "cas(x,0,0) r(x)0",
    "w(x,1) swap(x,0)1 r(x)0",
  ])("may be read from the write: %s", (text) => {
    for (const model of ordering) expectVerdict(text, model, true);
  });

  it.each(["w(x,0) w(x,1) r(x)0", "w(x,0) w(x,1) | r(x)1 r(x)0"])(
    "and is overwritten as any other: %s",
    (text) => {
      for (const model of ordering) expectVerdict(text, model, false);
    },
  );
});

describe("an overwritten read orders nothing in plain causal consistency", () => {
  it.each([
    "w(y,1) r(x)0 | w(x,2) w(y,2) r(y)1",
    "w(x,1) r(y)0 | w(y,1) r(x)0",
    "w(x,1) | r(x)1 r(y)0 | w(y,1) r(x)0",
  ])("%s", (text) => {
    expectVerdict(text, "causal", true);
    expectVerdict(text, "causal-memory", true);
    expectVerdict(text, "sequential", false);
  });
});

describe("a circle of overwritten reads", () => {
  it.each([
    "w(x,1) r(x)4 | w(x,2) w(x,4) w(x,5) r(x)3 | w(x,3) r(x)2",
    "w(x,1) r(x)5 | w(x,2) r(x)4 | w(x,4) w(x,5) w(x,3) r(x)2",
  ])("is seen where other reads are overwritten, too: %s", (text) => {
    for (const model of ["causal", "causal-memory", "pram"]) expectVerdict(text, model, true);
    for (const model of ["causal-convergence", "release-acquire", "coherence"]) {
      expectVerdict(text, model, false);
    }
  });
});

describe("values that many wrote", () => {
  it("may come from any of them", () => {
    for (const model of ordering) {
      expectVerdict("w(x,1) w(x,2) w(x,1) | r(x)1 r(x)2 r(x)1", model, true);
      expectVerdict("w(x,1) | w(x,1) | r(x)1 r(x)2 r(x)1 | w(x,2)", model, true);
    }
  });

  it("do not come from more of them than there are", () => {
    expectVerdict("w(x,1) w(x,2) w(x,1) | r(x)2 r(x)1 r(x)2", "slow", false);
    expectVerdict("w(x,1) | w(x,2) | w(x,1) | r(x)1 r(x)2 r(x)1 r(x)2", "coherence", false);
  });
});

describe("what has no answer", () => {
  it.each([
    "w(x,1) | w(x,2)? | r(x)2 r(x)1",
    "w(x,1) | w(x,2)? | r(x)1 r(x)2 r(x)2",
    "w(x,1) w(x,2)? | r(x)1 r(x)1",
    "cas(x,0,1)? | r(x)0 r(x)0",
    "cas(x,0,1)? | r(x)0 r(x)1",
    "cas(x,5,1)? | r(x)0",
    "swap(x,1)? | w(x,2) | r(x)0 r(x)1 r(x)2",
    "r(x)? | w(x,1)",
    "w(x,1) f? | r(x)1",
  ])("happened or did not: %s", (text) => {
    for (const model of ordering) expectVerdict(text, model, true);
  });

  it("happened where somebody saw it, and then what it found was there", () => {
    for (const model of memoryModels) {
      expectVerdict("cas(x,5,1)? | r(x)1", model, false);
      expectVerdict("w(x,1)! | r(x)1", model, false);
    }
    for (const model of ordering) expectVerdict("w(x,5) | cas(x,5,1)? | r(x)1", model, true);
  });

  it("is no fence: a store buffer need not be empty for it", () => {
    expectVerdict("w(x,1) f? | r(x)0", "tso", true);
    expectVerdict("w(x,1) r(y)0 f? | w(y,1) r(x)0", "tso", true);
  });
});

describe("an operation that failed", () => {
  it("wrote nothing, and its session goes on", () => {
    for (const model of ordering) {
      expectVerdict("w(x,1) w(x,2)! r(x)1", model, true);
      expectVerdict("w(x,1) cas(x,1,2)! r(x)1", model, true);
      expectVerdict("w(x,1) w(x,2)! r(x)2", model, false);
    }
  });
});
