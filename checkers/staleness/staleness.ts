/**
 * Staleness instead of a bare "not linearizable": how far the reads of registers lag behind, in versions
 * (k-atomicity) and in time (Delta-atomicity), and how that is spread over the reads.
 *
 * Both are local properties: a history has the k and the Delta of its worst object.
 */

import type { History } from "../../histories/history.js";
import type { Json } from "../../src/base/json.js";
import { STEPS_MAX } from "../linearizability/linearizable.js";
import { type Bounds, exactly, greatest } from "./bounds.js";
import { clustersOf } from "./clusters.js";
import { type Distribution, distributionOf } from "./distribution.js";
import { impossibleReads } from "./impossible-reads.js";
import { type TimedObject, timedObjects } from "./objects.js";
import { type ReadStaleness, readStaleness } from "./reads.js";
import { searchedDelta } from "./searched-delta.js";
import { smallestDelta } from "./smallest-delta.js";
import { type Budget, smallestK } from "./smallest-k.js";
import type { TimedView } from "./timed-view.js";

export interface StalenessOptions {
  /** register or kv; by default what the functions are called tells. */
  type?: string;
  /** What every key starts with; null when left out. */
  init?: Json;
  /** Search steps, for k and Delta each, before an interval is given instead of a number. */
  stepsMax?: number;
}

export interface StaleRead {
  /** Its place in `History.operations`, as everywhere here. */
  read: number;
  /** Writes that came between for certain. */
  missed: number;
  /** Nanoseconds since the first of them was certainly over. */
  lateNs: number;
}

export interface Staleness {
  objects: number;
  /** Reads of values never written, or written later: with any of these no k and no Delta is enough. */
  impossible: { read: number; write: number | undefined }[];
  /** Smallest k and Delta (ns); undefined when none is enough, or unclear what was read. */
  k: Bounds | undefined;
  deltaNs: Bounds | undefined;
  distribution: Distribution;
  /** The reads that missed most writes and that were latest; undefined when none is stale. */
  mostMissed: StaleRead | undefined;
  latest: StaleRead | undefined;
  /** The read that needs the greatest Delta, where one read is known to. */
  deltaRead: number | undefined;
}

/** What one object's view tells; the same without a history. */
export interface ObjectStaleness {
  k: Bounds;
  deltaNs: Bounds;
  /** An operation of the view. */
  deltaRead: number | undefined;
  reads: ReadStaleness;
}

/**
 * For a view of reads and writes without impossible reads. O(n log n) unless values repeat, apart
 * from the search for k, which spends at most what the budget has.
 */
export function objectStaleness(view: TimedView, forK: Budget, forDelta: Budget): ObjectStaleness {
  const clusters = clustersOf(view);
  const reads = readStaleness(view, clusters);
  const k = smallestK(view, clusters, reads, forK);
  if (clusters.ambiguousReads > 0) {
    return { k, deltaNs: searchedDelta(view, forDelta), deltaRead: undefined, reads };
  }
  const { deltaNs, read } = smallestDelta(view, clusters);
  return { k, deltaNs: exactly(deltaNs), deltaRead: read, reads };
}

/** @throws UsageError for operations other than reads and writes, and for other types of object. */
export function staleness(history: History, options: StalenessOptions = {}): Staleness {
  const objects = timedObjects(history, options);
  const impossible = objects.filter(({ isClear }) => isClear).flatMap(namedImpossible);
  const isHopeless = impossible.length > 0 || objects.some(({ isClear }) => !isClear);
  const { stepsMax = STEPS_MAX } = options;
  const [forK, forDelta] = [{ steps: stepsMax }, { steps: stepsMax }];
  const judged = isHopeless ? [] : objects;
  const found = judged.map((object) => objectStaleness(object, forK, forDelta));
  const deltas = found.map(({ deltaNs }) => deltaNs);
  const deltaNs = greatest(deltas, 0);
  const worst = deltas.findIndex(({ atLeast }) => atLeast === deltaNs.atLeast);
  const deltaRead = found[worst]?.deltaRead;
  const allK = found.map(({ k }) => k);
  return {
    objects: objects.length,
    impossible,
    k: isHopeless ? undefined : greatest(allK, 1),
    deltaNs: isHopeless ? undefined : deltaNs,
    distribution: distributionOf(found.map(({ reads }) => reads)),
    mostMissed: worstRead(objects, found, ({ versions }) => versions),
    latest: worstRead(objects, found, ({ lateNs }) => lateNs),
    deltaRead: deltaRead === undefined ? undefined : objects[worst]!.ids[deltaRead]!,
  };
}

function namedImpossible(object: TimedObject): Staleness["impossible"] {
  return impossibleReads(object).map(({ read, write }) => ({
    read: object.ids[read]!,
    write: write === undefined ? undefined : object.ids[write]!,
  }));
}

/** The first read of which `badness` is greatest, if it is bad at all. */
function worstRead(
  objects: readonly TimedObject[],
  found: readonly ObjectStaleness[],
  badness: (reads: ReadStaleness) => Int32Array | Float64Array,
): StaleRead | undefined {
  let worst: StaleRead | undefined;
  let most = 0;
  for (const [i, { reads }] of found.entries()) {
    const bad = badness(reads);
    for (let n = 0; n < bad.length; n++) {
      if (bad[n]! <= most) continue;
      most = bad[n]!;
      const read = objects[i]!.ids[reads.reads[n]!]!;
      worst = { read, missed: reads.versions[n]!, lateNs: reads.lateNs[n]! };
    }
  }
  return worst;
}
