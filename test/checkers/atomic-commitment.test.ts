/** Hand-made votes and outcomes, judged; and random ones, by a second, slower definition. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atomicCommitment } from "../../checkers/index.js";
import { timeline } from "./timeline.js";

const vote = (node: string, what: string, at: number, participants = '["n1","n2"]') =>
  `${node} vote {"transaction":"t","vote":"${what}","participants":${participants}} ${at}`;
const outcome = (node: string, what: string, at: number) =>
  `${node} outcome {"transaction":"t","outcome":"${what}"} ${at}`;
/** A history that goes on for long after the last fault. */
const END = "1 read 9000..9001";

const judge = (...lines: string[]) => atomicCommitment.check(timeline(lines.join("\n")));
const types = (...lines: string[]) => judge(...lines).anomalies.map(({ type }) => type);
const agreed = [vote("n1", "yes", 0), vote("n2", "yes", 1)];

describe("atomic commitment", () => {
  it("is what it is when all agree and all commit", () => {
    expect(types(...agreed, outcome("n1", "commit", 2), outcome("n2", "commit", 3), END)).toEqual(
      [],
    );
    expect(judge(...agreed, outcome("n1", "commit", 2), outcome("n2", "commit", 3)).valid).toBe(
      true,
    );
  });

  it("lets whoever voted no go its way", () => {
    const refused = [vote("n1", "yes", 0), vote("n2", "no", 1), outcome("n1", "abort", 2)];
    expect(types(...refused, END)).toEqual([]);
  });

  it("lets an outcome be told again", () => {
    const again = [
      outcome("n1", "commit", 2),
      outcome("n2", "commit", 3),
      outcome("n1", "commit", 4),
    ];
    expect(types(...agreed, ...again, END)).toEqual([]);
  });

  it("is broken by a commit here and an abort there", () => {
    const { anomalies } = judge(
      ...agreed,
      outcome("n1", "commit", 2),
      outcome("n2", "abort", 3),
      END,
    );
    expect(anomalies).toEqual([
      {
        type: "split-decision",
        message: "n1 committed transaction t, n2 aborted it",
        ops: [2, 3],
        brokenAt: 3,
      },
    ]);
  });

  it("is broken by a node that takes its outcome back", () => {
    const turned = [
      outcome("n1", "abort", 2),
      outcome("n1", "commit", 3),
      outcome("n2", "commit", 4),
    ];
    expect(types(...agreed, ...turned, END)).toContain("reversed-decision");
  });

  it("is broken by a commit against a no, or before a vote", () => {
    const no = [vote("n1", "yes", 0), vote("n2", "no", 1), outcome("n1", "commit", 2)];
    expect(types(...no, END)).toEqual(["commit-without-consent"]);
    const early = [vote("n1", "yes", 0), outcome("n1", "commit", 1), vote("n2", "yes", 2)];
    expect(types(...early, outcome("n2", "commit", 3), END)).toEqual(["commit-without-consent"]);
  });

  it("does not ask a read-only voter for the outcome", () => {
    const left = [vote("n1", "yes", 0), vote("n2", "read-only", 1), outcome("n1", "commit", 2)];
    expect(types(...left, END)).toEqual([]);
  });

  it("knows a transaction that is stuck from one that is torn", () => {
    expect(types(...agreed, END)).toEqual(["blocked-transaction"]);
    expect(types(...agreed, outcome("n1", "commit", 2), END)).toEqual(["partial-commit"]);
  });

  it("accuses nobody of being slow while faults may be in the way", () => {
    expect(types(...agreed)).toEqual([]);
    expect(types(...agreed, 'nemesis crash {"kind":"crash"} 5', END)).toEqual([]);
    expect(types(...agreed, "nemesis heal null 8000", END)).toEqual([]);
    expect(types(...agreed, "nemesis heal null 100", END)).toEqual(["blocked-transaction"]);
    expect(types(vote("n1", "yes", 8000), vote("n2", "yes", 8000), END)).toEqual([]);
  });

  it("takes a name for another one than a number", () => {
    const outcomes = ['n1 outcome {"transaction":1,"outcome":"commit"} 0'];
    outcomes.push('n2 outcome {"transaction":"1","outcome":"abort"} 1');
    expect(types(...outcomes)).toEqual([]);
  });

  it("is unknown where no node recorded anything", () => {
    expect(judge("1 read 0..1").valid).toBe("unknown");
  });

  it("is kept where nodes record that they have started, and no votes", () => {
    expect(judge("n1 boot null 0\n1 read 1..2").valid).toBe(true);
  });

  it("is broken exactly where outcomes differ or a commit lacks a vote, in any order of events", () => {
    const event = fc.record({
      node: fc.constantFrom("n1", "n2", "n3"),
      said: fc.constantFrom("yes", "no", "commit", "abort"),
    });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 8 }), (events) => {
        const lines = events.map(({ node, said }, at) =>
          said === "yes" || said === "no"
            ? vote(node, said, at, '["n1","n2","n3"]')
            : outcome(node, said, at),
        );
        const all = events.map(({ said }) => said);
        const first = all.indexOf("commit");
        const isSplit = first >= 0 && all.includes("abort");
        const heard = new Set(
          events
            .slice(0, Math.max(0, first))
            .flatMap(({ node, said }) => (said === "yes" || said === "no" ? [node] : [])),
        );
        const isVoted = all.some((said) => said === "yes" || said === "no");
        const lacks = first >= 0 && (all.includes("no") || (isVoted && heard.size < 3));
        expect(judge(...lines).valid).toBe(!isSplit && !lacks);
      }),
    );
  });
});
