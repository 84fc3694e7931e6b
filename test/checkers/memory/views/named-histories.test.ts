import { describe, expect, it } from "vitest";
import { type Decide, STEPS_MAX } from "../../../../checkers/memory/decision.js";
import { pram, processor, slow } from "../../../../checkers/memory/views/index.js";
import { named } from "./named-accesses.js";

const models: Readonly<Record<string, Decide>> = { pram, processor };

describe("views of the named histories", () => {
  it.each(named)("$name: $text", ({ choices, verdicts }) => {
    const allows = (decide: Decide) =>
      choices.some((accesses) => decide(accesses, { stepsMax: STEPS_MAX }).holds === true);
    for (const [model, decide] of Object.entries(models))
      expect.soft(allows(decide), model).toBe(verdicts.get(model));
    if (allows(pram)) expect(allows(slow)).toBe(true);
  });

  it("are missing in slow memory where a key goes back", () => {
    const missing = named.filter(({ choices }) =>
      choices.every((accesses) => slow(accesses, { stepsMax: STEPS_MAX }).holds === false),
    );
    expect(missing.map(({ name }) => name)).toEqual([
      "CoRR1",
      "CoWR-own-old",
      "CoRW1",
      "POPL17-c",
      "RYW-init",
      "RYW-stale-reread",
      "RYW-two-own",
      "MR-init",
      "MR-ABA",
      "MR-keys",
      "MW-one-key",
      "ThinAir",
      "Conv-lost",
      "Conv-older",
    ]);
  });
});
