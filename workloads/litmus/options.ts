/** What a litmus run is told (`--set`), and what follows from it. */

import { modelEntry } from "../../checkers/index.js";
import { threadsOf, wireValue } from "../../checkers/litmus/instances/index.js";
import { parseLitmus } from "../../checkers/litmus/parse/parse.js";
import type { LitmusTest } from "../../checkers/litmus/program.js";
import { UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import type { Service } from "../../systems/system.js";
import type { WorkloadOptions } from "../workload.js";

const STORE_BUFFERING = `store SB
{ }
 P0      | P1      ;
 x := 1  | y := 1  ;
 r0 := y | r0 := x ;
exists (0:r0=0 /\\ 1:r0=0)
`;

export const specs = {
  test: { summary: "the text of a litmus test", default: STORE_BUFFERING },
  placement: {
    summary: "per thread the ordinal of its node, as in 0,1,1; empty: drawn from the seed",
    default: "",
  },
  claim: {
    summary: "the model to judge by: sc, tso …, or claimed: what the service promises",
    default: "claimed",
  },
} as const;

/** The test to run. @throws LitmusError where the text is none; UsageError where it has no location. */
export function testOf(options: WorkloadOptions = {}): LitmusTest {
  const test = parseLitmus(String(options["test"] ?? specs.test.default), "the test");
  if (test.locations.length > 0) return test;
  throw new UsageError(`litmus test ${test.name} has no location to read or write`);
}

/** Sessions stay at their nodes. @throws UsageError for a model that there is not. */
export function claimOf({ consistency, sticky }: Service, { claim }: WorkloadOptions): string {
  if (claim === undefined || claim === specs.claim.default) return sticky ?? consistency;
  if (modelEntry(String(claim)) !== undefined) return String(claim);
  throw new UsageError(`no model is called "${claim}": see \`faultline list models\``);
}

/** Does a store that keeps this claim show at once what it has acknowledged? */
export function ordersRealTime(claim: string): boolean {
  return claim === "linearizable" || claim === "strict-serializable";
}

/** Locations to be written before an instance begins, with their value. */
export function preparedIn(test: LitmusTest, { consistency }: Service): Map<number, Json> {
  const result = new Map<number, Json>();
  if (!ordersRealTime(consistency)) return result;
  for (const step of threadsOf(test).flatMap(({ steps }) => steps)) {
    if (step.f !== "cas") continue;
    result.set(step.location, wireValue(test, test.initial[step.location] as number));
  }
  return result;
}

/** @throws UsageError when it is not one ordinal for each thread. */
export function placementOf(
  { placement = "" }: WorkloadOptions,
  threads: number,
): number[] | undefined {
  if (placement === "") return undefined;
  const ordinals = String(placement).split(",");
  if (ordinals.length === threads && ordinals.every((text) => /^\d{1,6}$/.test(text))) {
    return ordinals.map(Number);
  }
  throw new UsageError(
    `placement is the ordinal of a node for each of ${threads} threads, as in ${Array.from({ length: threads }, (_, i) => i).join(",")}, not "${placement}"`,
  );
}
