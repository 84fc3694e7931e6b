/**
 * How many random histories to try, and from which seed: a fresh one each time, shown in the
 * names of the tests so that a failure can be repeated with FAULTLINE_ORACLE_SEED.
 */

import { randomInt } from "node:crypto";

export const oracleRuns = Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 300);
/** What is dear is tried less often where only a slice is asked for. */
export const dearRuns = oracleRuns > 1000 ? oracleRuns : Math.ceil(oracleRuns / 3);
export const oracleSeed = Number(process.env["FAULTLINE_ORACLE_SEED"] ?? randomInt(2 ** 31));
/** What a sample of random histories must be like is asserted of this one: chance has no say in it. */
export const sampleSeed = 1_789_234_567;
export const withSeed = `(FAULTLINE_ORACLE_SEED=${oracleSeed})`;

/** Generous: these tests assert verdicts, not speed. */
export const oracleTimeoutMs = 60_000 + oracleRuns * 20;
