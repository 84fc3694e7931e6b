import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Guide, type Learnt } from "../../src/campaign/guide.js";
import type { RunSpec } from "../../src/campaign/prepare.js";
import { hashText } from "../../src/random/mix.js";
import { Streams } from "../../src/random/streams.js";

const SUBJECTS = ["raft", "quorum"];

/** Seeds from..., each on every subject, as a campaign numbers its runs. */
const request =
  (from: number, subjects: readonly string[] = SUBJECTS) =>
  (ordinal: number): RunSpec => ({
    seed: from + Math.floor(ordinal / subjects.length),
    system: subjects[ordinal % subjects.length] as string,
    strategy: "guided",
  });

/** A world: what a plan reaches follows from the plan, and a mutant reaches mostly the same. */
function outcomeOf({ seed, system, mutations = [] }: RunSpec): Learnt | undefined {
  const of = (purpose: string, bound: number): number =>
    Math.abs(hashText(`${purpose}/${system}/${seed}/${mutations.join()}`)) % bound;
  if (of("broken", 40) === 0) return undefined;
  const features = Array.from({ length: 12 }, (_, i) => of(`feature/${i}`, 200));
  return { valid: of("valid", 20) > 0, features: [...new Set(features)].sort((a, b) => a - b) };
}

/**
 * A campaign with so many runs at a time, which end in an order of their own.
 * @returns what was run, by ordinal.
 */
function campaign(run: (ordinal: number) => RunSpec, count: number, jobs: number, order: number) {
  const guide = new Guide(run);
  const random = new Streams(order).stream("completion");
  const specs: RunSpec[] = [];
  const going: number[] = [];
  let most = 0;
  while (specs.length < count || going.length > 0) {
    while (going.length < jobs && specs.length < count && guide.ready(specs.length)) {
      going.push(specs.length);
      specs.push(guide.propose(specs.length));
    }
    most = Math.max(most, going.length);
    const [done] = going.splice(random.int(going.length), 1) as [number];
    guide.learn(done, outcomeOf(specs[done] as RunSpec));
  }
  return { specs, most };
}

const mutantsOf = (specs: readonly RunSpec[]): RunSpec[] =>
  specs.filter(({ mutations }) => mutations !== undefined);

describe("a guided campaign", () => {
  const COUNT = 600;
  const alone = campaign(request(1), COUNT, 1, 0).specs;

  test.each([1, 2, 5, 16])("runs the same with %i jobs, in whatever order they end", (jobs) => {
    fc.assert(
      fc.property(fc.nat(), (order) => {
        const { specs, most } = campaign(request(1), COUNT, jobs, order);
        expect(specs).toEqual(alone);
        expect(most).toBe(jobs);
      }),
      { numRuns: 5 },
    );
  });

  test("mutates in near half of its runs, once there is what to mutate", () => {
    const later = alone.slice(100);
    expect(mutantsOf(later).length).toBeGreaterThan(later.length / 3);
    expect(mutantsOf(later).length).toBeLessThan((2 * later.length) / 3);
    // A generation of each subject, and the one that is planned meanwhile.
    expect(mutantsOf(alone.slice(0, 2 * 30))).toEqual([]);
  });

  test("mutates plans of the same island that ran long enough before, and mutants among them", () => {
    let grandchildren = 0;
    for (const [ordinal, spec] of alone.entries()) {
      if (spec.mutations === undefined) continue;
      const own = request(1)(ordinal);
      expect(spec.system).toBe(own.system);
      expect(Math.floor(spec.seed / 256)).toBe(Math.floor(own.seed / 256));
      expect(spec.seed).toBeLessThan(own.seed - 16);
      if (spec.mutations.length > 1) grandchildren++;
    }
    expect(grandchildren).toBeGreaterThan(10);
  });

  test("never mutates a plan that failed or broke", () => {
    const ran = new Map(alone.map((spec) => [JSON.stringify(spec), outcomeOf(spec)]));
    for (const { mutations, ...spec } of mutantsOf(alone)) {
      const parent = mutations?.slice(0, -1) ?? [];
      const of = JSON.stringify(parent.length === 0 ? spec : { ...spec, mutations: parent });
      expect(ran.get(of)?.valid).toBe(true);
    }
  });

  test("tries no mutant twice", () => {
    const tried = mutantsOf(alone).map((spec) => JSON.stringify(spec));
    expect(new Set(tried).size).toBe(tried.length);
  });

  test("in shards of whole islands runs what it would run in one", () => {
    const whole = campaign(request(0, ["raft"]), 512, 3, 1).specs;
    const shard = campaign(request(256, ["raft"]), 256, 3, 2).specs;
    expect(shard).toEqual(whole.slice(256));
  });

  test("is the same for a subject whatever others run beside it", () => {
    const [one] = SUBJECTS as [string];
    const beside = alone.filter(({ system }) => system === one);
    expect(campaign(request(1, [one]), COUNT / 2, 2, 3).specs).toEqual(beside);
  });

  test("goes on where it was interrupted: what is known is learnt at once", () => {
    const guide = new Guide(request(1));
    const again = alone.map((_, ordinal) => {
      const spec = guide.propose(ordinal);
      guide.learn(ordinal, outcomeOf(spec));
      return spec;
    });
    expect(again).toEqual(alone);
  });
});

describe("a guide", () => {
  test("waits for the outcomes that a proposal depends on", () => {
    const guide = new Guide(request(0, ["raft"]));
    for (let ordinal = 0; ordinal < 32; ordinal++) {
      expect(guide.ready(ordinal)).toBe(true);
      guide.propose(ordinal);
    }
    expect(guide.ready(32)).toBe(false);
    expect(() => guide.propose(32)).toThrow("before what it depends on was learnt");
    for (let ordinal = 0; ordinal < 16; ordinal++) guide.learn(ordinal, undefined);
    expect(guide.ready(32)).toBe(true);
    // The next island has nothing to wait for.
    expect(guide.ready(256)).toBe(true);
  });

  test("is asked for each run once, in order, and told of each once", () => {
    const guide = new Guide(request(0));
    guide.propose(1);
    expect(() => guide.propose(0)).toThrow("run 0 was proposed after run 1");
    guide.learn(1, undefined);
    expect(() => guide.learn(1, undefined)).toThrow(
      "run 1 was learnt without having been proposed",
    );
  });
});
