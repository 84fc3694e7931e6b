/**
 * A name's definition is a proof: a history that fits one is not linearizable, as the oracle of all
 * permutations sees it. Names are facts about histories: renaming changes nothing.
 */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { History, HistoryEvent } from "../../../../histories/history.js";
import { toHistory } from "../../../../histories/pairing.js";
import { isLinearizable } from "../../oracle/linearizable-oracle.js";
import { type ObjectType, objectTypes } from "../../oracle/object-types.js";
import { anyHistory, type RandomHistory } from "../../oracle/random-history.js";
import {
  oracleRuns,
  oracleSeed,
  oracleTimeoutMs,
  sampleSeed,
  withSeed,
} from "../../oracle/runs.js";
import { namesOf, violationOf } from "./story.js";

/** Three properties of fifteen types share the time of one. */
const runs = Math.ceil(oracleRuns / 8);

vi.setConfig({ testTimeout: oracleTimeoutMs });

/** The histories of the objects, each with something in it. */
function objectsOf({ events }: Pick<RandomHistory, "events">): History[] {
  const clients = events.filter(({ process, f }) => typeof process === "number" && f !== "fence");
  const keys = [...new Set(clients.map(({ key }) => JSON.stringify(key)))];
  return keys
    .map((text) => clients.filter(({ key }) => JSON.stringify(key) === text))
    .map((own) => toHistory(own.map((event, index) => ({ ...event, index }))))
    .filter(({ operations }) => operations.some(({ outcome }) => outcome === "ok"));
}

function nameOf(type: ObjectType, history: History, init: RandomHistory["init"]): string {
  return namesOf[type](violationOf(history, init)).type;
}

describe("a name that claims more than non-linearizable is a proof", () => {
  it.each(objectTypes)(`about %s histories ${withSeed}`, (type) => {
    fc.assert(
      fc.property(anyHistory(type), (random) => {
        for (const object of objectsOf(random)) {
          const { type: name, ops } = namesOf[type](violationOf(object, random.init));
          expect(ops).toEqual(object.operations.map(({ invoked }) => invoked));
          if (name === "non-linearizable") continue;
          expect(isLinearizable(object.events, type, random.init), name).toBe(false);
        }
      }),
      { seed: oracleSeed, numRuns: runs },
    );
  });
});

describe("a name does not change when processes and keys are renamed", () => {
  it.each(objectTypes)(`in %s histories ${withSeed}`, (type) => {
    const renamed = (event: HistoryEvent): HistoryEvent => ({
      ...event,
      process: typeof event.process === "number" ? 1000 - 7 * event.process : event.process,
      key: [event.key ?? null, "renamed"],
    });
    fc.assert(
      fc.property(anyHistory(type), (random) => {
        for (const object of objectsOf(random)) {
          const other = toHistory(object.events.map(renamed));
          expect(nameOf(type, other, random.init)).toBe(nameOf(type, object, random.init));
        }
      }),
      { seed: oracleSeed, numRuns: Math.min(runs, 100) },
    );
  });
});

describe("most violations have a name of their own", () => {
  it.each(objectTypes)("among %s histories", (type) => {
    const sample = fc.sample(anyHistory(type), { seed: sampleSeed, numRuns: 200 });
    const names = sample.flatMap((random) =>
      objectsOf(random)
        .filter(({ events }) => !isLinearizable(events, type, random.init))
        .map((object) => nameOf(type, object, random.init)),
    );
    const unnamed = names.filter((name) => name === "non-linearizable").length;
    expect(unnamed).toBeLessThan(names.length / 2);
  });
});
