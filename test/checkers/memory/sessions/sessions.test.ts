import { describe, expect, it } from "vitest";
import type { Accesses } from "../../../../checkers/memory/accesses.js";
import { causalConvergence, causalMemory } from "../../../../checkers/memory/causal/index.js";
import { STEPS_MAX } from "../../../../checkers/memory/decision.js";
import {
  decideInEveryReading,
  decideSessions,
  type Guarantee,
  guaranteeSets,
  guarantees,
  type Reading,
  readings,
  violatedSets,
  violatedSetsInEveryReading,
  violationType,
} from "../../../../checkers/memory/sessions/index.js";
import { pram } from "../../../../checkers/memory/views/index.js";
import { dearRuns, oracleRuns, oracleTimeoutMs, withSeed } from "../../oracle/runs.js";
import { literallyHolds } from "../views/literal.js";
import { anyLimits, everyHistory, onlyReadsAndWrites } from "../views/random-accesses.js";
import { claimedOrders } from "../views/small-accesses.js";
import { expectWellFormed } from "../views/well-formed.js";
import { isArbitrated } from "./literal.js";

const options = { stepsMax: STEPS_MAX };
const timeout = { timeout: oracleTimeoutMs };
const named = guaranteeSets.map((set) => [set.join(" + "), set] as const);

function holds(accesses: Accesses, set: readonly Guarantee[], reading: Reading): boolean {
  const decision = decideSessions(accesses, set, reading, options);
  if (decision.holds === "unknown") throw new Error("session guarantees are never open");
  if (decision.holds) return true;
  expect(decision.violation.type).toBe(violationType(set));
  expectWellFormed(accesses, decision.violation);
  return false;
}

describe(`session guarantees of small histories ${withSeed}`, () => {
  it.each(named)(
    "%s by arbitration: as some order and some sets of seen writes",
    timeout,
    (_, set) =>
      everyHistory({ ...anyLimits, accessesMax: 6 }, dearRuns, (accesses) => {
        expect(holds(accesses, set, "arbitration")).toBe(isArbitrated(accesses, set));
      }),
  );

  it.each(named)("%s in views: as some order for every session", timeout, (_, set) =>
    everyHistory({ ...anyLimits, accessesMax: 7 }, dearRuns, (accesses) => {
      expect(holds(accesses, set, "views")).toBe(holdsInLiteralViews(accesses, set));
    }),
  );

  it(
    "read your writes, monotonic reads and writes in views are PRAM without updates",
    timeout,
    () =>
      everyHistory({ ...onlyReadsAndWrites, accessesMax: 12 }, oracleRuns, (accesses) => {
        const isPram = pram(accesses, options).holds;
        expect(holds(accesses, guarantees.slice(0, 3), "views")).toBe(isPram);
      }),
  );

  it(
    "all four in views are causal memory, by arbitration causal convergence, without updates",
    timeout,
    () =>
      everyHistory({ ...onlyReadsAndWrites, accessesMax: 12 }, oracleRuns, (accesses) => {
        const isCausalMemory = causalMemory(accesses, options).holds;
        expect(holds(accesses, guarantees, "views")).toBe(isCausalMemory);
        const isConvergent = causalConvergence(accesses, options).holds;
        expect(holds(accesses, guarantees, "arbitration")).toBe(isConvergent);
      }),
  );

  it("by arbitration follow the claimed orders, where they are told", timeout, () =>
    everyHistory({ ...anyLimits, accessesMax: 6 }, oracleRuns, (accesses, random) => {
      const orders = claimedOrders(random, accesses);
      const set = random.pick(guaranteeSets);
      const { holds } = decideSessions(accesses, set, "arbitration", { ...options, orders });
      expect(holds).toBe(isArbitrated(accesses, set, orders));
    }),
  );

  it("are violated by whatever violates a part of them", timeout, () =>
    everyHistory({ ...anyLimits, accessesMax: 10 }, dearRuns / 2, (accesses) => {
      for (const reading of readings) {
        const violated = guaranteeSets.filter((set) => !holds(accesses, set, reading));
        for (const part of violated) {
          const larger = guaranteeSets.filter((set) => part.every((one) => set.includes(one)));
          expect(violated).toEqual(expect.arrayContaining(larger));
        }
      }
    }),
  );

  it(
    "where no reading is chosen are violated where both readings forbid the history",
    timeout,
    () =>
      everyHistory(anyLimits, dearRuns, (accesses) => {
        for (const set of guaranteeSets) {
          const isPossible = readings.some((reading) => holds(accesses, set, reading));
          expect(decideInEveryReading(accesses, set, options).holds).toBe(isPossible);
        }
      }),
  );

  it("are named by the violated sets without a violated part", timeout, () =>
    everyHistory(anyLimits, dearRuns, (accesses) => {
      const smallest = (isHeld: (set: readonly Guarantee[]) => boolean) => {
        const violated = guaranteeSets.filter((set) => !isHeld(set));
        return violated.filter(
          (set) => !violated.some((part) => part !== set && part.every((one) => set.includes(one))),
        );
      };
      for (const reading of readings) {
        const expected = smallest((set) => holds(accesses, set, reading));
        expect(violatedSets(accesses, reading, options)).toEqual(expected);
      }
      expect(violatedSetsInEveryReading(accesses, options)).toEqual(
        smallest((set) => readings.some((reading) => holds(accesses, set, reading))),
      );
    }),
  );
});

function holdsInLiteralViews(accesses: Accesses, set: readonly Guarantee[]): boolean {
  return literallyHolds(accesses, {
    chains: set.includes("monotonic-writes") ? "session" : "key",
    readYourWrites: set.includes("read-your-writes"),
    monotonicReads: set.includes("monotonic-reads"),
    writesFollowReads: set.includes("writes-follow-reads"),
    atomicUpdates: false,
  });
}
