/** Who led when, from what nodes recorded: two at once, or one after the other. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { singleLeader } from "../../checkers/index.js";
import { isJsonObject } from "../../src/base/json.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => singleLeader.check(timeline(text));
const leads = (node: string, term: number, ...times: number[]) =>
  times.map((at) => `${node} leader {"term":${term}} ${at}`).join("\n");

describe("what nodes record", () => {
  it("allows one leader after the other, and one to come back in a later term", () => {
    const turns = [leads("n1", 1, 0, 2), leads("n2", 2, 3, 4), leads("n1", 3, 5, 6)];
    expect(judge(turns.join("\n")).valid).toBe(true);
  });

  it("is broken by one who leads within the time of another", () => {
    const { valid, anomalies } = judge(`${leads("n1", 1, 0, 4)}\n${leads("n2", 2, 3)}`);
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      {
        type: "split-brain",
        message:
          "n2 led in term 2 from 3 ms, though n1 led in term 1 from 0 ms until 4 ms at least",
        ops: [0, 1, 2],
      },
    ]);
  });

  it("says nothing of the time after the last record", () => {
    expect(judge(`${leads("n1", 1, 0)}\n${leads("n2", 2, 1)}`).valid).toBe(true);
  });

  it("knows groups apart", () => {
    const groups =
      'n1 leader {"term":1,"group":"a"} 0\nn2 leader {"term":1,"group":"b"} 1\nn1 leader {"term":1,"group":"a"} 2';
    expect(judge(groups).valid).toBe(true);
  });

  it("is unknown when there is nothing", () => {
    expect(judge("1 lead 0..1 failed").valid).toBe("unknown");
  });
});

describe("what clients are told", () => {
  const told = (process: number, term: number, when: string) =>
    `${process} lead = {"leader":"n1","term":${term}} ${when}`;

  it("may go back while answers overlap", () => {
    expect(judge(`${told(1, 2, "0..2")}\n${told(2, 1, "1..3")}`).valid).toBe(true);
  });

  it("may not go back from one answer to a later question", () => {
    const { anomalies } = judge(`${told(1, 2, "0..2")}\n${told(2, 1, "3..4")}`);
    expect(anomalies.map(({ type, ops }) => [type, ops])).toEqual([["stale-leader", [0, 2]]]);
  });
});

describe("against a comparison of all records", () => {
  const record = fc.record({
    node: fc.constantFrom("n1", "n2", "n3"),
    term: fc.integer({ min: 1, max: 4 }),
  });

  it("finds the same", () => {
    const seen = { true: 0, false: 0, unknown: 0 };
    fc.assert(
      fc.property(fc.array(record, { maxLength: 6 }), (records) => {
        const history = timeline(
          records.map(({ node, term }, at) => leads(node, term, at)).join("\n"),
        );
        const { valid } = singleLeader.check(history);
        seen[`${valid}`]++;
        const all = history.observations.map(({ process, value }) => ({
          node: process,
          term: isJsonObject(value) ? value["term"] : undefined,
        }));
        // Somebody led, another led, and the first still led in the same term.
        const isBroken = all.some((first, i) =>
          all.some(
            (other, j) =>
              j > i &&
              other.node !== first.node &&
              all.some(
                (again, k) => k > j && again.node === first.node && again.term === first.term,
              ),
          ),
        );
        expect(valid).toBe(isBroken ? false : all.length === 0 ? "unknown" : true);
      }),
      { seed: 13, numRuns: 1_500 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50);
  });
});

describe("what clients are told of leaders", () => {
  const told = (key: string, leader: string, term: number, when: string) =>
    `1 lead = {"leader":"${leader}","term":${term}} @${key} ${when}`;

  it("is compared key by key", () => {
    expect(judge(`${told("a", "n1", 5, "0..1")}\n${told("b", "n1", 2, "2..3")}`).valid).toBe(true);
    expect(judge(`${told("a", "n1", 5, "0..1")}\n${told("a", "n1", 2, "2..3")}`).valid).toBe(false);
  });

  it("names one leader in a term", () => {
    const { anomalies } = judge(`${told("a", "n1", 5, "0..1")}\n${told("a", "n2", 5, "2..3")}`);
    expect(anomalies.map(({ type }) => type)).toEqual(["split-brain"]);
  });
});
