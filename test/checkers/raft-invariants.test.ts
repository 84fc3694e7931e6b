/** What only grows, quorums that overlap, and leaders that stay: on hand-made histories. */

import { describe, expect, it } from "vitest";
import { neverBack, quorumOverlap, stableLeader } from "../../checkers/index.js";
import { type Observed, observed } from "./observed.js";

const typesOf = ({ anomalies }: { anomalies: { type: string }[] }) =>
  anomalies.map(({ type }) => type);

describe("what only grows", () => {
  const commit = (process: string, index: number): Observed => ({
    process,
    f: "commit",
    value: { index },
  });
  const term = (process: string, number: number): Observed => ({
    process,
    f: "term",
    value: { term: number },
  });
  const check = (...events: Observed[]) => neverBack.check(observed(events));

  it("may be behind that of another server", () => {
    expect(check(commit("n1", 5), commit("n2", 2), commit("n1", 5), term("n1", 1)).valid).toBe(
      true,
    );
  });

  it("does not fall while the server runs", () => {
    const verdict = check(commit("n1", 5), commit("n1", 4), term("n1", 3), term("n1", 2));
    expect(typesOf(verdict)).toEqual(["commit-went-back", "term-went-back"]);
  });

  it("at a leader is told for each follower and term", () => {
    const match = (of: string, term: number, index: number): Observed => ({
      process: "n1",
      f: "match",
      value: { of, term, index },
    });
    expect(check(match("n2", 1, 5), match("n3", 1, 2), match("n2", 2, 1)).valid).toBe(true);
    expect(typesOf(check(match("n2", 1, 5), match("n2", 1, 4)))).toEqual(["match-went-back"]);
  });

  it("may begin lower after a boot", () => {
    const boot = { process: "n1", f: "boot", value: {} };
    expect(check(commit("n1", 5), term("n1", 3), boot, commit("n1", 1), term("n1", 2)).valid).toBe(
      true,
    );
  });

  it("is unknown where nobody said anything", () => {
    expect(check().valid).toBe("unknown");
  });
});

describe("quorums", () => {
  const elected = (term: number, ...by: string[]): Observed => ({
    process: "n1",
    f: "elected",
    value: { term, by },
  });
  const commit = (term: number, ...by: string[]): Observed => ({
    process: "n1",
    f: "commit",
    value: { index: term, term, by },
  });
  const check = (...events: Observed[]) => quorumOverlap.check(observed(events));

  it("overlap where a voter held the last commit", () => {
    expect(check(commit(1, "n1", "n2"), elected(2, "n2", "n3")).valid).toBe(true);
  });

  it("that are disjoint are told, whichever came first", () => {
    const [before, after] = [commit(1, "n1", "n2"), elected(3, "n3", "n4")];
    expect(typesOf(check(before, after))).toEqual(["disjoint-quorums"]);
    expect(typesOf(check(after, before))).toEqual(["disjoint-quorums"]);
  });

  it("need overlap with the last commit before only", () => {
    const between = commit(2, "n3", "n2");
    expect(check(commit(1, "n1", "n2"), between, elected(3, "n3", "n4")).valid).toBe(true);
  });

  it("of followers' commits, which name nobody, are not judged", () => {
    const follower = { process: "n2", f: "commit", value: { index: 1 } };
    expect(check(follower, elected(3, "n3", "n4")).valid).toBe(true);
  });

  it("are unknown where no leader said who elected it", () => {
    expect(check(commit(1, "n1")).valid).toBe("unknown");
  });
});

describe("leaders", () => {
  const fault = (f: string, timeMs: number): Observed => ({
    process: "nemesis",
    f,
    value: null,
    timeMs,
  });
  const leadersAt = (sticky: boolean, ...times: number[]): Observed[] =>
    times.map((timeMs, i) => ({
      process: `n${i}`,
      f: "elected",
      value: { term: i, sticky },
      timeMs,
    }));
  const leaders = (...times: number[]) => leadersAt(true, ...times);
  const check = (...events: Observed[]) =>
    stableLeader.check(observed([...events].sort((a, b) => (a.timeMs ?? 0) - (b.timeMs ?? 0))));
  const churn = leaders(2_100, 2_500, 2_900);

  it("may not follow one another while a partition stands still", () => {
    const verdict = check(fault("partition", 1_000), ...churn, fault("partition-end", 3_000));
    expect(typesOf(verdict)).toEqual(["leader-churn"]);
  });

  it("may where they do not promise to stay", () => {
    const others = leadersAt(false, 2_100, 2_500, 2_900);
    expect(check(fault("partition", 1_000), ...others, fault("heal", 3_000)).valid).toBe(true);
  });

  it("may while it has not settled, or when it is over", () => {
    const early = leaders(1_100, 1_400, 1_800, 2_100);
    expect(check(fault("partition", 1_000), ...early, fault("heal", 3_000)).valid).toBe(true);
    expect(check(fault("partition", 900), fault("partition-end", 1_000), ...churn).valid).toBe(
      true,
    );
  });

  it("may where anything else has happened before", () => {
    const faults = [fault("loss", 100), fault("loss-end", 200), fault("partition", 1_000)];
    expect(check(...faults, ...churn, fault("heal", 3_000)).valid).toBe(true);
  });

  it("may where the partition changes meanwhile", () => {
    const faults = [fault("partition", 1_000), fault("partition", 2_600), fault("heal", 3_000)];
    expect(check(...faults, ...churn).valid).toBe(true);
  });
});
