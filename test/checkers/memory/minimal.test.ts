/**
 * The smallest part of a history that shows a violation: judged by the oracle, which knows nothing of
 * how it was found.
 */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryModels } from "../../../checkers/memory/models.js";
import { columnsOf } from "../../../histories/columns.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../oracle/runs.js";
import {
  historyOf,
  INIT,
  sessionsOf,
  textOf,
  type Written,
  type WrittenSession,
} from "./notation.js";
import { allows } from "./oracle/oracle.js";
import { anyHistory } from "./oracle/random-histories.js";

/** What each anomaly shows, as a history of its own. */
function partsOf(model: string, text: string): WrittenSession[][] {
  const columns = columnsOf(historyOf(sessionsOf(text)));
  const { valid, evidence } = memoryModels.get(model)!.judge(columns, { init: INIT });
  if (valid !== false) return [];
  return evidence.map(({ operations, isMinimal }) => {
    expect(isMinimal).toBe(true);
    return partOf(text, columns.process, operations);
  });
}

function partOf(text: string, process: Float64Array, shown: readonly number[]): WrittenSession[] {
  const places = new Map<number, number[]>();
  for (const [place, one] of process.entries())
    places.set(one, [...(places.get(one) ?? []), place]);
  return sessionsOf(text)
    .map(({ process: one, operations }) => ({
      process: one,
      operations: operations.filter((_, i) => shown.includes(places.get(one)![i]!)),
    }))
    .filter(({ operations }) => operations.length > 0);
}

/** All parts that are one operation smaller; a write takes its readers with it, and theirs. */
function smaller(part: readonly WrittenSession[]): WrittenSession[][] {
  const all = part.flatMap(({ operations }) => operations);
  return all.map((dropped) => {
    const gone = new Set<Written>([dropped]);
    for (const one of gone) for (const reader of readersOf(one, all)) gone.add(reader);
    return part
      .map((session) => ({
        ...session,
        operations: session.operations.filter((operation) => !gone.has(operation)),
      }))
      .filter(({ operations }) => operations.length > 0);
  });
}

function readersOf({ left, key }: Written, all: readonly Written[]): Written[] {
  if (left === undefined) return [];
  return all.filter((other) => other.key === key && other.found === left);
}

const isAllowed = (model: string, part: readonly WrittenSession[]): boolean =>
  part.length === 0 || allows(model, historyOf(part), { init: INIT }) === true;

describe(`what is shown of a violation ${withSeed}`, () => {
  test("is thin air under every model", () => {
    for (const model of memoryModels.keys()) {
      expect(partsOf(model, "w(x,1) r(x)7 | r(x)1").map(textOf), model).toEqual(["P1: r(x)7"]);
    }
  });

  test.each([...memoryModels.keys()])(
    "of %s fails alone, and not without any one of its operations",
    (model) => {
      fc.assert(
        fc.property(anyHistory({ operationsMax: 8 }), ({ text }) => {
          for (const part of partsOf(model, text)) {
            expect(isAllowed(model, part), textOf(part)).toBe(false);
            for (const less of smaller(part)) {
              expect(isAllowed(model, less), `${textOf(part)} -> ${textOf(less)}`).toBe(true);
            }
          }
        }),
        { numRuns: Math.ceil(oracleRuns / 5), seed: oracleSeed },
      );
    },
    oracleTimeoutMs,
  );
});
