/** The two sides can never both win, and one does when all have joined: for every possible standing. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decided,
  quorumsOf,
  reachable,
  type State,
} from "../../../systems/three-phase-commit/quorums.js";

const joined = fc.array(fc.constantFrom<State>("pre-commit", "pre-abort"), {
  minLength: 1,
  maxLength: 9,
});
const undecided = fc.array(fc.constantFrom<State>("waits", "pre-commit", "pre-abort"), {
  minLength: 1,
  maxLength: 9,
});

describe("quorums of commit and of abort", () => {
  it("cannot both be reached by participants that join once", () => {
    fc.assert(
      fc.property(joined, fc.nat(), fc.nat(), (states, one, other) => {
        const quorums = quorumsOf(states.length);
        // Two leaders, each of which has heard some of the participants.
        const heard = (mask: number) => states.filter((_, i) => (mask >> i) % 2 === 1);
        const outcomes = [decided(heard(one), quorums), decided(heard(other), quorums)];
        expect(outcomes.includes("commit") && outcomes.includes("abort")).toBe(false);
      }),
    );
  });

  it("leave nobody waiting when all have joined", () => {
    fc.assert(
      fc.property(joined, (states) => {
        expect(decided(states, quorumsOf(states.length))).toBeDefined();
      }),
    );
  });

  it("can be reached by one side at least while all answer", () => {
    fc.assert(
      fc.property(undecided, (states) => {
        const quorums = quorumsOf(states.length);
        expect(decided(states, quorums) ?? reachable(states, quorums)).toBeDefined();
      }),
    );
  });
});

describe("whom to join", () => {
  const toward = (participants: number, ...states: State[]) =>
    reachable(states, quorumsOf(participants));

  it("a commit needs somebody who proves that all agreed", () => {
    expect(toward(3, "waits", "waits", "waits")).toBe("abort");
    expect(toward(3, "waits", "pre-commit")).toBe("commit");
  });

  it("nothing where too few answer", () => {
    expect(toward(3, "waits")).toBeUndefined();
    expect(toward(3, "pre-commit")).toBeUndefined();
    expect(toward(5, "pre-commit", "pre-abort")).toBeUndefined();
  });

  it("an abort where the others are too few for a commit", () => {
    expect(toward(3, "waits", "pre-abort")).toBe("abort");
    expect(toward(2, "waits")).toBe("abort");
  });

  it("one who knows the outcome is enough", () => {
    expect(decided(["waits", "committed"], quorumsOf(5))).toBe("commit");
    expect(decided(["pre-commit", "aborted"], quorumsOf(5))).toBe("abort");
  });
});
