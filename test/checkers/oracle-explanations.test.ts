/**
 * The operations that an anomaly lists are a story of their own, of one object: they fail without
 * the rest of the history, no read in it lacks the write of its value, and nothing can be left out
 * without the anomaly going away or becoming another.
 */

import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Anomaly } from "../../checkers/checker.js";
import { linearizable } from "../../checkers/index.js";
import type { HistoryEvent } from "../../histories/history.js";
import { toHistory } from "../../histories/pairing.js";
import type { Json } from "../../src/base/json.js";
import { isLinearizable } from "./oracle/linearizable-oracle.js";
import { historyOf } from "./oracle/notation.js";
import { type ObjectType, objectTypes } from "./oracle/object-types.js";
import { observedOperations } from "./oracle/observed-operations.js";
import { anyHistory } from "./oracle/random-history.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "./oracle/runs.js";
import { isDistinct, orphans, removable, restrictedTo, storyTypes } from "./oracle/stories.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

function anomaliesOf(type: ObjectType, events: readonly HistoryEvent[], init: Json): Anomaly[] {
  return linearizable({ type, init }).check(toHistory(events)).anomalies;
}

/** Every anomaly of random histories of the type. */
function everyAnomaly(
  type: ObjectType,
  property: (anomaly: Anomaly, events: readonly HistoryEvent[], init: Json) => void,
): void {
  fc.assert(
    fc.property(anyHistory(type), ({ events, init }) => {
      for (const anomaly of anomaliesOf(type, events, init)) property(anomaly, events, init);
    }),
    { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 10) },
  );
}

const staleReadAmongOthers = historyOf(
  [
    ...Array.from({ length: 10 }, (_, n) => `0 invoke write ${100 + n} \n 0 ok`),
    "1 invoke write 1 \n 1 ok \n 0 invoke write 2 \n 0 ok \n 1 invoke read \n 1 ok 1",
    ...Array.from({ length: 10 }, (_, n) => `0 invoke write ${200 + n} \n 0 ok`),
  ].join("\n"),
);

const isMinimal = anomaliesOf("register", staleReadAmongOthers, null)[0]?.ops.length === 3;

describe("the event at which a history broke", () => {
  it.each(objectTypes)(
    `ends the shortest prefix of a %s without an explanation ${withSeed}`,
    (type) => {
      everyAnomaly(type, ({ ops, brokenAt = -1, message }, events, init) => {
        const { key } = events[ops[0]!]!;
        // What is known to have failed never happened, though a prefix cannot know it yet.
        const failed = toHistory(events).operations.filter(({ outcome }) => outcome === "fail");
        const gone = new Set(failed.flatMap(({ invoked, completed }) => [invoked, completed]));
        const ofKey = events.filter(
          (event) => isDeepStrictEqual(event.key, key) && !gone.has(event.index),
        );
        const before = ofKey.filter(({ index }) => index < brokenAt);
        const until = ofKey.filter(({ index }) => index <= brokenAt);
        expect(isLinearizable(until, type, init), message).toBe(false);
        expect(isLinearizable(before, type, init), message).toBe(true);
      });
    },
  );
});

describe.skipIf(!isMinimal)("the operations of an anomaly (where stories are minimal)", () => {
  it.each(storyTypes)(`are of one %s ${withSeed}`, (type) => {
    everyAnomaly(type, ({ ops }, events) => {
      const [first, ...others] = ops.map((invoked) => events[invoked]!);
      for (const { key } of others) expect(isDeepStrictEqual(key, first!.key)).toBe(true);
    });
  });

  it.each(storyTypes)(`of a %s are not linearizable alone ${withSeed}`, (type) => {
    everyAnomaly(type, ({ ops, message }, events, init) => {
      expect(isLinearizable(restrictedTo(events, ops), type, init), message).toBe(false);
    });
  });

  it.each(storyTypes)(`of a %s hold the write of every value read ${withSeed}`, (type) => {
    everyAnomaly(type, ({ ops, message }, events, init) => {
      const { key } = events[ops[0]!]!;
      const ofKey = events.filter((event) => isDeepStrictEqual(event.key, key));
      const kept = ofKey.flatMap((event, at) => (ops.includes(event.index) ? [at] : []));
      expect(orphans(type, ofKey, kept, init), message).toEqual([]);
    });
  });

  it.each(storyTypes)(`of a %s can do without none of them ${withSeed}`, (type) => {
    everyAnomaly(type, ({ ops, type: name, message }, events, init) => {
      const operations = observedOperations(events).filter(({ invoked }) => ops.includes(invoked));
      // What is read of concatenations and after removals is no single operation's value.
      const isMixed = operations.some(
        ({ f }) => f === "remove" || (type === "kv" && f === "append"),
      );
      const isClear = isDistinct(operations, init) && !isMixed;
      for (const group of isClear ? removable(type, operations) : []) {
        const rest = ops.filter((invoked) => !group.has(invoked));
        const left = anomaliesOf(type, restrictedTo(events, rest), init).map((one) => one.type);
        expect(left, `${message}; without ${[...group]}`).not.toContain(name);
      }
    });
  });
});

describe("a stale read among twenty other operations", () => {
  it.skipIf(!isMinimal)("is told by three", () => {
    const [anomaly] = anomaliesOf("register", staleReadAmongOthers, null);
    expect(anomaly).toMatchObject({ type: "stale-read", ops: [20, 22, 24] });
  });
});
