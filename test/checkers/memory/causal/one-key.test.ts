/** Of one key, an order of its writes is an order of all: release/acquire is causal convergence. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Accesses, INITIAL, kinds } from "../../../../checkers/memory/accesses.js";
import { causalConvergence, releaseAcquire } from "../../../../checkers/memory/causal/index.js";
import { dearRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../../oracle/runs.js";

/** Sessions that write (true) or read something written (by its place among the writes). */
const sessions = fc.array(
  fc.array(fc.oneof(fc.constant(true), fc.nat(7)), { minLength: 1, maxLength: 4 }),
  { minLength: 2, maxLength: 4 },
);

function accessesOf(program: readonly (readonly (number | true)[])[]): Accesses {
  const all = program.flat();
  const writes = all.flatMap((what, access) => (what === true ? [access] : []));
  const starts = [0];
  for (const { length } of program) starts.push(starts.at(-1)! + length);
  const places = Int32Array.from(all, (_, access) => access);
  return {
    size: all.length,
    sessions: program.length,
    keys: 1,
    starts: Int32Array.from(starts),
    session: Int32Array.from(program.flatMap((session, s) => session.map(() => s))),
    kind: Uint8Array.from(all, (what) => (what === true ? kinds.write : kinds.read)),
    key: new Int32Array(all.length),
    source: Int32Array.from(all, (what) =>
      what === true || writes.length === 0 ? INITIAL : writes[what % writes.length]!,
    ),
    completed: places,
    operation: places,
  };
}

test(
  `release/acquire of one key is causal convergence ${withSeed}`,
  () => {
    fc.assert(
      fc.property(sessions, (program) => {
        const accesses = accessesOf(program);
        const [apart, together] = [releaseAcquire, causalConvergence].map(
          (decide) => decide(accesses, { stepsMax: 1_000_000 }).holds,
        );
        expect(apart).toBe(together);
      }),
      { numRuns: dearRuns * 20, seed: oracleSeed },
    );
  },
  oracleTimeoutMs,
);
