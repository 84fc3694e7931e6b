import { describe, expect, it } from "vitest";
import { STEPS_MAX } from "../../../../checkers/memory/decision.js";
import {
  decideInEveryReading,
  decideSessions,
  type Guarantee,
  guaranteeSets,
  guarantees,
  readings,
  violatedSets,
} from "../../../../checkers/memory/sessions/index.js";
import { named } from "../views/named-accesses.js";

const options = { stepsMax: STEPS_MAX };

describe("session guarantees of the named histories", () => {
  it.each(named)("$name: $text", ({ choices, verdicts, broken }) => {
    for (const guarantee of guarantees) {
      const isPossible = choices.some(
        (accesses) => decideInEveryReading(accesses, [guarantee], options).holds === true,
      );
      expect.soft(isPossible, guarantee).toBe(verdicts.get(guarantee));
    }
    for (const reading of broken === undefined ? [] : readings)
      expect.soft(smallest(choices, reading), reading).toEqual(broken![reading]);
  });

  const unambiguous = named.filter(({ choices }) => choices.length === 1);
  it.each(unambiguous)("$name: what is violated at all is named once", ({ choices }) => {
    for (const reading of readings)
      expect(violatedSets(choices[0]!, reading, options)).toEqual(smallest(choices, reading));
  });
});

function smallest(
  choices: (typeof named)[number]["choices"],
  reading: (typeof readings)[number],
): Guarantee[][] {
  const found: Guarantee[][] = [];
  for (const set of guaranteeSets) {
    if (found.some((part) => part.every((one) => set.includes(one)))) continue;
    const holds = choices.some(
      (accesses) => decideSessions(accesses, set, reading, options).holds === true,
    );
    if (!holds) found.push([...set]);
  }
  return found;
}
