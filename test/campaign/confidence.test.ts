import { expect, it } from "vitest";
import { silenceOf } from "../../src/campaign/confidence.js";

it("silence is told with the rule of three, over the runs that were decided", () => {
  expect(silenceOf({ invalid: 0, valid: 300 })).toBe(
    "no anomaly in 300 runs: at 95 % confidence, fewer than 1.0 % of runs have one",
  );
});

it("silence says nothing after an anomaly, or where hardly a run was decided", () => {
  expect(silenceOf({ invalid: 1, valid: 300 })).toBeUndefined();
  expect(silenceOf({ invalid: 0, valid: 3 })).toBeUndefined();
});
