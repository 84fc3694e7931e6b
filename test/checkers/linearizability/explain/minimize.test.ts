/** A minimal story is a proof, and nothing can be taken out of it. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { linearizable } from "../../../../checkers/index.js";
import {
  evidenceOf,
  ofReads,
} from "../../../../checkers/linearizability/explain/evidence-types.js";
import { minimize } from "../../../../checkers/linearizability/explain/minimize.js";
import { nodesOf } from "../../../../checkers/linearizability/explain/nodes.js";
import { SubHistory } from "../../../../checkers/linearizability/explain/sub-history.js";
import type { Operation } from "../../../../histories/history.js";
import { toHistory } from "../../../../histories/pairing.js";
import { type Json, jsonEquals } from "../../../../src/base/json.js";
import { objectTypes } from "../../oracle/object-types.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../../oracle/runs.js";
import { timeline } from "../../timeline.js";
import { anyObject, isExplicable, judgeOf, type RandomObject } from "./random-object.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });
const runs = { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 10) };

function subHistory({ type, init, operations }: RandomObject): SubHistory {
  const { nodes, initial } = nodesOf(operations, init, evidenceOf(type));
  return new SubHistory(nodes, initial);
}

describe("what was linearizable stays so", () => {
  it.each(objectTypes)(`when any units of a %s leave ${withSeed}`, (type) => {
    fc.assert(
      fc.property(anyObject(type), fc.array(fc.nat(), { maxLength: 4 }), (object, picks) => {
        fc.pre(isExplicable(object, object.operations));
        const whole = subHistory(object);
        const units = whole.units(false);
        const leaving = picks.map((pick) => units[pick % Math.max(1, units.length)] ?? 0);
        const left = whole.without(leaving) ?? [];
        expect(
          isExplicable(
            object,
            left.map(({ operation }) => operation),
          ),
        ).toBe(true);
      }),
      runs,
    );
  });

  it.each(objectTypes)(`in what supports any operations of a %s ${withSeed}`, (type) => {
    fc.assert(
      fc.property(anyObject(type), fc.array(fc.nat(9), { maxLength: 4 }), (object, picks) => {
        fc.pre(isExplicable(object, object.operations));
        const chosen = new Set(picks.map((pick) => object.operations[pick]));
        const kept = subHistory(object).supporting((operation) => chosen.has(operation));
        const left = kept!.map(({ operation }) => operation);
        expect(isExplicable(object, left)).toBe(true);
      }),
      runs,
    );
  });
});

describe("what depends on a write leaves with it", () => {
  const left = (unit: number, text: string) => {
    const { operations } = timeline(text);
    const whole = subHistory({ type: "cas-register", init: null, operations });
    return whole.without([unit])!.map(({ operation }) => operation.output ?? operation.input);
  };

  it("through a cas that was never acknowledged, but observed", () => {
    expect(
      left(
        0,
        `
        1 write 1      0..1
        2 cas [1,2]    2..?
        3 read = 2     4..5
        4 read = null  4.5..6
      `,
      ),
    ).toEqual([null]);
  });

  it("but not where it was surely overwritten, or had not begun", () => {
    expect(
      left(
        0,
        `
        1 write 1   0..1
        1 write 3   2..3
        1 write 1   4..5
        2 read = 1  6..7
      `,
      ),
    ).toEqual([3, 1, 1]);
    expect(
      left(
        2,
        `
        1 write 1   0..1
        2 read = 1  2..3
        1 write 1   4..5
      `,
      ),
    ).toEqual([1, 1]);
  });
});

describe("a minimal story", () => {
  const stories = (check: (object: RandomObject, story: Operation[]) => void) => {
    it.each(objectTypes)(`of a %s ${withSeed}`, (type) => {
      fc.assert(
        fc.property(anyObject(type), (object) => {
          fc.pre(!isExplicable(object, object.operations));
          const { init } = object;
          const story = minimize(object.operations, { type, init, judge: judgeOf(object) });
          expect(story.minimal).toBe(true);
          check(object, story.operations);
        }),
        runs,
      );
    });
  };

  describe("cannot be explained", () => {
    stories((object, story) => expect(isExplicable(object, story)).toBe(false));
  });

  describe("can be explained without any one of its units", () => {
    stories((object, story) => {
      const rest = subHistory({ ...object, operations: story });
      for (const unit of rest.units(false)) {
        const left = rest.without([unit]) ?? [];
        expect(
          isExplicable(
            object,
            left.map(({ operation }) => operation),
          ),
        ).toBe(true);
      }
    });
  });
});

describe("a minimal story of a register", () => {
  const written = (value: Json, { operations }: { operations: readonly Operation[] }) =>
    operations.filter(
      ({ f, input, outcome }) =>
        ["write", "put"].includes(f) && outcome !== "fail" && jsonEquals(input, value),
    );
  const readsOf = (value: Json, story: readonly Operation[]) =>
    story.filter(({ f, output }) => ["read", "get"].includes(f) && jsonEquals(output, value));
  const stories = (check: (object: RandomObject, story: Operation[]) => void) =>
    fc.assert(
      fc.property(anyObject("register"), (object) => {
        fc.pre(!isExplicable(object, object.operations));
        const { init, type, operations } = object;
        check(object, minimize(operations, { type, init, judge: judgeOf(object) }).operations);
      }),
      runs,
    );

  it(`keeps with every read a write of its value, if there ever was one ${withSeed}`, () => {
    stories((object, story) => {
      for (const { f, output } of story) {
        if (!["read", "get"].includes(f) || jsonEquals(output, object.init)) continue;
        const isWritten = written(output, object).length > 0;
        expect(written(output, { operations: story }).length > 0).toBe(isWritten);
      }
    });
  });

  it(`can be explained without any one read ${withSeed}`, () => {
    stories((object, story) => {
      for (const read of story.filter(({ f }) => ["read", "get"].includes(f))) {
        expect(
          isExplicable(
            object,
            story.filter((other) => other !== read),
          ),
        ).toBe(true);
      }
    });
  });

  it(`can be explained without any one write and the reads of its value ${withSeed}`, () => {
    stories((object, story) => {
      for (const write of story.filter(({ f }) => ["write", "put"].includes(f))) {
        const leaving = new Set([write, ...readsOf(write.input, story)]);
        expect(
          isExplicable(
            object,
            story.filter((other) => !leaving.has(other)),
          ),
        ).toBe(true);
      }
    });
  });
});

describe("of a type that is not known", () => {
  const isRead = ({ f }: Operation) => f === "read";
  const judge = (operations: readonly Operation[]) =>
    isExplicable({ type: "register", init: null }, operations) ? undefined : "wrong";
  const { operations } = timeline(`
    1 write 1   0..1
    1 write 2   2..3
    2 read = 2  4..5
    2 write 3   6..7 failed
    2 read = 1  8..9
    1 read = 1  10..11
  `);

  it("nothing leaves but what never happened", () => {
    const story = minimize(operations, { type: "register of my own", judge });
    expect(story.operations.map(({ outcome }) => outcome)).toEqual(Array(5).fill("ok"));
  });

  it("reads leave too when it is told what they are", () => {
    const options = { type: "register of my own", judge, evidence: ofReads(isRead) };
    const story = minimize(operations, options);
    expect(story.operations.map(({ f }) => f)).toEqual(["write", "write", "read"]);
  });
});

describe("minimizing", () => {
  const history = timeline(`
    1 write 1   0..1
    1 write 2   2..3
    2 read = 2  4..5
    1 write 3   4..9
    3 read = 3  5..7
    3 read = 2  8..10
    2 read = 1  11..12
    1 write 4   20..21
  `);
  const namedBy = (operations: readonly Operation[]) => {
    const positions = new Set(operations.flatMap(({ invoked, completed }) => [invoked, completed]));
    const events = history.events.filter((_, position) => positions.has(position));
    const part = toHistory(events.map((event, index) => ({ ...event, index })));
    return linearizable({ type: "register" }).check(part).anomalies[0]?.type;
  };

  it("keeps the name of the anomaly", () => {
    const story = minimize(history.operations, { type: "register", judge: namedBy });
    expect(story.anomaly).toBe(namedBy(history.operations));
    expect(namedBy(story.operations)).toBe(story.anomaly);
    expect(story.operations.length).toBeLessThan(history.operations.length);
  });

  it("leaves a linearizable history as it is, and says that nothing is wrong", () => {
    const fine = history.operations.slice(0, 5);
    const story = minimize(fine, { type: "register", judge: () => undefined });
    expect(story).toMatchObject({ operations: fine, anomaly: undefined, minimal: false });
  });

  it("says so when its steps are spent", () => {
    const judge = (operations: readonly Operation[]) =>
      isExplicable({ type: "register", init: null }, operations) ? undefined : "wrong";
    const story = minimize(history.operations, { type: "register", judge, stepsMax: 12 });
    expect(story.minimal).toBe(false);
    expect(judge(story.operations)).toBe("wrong");
  });

  it("asks the judge about few histories when it is told what is likely", () => {
    const many = timeline(
      [...Array(500)]
        .map((_, i) => `${i % 3} write ${i}  ${2 * i}..${2 * i + 1}`)
        .join("\n")
        .concat("\n 7 read = 100  2000..2001"),
    ).operations;
    const wrong = (operations: readonly Operation[]) => {
      const read = operations.find(({ f }) => f === "read");
      const last = operations.findLast(({ f }) => f === "write");
      return read !== undefined && last?.input !== read.output ? "stale-read" : undefined;
    };
    const read = many.at(-1)!;
    const likely = [read.invoked, many[400]!.invoked];
    const story = minimize(many, { type: "register", judge: wrong, anomaly: "stale-read", likely });
    expect(story.operations).toEqual([many[100], many[400], read]);
    expect(story.judged).toBeLessThan(20);
    const unaided = minimize(many, { type: "register", judge: wrong });
    expect(unaided.operations).toHaveLength(3);
    expect(unaided.judgements).toBeLessThan(60);
  });
});
