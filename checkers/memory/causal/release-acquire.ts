/**
 * Release/acquire (RA): per key one order of its writes that extends causality, in which each read
 * returns the last write of its past; orders of different keys need not fit together. Updates follow
 * their source at once, so chains of them (chains.ts) are one element of the order: polynomial.
 *
 * Causality is projected onto the writes of each key that matter: the ends of conflicts, and all writes
 * of keys that are updated or whose order is given. O(n k) time, as much memory at worst.
 *
 * Source: Lahav, Giannarakis, Vafeiadis, Taming release-acquire consistency, POPL 2016.
 */

import { assert } from "../../../src/base/errors.js";
import { type Accesses, kinds } from "../accesses.js";
import type { DecideOptions, Decision, Step, Violation } from "../decision.js";
import { Arcs } from "./arcs.js";
import { chainsOf, hasUpdates, initialArcs, isChains } from "./chains.js";
import { ClockWalk } from "./clock-walk.js";
import { contractedCycle } from "./contracted-cycle.js";
import { keyWritesOf, lastBefore } from "./key-writes.js";
import { type Nodes, READS, WRITES } from "./nodes.js";
import { orderArcs, orderViolation } from "./orders.js";
import { type Foundation, foundationOf, isViolation } from "./pass.js";
import { Paths } from "./paths.js";

export function releaseAcquire(accesses: Accesses, options: DecideOptions): Decision {
  assert(accesses.group === undefined, "release/acquire is not defined for transactions");
  const found = foundationOf(accesses);
  const violation = isViolation(found) ? found : violationOf(found, options);
  return violation === undefined ? { holds: true } : { holds: false, violation };
}

function violationOf(found: Foundation, { orders }: DecideOptions): Violation | undefined {
  const { nodes, conflicts, cycle } = found;
  const { accesses } = nodes;
  const isUpdating = hasUpdates(accesses);
  if (cycle === undefined && !isUpdating && orders === undefined) return undefined;
  const contradiction = orders && orderViolation(accesses, orders);
  if (contradiction !== undefined) return contradiction;

  // Conflicts of a key that contradict each other: most of what breaks, and cheap.
  const apart = Int32Array.from({ length: accesses.size }, (_, a) => a);
  const direct = contractedCycle(conflicts, apart);
  if (direct !== undefined) return violation("CyclicCF", nodes, conflicts, direct, apart, apart);

  const chains = chainsOf(nodes);
  const isWhole = Uint8Array.from({ length: accesses.keys }, (_, x) => (orders?.[x] ? 1 : 0));
  accesses.kind.forEach((kind, a) => {
    if (kind === kinds.update) isWhole[accesses.key[a]!] = 1;
  });
  const arcs = projected(nodes, conflicts, isWhole);
  arcs.append(conflicts);
  if (orders !== undefined) arcs.append(orderArcs(accesses, orders));

  const plain = contractedCycle(arcs, apart);
  if (plain !== undefined) return violation("CyclicCF", nodes, arcs, plain, apart, apart);
  if (!isUpdating) return undefined;
  if (!isChains(chains)) return chains;
  arcs.append(initialArcs(chains, keyWritesOf(nodes)));
  const broken = contractedCycle(arcs, chains.head);
  return broken && violation("lost-update", nodes, arcs, broken, chains.head, chains.tail);
}

/** Causality between writes of one key, as far as orders of the keys can depend on it. */
function projected(nodes: Nodes, conflicts: Arcs, isWhole: Uint8Array): Arcs {
  const { accesses, flags, starts, session } = nodes;
  const isFrom = Uint8Array.from(accesses.key, (x) => isWhole[x] ?? 0);
  const isTo = isFrom.slice();
  for (let i = 0; i < conflicts.size; i++) {
    isTo[conflicts.from[i]!] = 1;
    isFrom[conflicts.to[i]!] = 1;
  }
  const writes = keyWritesOf(nodes, isFrom);
  const arcs = new Arcs();
  const walk = new ClockWalk(nodes, (v, clock, at) => {
    if (!(flags[v]! & WRITES) || !isTo[v]) return;
    const x = accesses.key[v]!;
    const source = flags[v]! & READS ? accesses.source[v]! : -1;
    const sourceClock = source < 0 ? undefined : at.clockOf(source);
    for (let run = writes.starts[x]!; run < writes.starts[x + 1]!; run++) {
      const t = writes.session[run]!;
      const last = lastBefore(writes, run, t === session[v] ? v : starts[t]! + clock[t]!);
      if (last < 0) continue;
      if (sourceClock !== undefined) {
        const known = t === session[source] ? source : starts[t]! + sourceClock[t]!;
        if (last < known) continue;
      }
      arcs.push(last, v, "causes");
    }
  });
  walk.all();
  // A write that comes before what is last of its session is in the past by way of that.
  for (let run = 0; run < writes.session.length; run++) {
    for (let i = writes.from[run]! + 1; i < writes.from[run + 1]!; i++) {
      arcs.push(writes.writes[i - 1]!, writes.writes[i]!, "causes");
    }
  }
  return arcs;
}

/** A cycle through chains, each entered at its head and left at its tail. */
function violation(
  type: string,
  nodes: Nodes,
  arcs: Arcs,
  cycle: readonly number[],
  head: Int32Array,
  tail: Int32Array,
): Violation {
  const paths = new Paths(nodes);
  const path: Step[] = [];
  const rests = new Set<number>();
  cycle.forEach((arc, i) => {
    const [from, to] = [arcs.from[arc]!, arcs.to[arc]!];
    const [leaving, entering] = [tail[from]!, head[to]!];
    const causes = paths.between(from, to)?.steps;
    for (const step of causes ?? []) rests.add(step.from).add(step.to);
    if (arcs.reason[arc]! >= 0) {
      const read = arcs.reason[arc]!;
      rests.add(read);
      for (const step of paths.between(from, read)?.steps ?? []) rests.add(step.from).add(step.to);
    }
    rests.add(from).add(to);
    if (from === leaving && to === entering && causes !== undefined) path.push(...causes);
    else path.push({ from: leaving, to: entering, relation: "overwrites" });
    const next = tail[arcs.from[cycle[(i + 1) % cycle.length]!]!]!;
    if (next !== entering) {
      const isDirect = nodes.accesses.source[next] === entering;
      path.push({ from: entering, to: next, relation: isDirect ? "reads-from" : "causes" });
    }
  });
  for (const { from, to } of path) rests.add(from).add(to);
  return { type, path, accesses: [...rests].sort((a, b) => a - b) };
}
