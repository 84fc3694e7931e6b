/** The deciders of the machines against all runs of the machines, on tiny histories. */

import { describe, expect, test } from "vitest";
import { machineHistory, withOneReadChanged } from "../../../../bench/memory/machine.js";
import type { Accesses } from "../../../../checkers/memory/accesses.js";
import { type Decision, STEPS_MAX } from "../../../../checkers/memory/decision.js";
import { coherence, pso, sequential, tso } from "../../../../checkers/memory/orders/index.js";
import { Streams } from "../../../../src/random/streams.js";
import { type Model, replays, someRunExplains } from "./brute-force.js";
import { ofKey, tinyHistory } from "./random-accesses.js";

const deciders = { sequential, tso, pso };
const runs = Math.max(700, Math.ceil(Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 0) / 10));
const options = { stepsMax: STEPS_MAX };
const seed = (process.hrtime.bigint() & 0xffff_ffffn).toString();

function expectMeaningful(accesses: Accesses, decision: Decision): void {
  if (decision.holds !== false) return;
  const { path, accesses: found } = decision.violation;
  expect(path.length).toBeGreaterThan(0);
  path.forEach(({ from, to, relation }, i) => {
    expect(from).toBe(path.at(i - 1)!.to);
    expect(found).toContain(from);
    if (relation === "session") {
      expect(from).toBeLessThan(to);
      expect(accesses.session[from]).toBe(accesses.session[to]);
    } else expect(accesses.key[from]).toBe(accesses.key[to]);
    if (relation === "reads-from") expect(accesses.source[to]).toBe(from);
  });
}

describe(`deciders agree with all runs of the machine (seed ${seed})`, () => {
  test.each(["sequential", "tso", "pso"] as const)("%s", (model: Model) => {
    const random = new Streams(Number(seed)).stream(model);
    for (let run = 0; run < runs; run++) {
      const accesses = tinyHistory(random, 11);
      const decision = deciders[model](accesses, { stepsMax: 0 });
      const truth = someRunExplains(accesses, model);
      expect(decision.holds, JSON.stringify(accesses)).toBe(truth);
      expectMeaningful(accesses, decision);
      if (decision.holds === true) {
        expect(replays(accesses, model, decision.order!), JSON.stringify(accesses)).toBe(true);
      }
    }
  });

  test("coherence: each key alone is sequential", () => {
    const random = new Streams(Number(seed)).stream("coherence");
    for (let run = 0; run < runs; run++) {
      const accesses = tinyHistory(random, 12);
      const decision = coherence(accesses, options);
      const truth = Array.from({ length: accesses.keys }, (_, key) =>
        someRunExplains(ofKey(accesses, key), "sequential"),
      ).every(Boolean);
      expect(decision.holds, JSON.stringify(accesses)).toBe(truth);
      expectMeaningful(accesses, decision);
    }
  });
});

test(`a longer history is refuted by a cycle, too (seed ${seed})`, () => {
  const random = new Streams(Number(seed)).stream("longer");
  for (let run = 0; run < 150; run++) {
    const setting = {
      machine: random.pick(["tso", "pso"] as const),
      sessions: random.between(2, 8),
      size: random.between(50, 600),
      keys: random.between(2, 40),
      writePermille: 450,
      updatePermille: 30,
      fencePermille: 20,
    };
    let accesses = machineHistory(setting, random);
    for (let reads = random.int(5); reads > 0; reads--) {
      accesses = withOneReadChanged(accesses, random);
    }
    for (const decide of [sequential, tso, pso, coherence]) {
      expectMeaningful(accesses, decide(accesses, options));
    }
  }
});
