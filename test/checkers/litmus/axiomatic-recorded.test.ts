/** The axioms say of recorded tests what herd says: verdicts of all models, and numbers of final states. */

import { describe, expect, it } from "vitest";
import { axiomatic } from "../../../checkers/litmus/axiomatic/index.js";
import { judge } from "../../../checkers/litmus/judge.js";
import { litmusModels } from "../../../checkers/litmus/program.js";
import { isRecorded, read, recordedTests } from "./recorded.js";

const words = { forbidden: "Never", allowed: "Sometimes", required: "Always", unknown: "unknown" };

describe.skipIf(!isRecorded)("recorded tests (in ../shared/data/litmus, if it is there)", () => {
  it.each(litmusModels)("have the recorded verdicts and final states under %s", (model) => {
    const tests = recordedTests();
    expect(tests.length).toBeGreaterThan(0);
    for (const recorded of tests) {
      const test = read(recorded);
      const { verdict, states } = judge(test, axiomatic(model)(test));
      expect.soft(words[verdict], recorded.path).toBe(recorded.verdicts.get(model));
      const count = recorded.states.get(model);
      if (count !== undefined) expect.soft(states, recorded.path).toBe(count);
    }
  });
});
