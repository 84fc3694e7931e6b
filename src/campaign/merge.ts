/** The shards of one campaign put together again: the outcome that one process would have had. */

import { UsageError } from "../base/errors.js";
import type { Kept } from "./journal.js";
import { type CampaignOutcome, type Entry, Ledger, type LedgerOptions } from "./ledger.js";
import type { Shard } from "./order.js";

/** A shard as it was left. */
export interface Part {
  kept: Kept;
  shard: Shard;
  /** The folder that its cases lie below. */
  out: string;
}

/**
 * All shards of one campaign, in their order.
 * @throws UsageError when one is missing, there twice, or not finished.
 */
export function completeParts(parts: readonly Part[]): Part[] {
  const byIndex = new Map<number, Part>();
  for (const part of parts) {
    const { kept, shard } = part;
    const twin = byIndex.get(shard.index);
    if (twin !== undefined) {
      throw new UsageError(
        `shard ${shard.index}/${shard.of} is there twice, in ${twin.kept.dir} and ${kept.dir}: give it once`,
      );
    }
    if (!kept.ended) {
      throw new UsageError(
        `${kept.dir}: shard ${shard.index}/${shard.of} is not finished: go on with --resume first`,
      );
    }
    byIndex.set(shard.index, part);
  }
  const of = parts[0]?.shard.of ?? 0;
  const indices = Array.from({ length: of }, (_, i) => i + 1);
  const missing = indices.filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    throw new UsageError(
      `of ${of} shards, ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing: give all of them`,
    );
  }
  return indices.map((index) => byIndex.get(index) as Part);
}

/**
 * Takes the runs of all shards in, in their order. What a shard did beyond the end of the campaign
 * (others had reached the limit on failures) does not count.
 * @throws UsageError for a run that no shard has, except where time ended them (`gaps`).
 */
export function mergeParts(
  parts: readonly Part[],
  options: LedgerOptions,
  gaps: boolean,
): CampaignOutcome {
  const ledger = new Ledger(options);
  let expected = 0;
  for (const { entry, out } of inOrder(parts)) {
    if (ledger.full) break;
    if (entry.ordinal < expected) {
      throw new UsageError(`${out}: run ${entry.ordinal} belongs to another shard, too`);
    }
    if (entry.ordinal > expected && !gaps) {
      throw new UsageError(`run ${expected} is in none of the shards: run its shard again`);
    }
    expected = entry.ordinal + 1;
    ledger.take(entry, out);
  }
  return ledger.close({ interrupted: false });
}

function* inOrder(parts: readonly Part[]): Generator<{ entry: Entry; out: string }> {
  const heads = parts.map(({ kept, out }) => ({ entries: kept.entries(), out }));
  const next = heads.map(({ entries }) => entries.next());
  for (;;) {
    let least: number | undefined;
    next.forEach((head, i) => {
      const other = least === undefined ? undefined : next[least];
      if (!head.done && (other?.done !== false || head.value.ordinal < other.value.ordinal)) {
        least = i;
      }
    });
    if (least === undefined) return;
    const { entries, out } = heads[least] as (typeof heads)[number];
    const head = next[least] as IteratorResult<Entry>;
    yield { entry: head.value, out };
    next[least] = entries.next();
  }
}
