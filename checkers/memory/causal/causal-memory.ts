/**
 * Causal memory (CM): for each session one order of its past explains all its reads. Beside what causal
 * consistency forbids: WriteHBInitRead and CyclicHB, where HB of a session is causality and, for each of
 * its reads, overwritten before returned, closed under that very rule.
 *
 * For each session rounds of vector clocks over causality and what has been added, until nothing is:
 * O(n k) a round, one to three rounds usually. Source: Bouajjani et al., POPL 2017; only the past of the
 * session's last read is walked.
 */

import { assert } from "../../../src/base/errors.js";
import type { Decide, Violation } from "../decision.js";
import { Arcs } from "./arcs.js";
import { ClockWalk } from "./clock-walk.js";
import { ConflictPass } from "./conflicts.js";
import { type KeyWrites, keyWritesOf } from "./key-writes.js";
import { type Nodes, READS } from "./nodes.js";
import { foundationOf, isViolation } from "./pass.js";
import { accessesOf, Paths } from "./paths.js";
import { cyclic } from "./patterns.js";

export const causalMemory: Decide = (accesses) => {
  assert(accesses.group === undefined, "causal memory is not defined for transactions");
  const found = foundationOf(accesses);
  if (isViolation(found)) return { holds: false, violation: found };
  const writes = keyWritesOf(found.nodes);
  for (let session = 0; session < accesses.sessions; session++) {
    // Without a conflict HB is causality, which has been judged.
    if (!found.isConflicted[session]) continue;
    const violation = violationIn(found.nodes, writes, session);
    if (violation !== undefined)
      return { holds: false, violation: { ...violation, view: session } };
  }
  return { holds: true };
};

function violationIn(nodes: Nodes, writes: KeyWrites, session: number): Violation | undefined {
  let lastRead = nodes.starts[session + 1]! - 1;
  while (lastRead >= nodes.starts[session]! && !(nodes.flags[lastRead]! & READS)) lastRead--;
  if (lastRead < nodes.starts[session]!) return undefined;
  const arcs = new Arcs();
  const pass = new ConflictPass(nodes, writes, arcs);
  for (;;) {
    const before = arcs.size;
    const walk = new ClockWalk(
      nodes,
      (v, clock, at) => {
        if (nodes.session[v] === session) pass.visit(v, clock, at);
      },
      arcs,
    );
    const cycle = walk.upTo(lastRead);
    if (cycle !== undefined) return cyclic("CyclicHB", nodes, cycle, [arcs]);
    if (pass.initial !== undefined) {
      const { write, read } = pass.initial;
      const route = new Paths(nodes, arcs).between(write, read)!;
      return { type: "WriteHBInitRead", path: route.steps, accesses: accessesOf(route) };
    }
    if (arcs.size === before) return undefined;
  }
}
