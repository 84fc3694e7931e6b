/**
 * The random histories can tell a wrong checker from a right one: each classic mistake shows as a
 * wrong verdict, for every type of object in which it can be made.
 */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { isLinearizable } from "./oracle/linearizable-oracle.js";
import { mistakes } from "./oracle/mistakes.js";
import type { ObjectType } from "./oracle/object-types.js";
import { anyHistory, type RandomHistory } from "./oracle/random-history.js";
import { oracleTimeoutMs, sampleSeed } from "./oracle/runs.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

interface Judged {
  history: RandomHistory;
  truth: boolean;
}

const samples = new Map<ObjectType, Judged[]>();

function sampleOf(type: ObjectType): Judged[] {
  const sample = samples.get(type) ?? judgedHistories(type);
  samples.set(type, sample);
  return sample;
}

function judgedHistories(type: ObjectType): Judged[] {
  return fc.sample(anyHistory(type), { seed: sampleSeed, numRuns: 3000 }).map((history) => ({
    history,
    truth: isLinearizable(history.events, type, history.init),
  }));
}

describe("three thousand random histories uncover a checker that believes", () => {
  const cases = mistakes.flatMap((mistake) =>
    mistake.types.map((type) => ({ type, name: mistake.name, mistake })),
  );

  it.each(cases)("of a $type: $name", ({ type, mistake }) => {
    const isWrong = ({ history, truth }: Judged) => mistake.verdict(history) !== truth;
    expect(sampleOf(type).some(isWrong)).toBe(true);
  });
});
