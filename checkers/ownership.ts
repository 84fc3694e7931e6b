/**
 * Ownership: whatever is divided among nodes has one owner at a time, and an epoch one owner for ever.
 *
 * Judged on what nodes record, in the order of the history: `f: "owns"`, `value: {"shard": "a", "epoch":
 * 3}`, when a node begins to serve a shard, and again when it is back after a crash; `f: "disowns"` when it
 * has stopped. A node that is down owns what it owned: it will go on with it. One that owns a shard in a
 * later epoch has done with the earlier one. Anomalies:
 * - two-owners: a node owns a shard while another does, or in an epoch in which another has owned it.
 *
 * Where the later owner is a node that did not disown, nothing says which of the two is wrong. Each two
 * nodes are accused once for each shard and epoch of the later one. O(records * owners of a shard).
 */

import type { History, HistoryEvent } from "../histories/history.js";
import { canonical, isJsonObject, type Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { show } from "./describe.js";
import { Findings } from "./findings.js";

export const ownership: Checker = {
  name: "ownership",
  summary: "a shard has one owner at a time, and an epoch of it one owner for ever",
  anomalies: {
    "two-owners": "two nodes owned the same shard at one time, or in the same epoch",
  },
  check,
};

interface Claim {
  node: string;
  epoch: number;
  event: HistoryEvent;
}

interface Shard {
  name: Json;
  /** By node: what it owns now. */
  current: Map<string, Claim>;
  /** By epoch: who owned it first. */
  first: Map<number, Claim>;
}

function check(history: History): Verdict {
  const findings = new Findings();
  const shards = new Map<string, Shard>();
  let claims = 0;
  for (const event of history.observations) {
    const read = readingOf(event);
    if (read === undefined) continue;
    const id = canonical(read.shard);
    const shard = shards.get(id) ?? { name: read.shard, current: new Map(), first: new Map() };
    shards.set(id, shard);
    if (event.f === "owns") {
      claims++;
      own(shard, read.claim, findings);
    } else if (shard.current.get(read.claim.node)?.epoch === read.claim.epoch) {
      shard.current.delete(read.claim.node);
    }
  }
  const open = claims > 0 ? undefined : "no node owned anything";
  return findings.verdict({ shards: shards.size, claims }, open);
}

function readingOf(event: HistoryEvent): { shard: Json; claim: Claim } | undefined {
  const { f, value } = event;
  if ((f !== "owns" && f !== "disowns") || !isJsonObject(value)) return undefined;
  const { shard, epoch } = value;
  if (shard === undefined || typeof epoch !== "number") return undefined;
  return { shard, claim: { node: String(event.process), epoch, event } };
}

function own(shard: Shard, claim: Claim, findings: Findings): void {
  const { current, first, name } = shard;
  const isNew = current.get(claim.node)?.epoch !== claim.epoch;
  current.set(claim.node, claim);
  const inEpoch = first.get(claim.epoch);
  if (inEpoch === undefined) first.set(claim.epoch, claim);
  // What a node says again, after a crash, was judged when it said so first.
  if (!isNew) return;
  const others = new Set([...current.values(), ...(inEpoch === undefined ? [] : [inEpoch])]);
  const accused = new Set<string>();
  for (const other of others) {
    if (other.node === claim.node || accused.has(other.node)) continue;
    accused.add(other.node);
    findings.add("two-owners", () => ({
      message: `${claim.node} owned shard ${show(name)} in epoch ${claim.epoch}, and ${other.node} did in epoch ${other.epoch}${current.has(other.node) ? ", which it had not given up" : ""}`,
      ops: [other.event.index, claim.event.index],
    }));
  }
}
