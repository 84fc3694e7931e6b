/**
 * Causal consistency (CC) and causal convergence (CCv) of registers or of transactions that read and
 * write, both from one pass of O(n k), k sessions. CC forbids ThinAirRead, CyclicCO, WriteCOInitRead
 * and WriteCORead; CCv also CyclicCF, and that anything is written between an update and its source.
 *
 * The conflicts of all reads close no cycle with causality: then both hold, and nothing else is looked
 * at. Otherwise a second pass tells WriteCORead from what is no business of CC.
 *
 * Source: Bouajjani, Enea, Guerraoui, Hamza, On verifying causal consistency, POPL 2017. Of transactions
 * CCv is transactional causal consistency: Biswas, Enea, On the complexity of checking transactional
 * consistency, OOPSLA 2019.
 */

import type { Accesses } from "../accesses.js";
import type { Decide, DecideOptions, Decision, Violation } from "../decision.js";
import { Arcs } from "./arcs.js";
import { atomicUpdates } from "./atomic-updates.js";
import { hasUpdates } from "./chains.js";
import { conflictsOf } from "./conflicts.js";
import { innerViolation } from "./inner.js";
import { type Nodes, nodesOf } from "./nodes.js";
import { orderArcs, orderViolation } from "./orders.js";
import { cyclic, cyclicCO, thinAirRead, writeCOInitRead, writeCORead } from "./patterns.js";
import { OrderWalk } from "./session-walk.js";
import { suggestedOrder } from "./suggested-order.js";

/** What is known after the pass that all but causal memory begin with. */
export interface Foundation {
  nodes: Nodes;
  /** An order of the nodes to keep as far as dependencies allow. */
  suggested: Int32Array;
  /** Overwritten → returned. */
  conflicts: Arcs;
  /** By session: whether its reads have any. */
  isConflicted: Uint8Array;
  sees: readonly Arcs[];
  /** Nodes on a cycle of causality and conflicts. */
  cycle: number[] | undefined;
}

/** The foundation, or why not even causal consistency holds. */
export function foundationOf(accesses: Accesses, sees?: Arcs): Foundation | Violation {
  const early = innerViolation(accesses) ?? thinAirRead(accesses);
  if (early !== undefined) return early;
  const nodes = nodesOf(accesses);
  const suggested = suggestedOrder(nodes);
  const { arcs, isConflicted, cycle, initial } = conflictsOf(nodes, suggested, sees);
  const seen = sees === undefined ? [] : [sees];
  if (cycle !== undefined) return cyclicCO(nodes, cycle, seen);
  if (initial !== undefined) return writeCOInitRead(nodes, initial, seen);
  const conflictCycle = new OrderWalk(nodes, joined(arcs, seen)).all(suggested);
  const overwritten = conflictCycle && writeCORead(nodes, arcs, seen);
  return (
    overwritten ?? {
      nodes,
      suggested,
      conflicts: arcs,
      isConflicted,
      sees: seen,
      cycle: conflictCycle,
    }
  );
}

export function isViolation(found: Foundation | Violation): found is Violation {
  return "type" in found;
}

/** Both verdicts from one pass; `options.orders` concern convergence only. */
export function causalPass(
  accesses: Accesses,
  options: DecideOptions,
): { causal: Decision; convergence: Decision } {
  const found = foundationOf(accesses);
  if (isViolation(found)) {
    const decision: Decision = { holds: false, violation: found };
    return { causal: decision, convergence: decision };
  }
  return { causal: { holds: true }, convergence: convergenceOf(found, options) };
}

export const causal: Decide = (accesses) => {
  const found = foundationOf(accesses);
  return isViolation(found) ? { holds: false, violation: found } : { holds: true };
};

export function causalConvergence(accesses: Accesses, options: DecideOptions): Decision {
  return convergenceWith(accesses, options, []);
}

/** Causal convergence where some writes are known to be in the past of some reads: [write, read]. */
export function convergenceWith(
  accesses: Accesses,
  options: DecideOptions,
  sees: readonly (readonly [write: number, read: number])[],
): Decision {
  const arcs = new Arcs();
  for (const [write, read] of sees) arcs.push(write, read, "causes");
  const found = foundationOf(accesses, arcs.size === 0 ? undefined : arcs);
  return isViolation(found) ? { holds: false, violation: found } : convergenceOf(found, options);
}

function convergenceOf(found: Foundation, options: DecideOptions): Decision {
  const { nodes, suggested, conflicts, sees, cycle } = found;
  if (cycle !== undefined) {
    return { holds: false, violation: cyclic("CyclicCF", nodes, cycle, [conflicts], sees) };
  }
  const { orders } = options;
  let arbitration = conflicts;
  if (orders !== undefined) {
    const contradiction = orderViolation(nodes.accesses, orders);
    if (contradiction !== undefined) return { holds: false, violation: contradiction };
    arbitration = joined(conflicts, [orderArcs(nodes.accesses, orders)]);
    const broken = new OrderWalk(nodes, joined(arbitration, sees)).all(suggested);
    if (broken !== undefined) {
      return { holds: false, violation: cyclic("CyclicCF", nodes, broken, [arbitration], sees) };
    }
  }
  if (!hasUpdates(nodes.accesses)) return { holds: true };
  return atomicUpdates({ nodes, suggested, arbitration, sees }, options.stepsMax);
}

/** All arcs in one; those given where there is nothing to add. */
function joined(arcs: Arcs, others: readonly Arcs[]): Arcs {
  if (others.length === 0) return arcs;
  const all = new Arcs();
  for (const each of [arcs, ...others]) all.append(each);
  return all;
}
