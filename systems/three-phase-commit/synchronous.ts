/**
 * Three-phase commit as it was first meant: without quorums, and without ever blocking while a single
 * participant is up (Skeen, "Nonblocking Commit Protocols", 1981).
 *
 * The price is an assumption: a message is never lost and arrives within a bound that all nodes know,
 * and nodes do not stand still. Then a time-out is proof of a crash, and the survivors know that whoever
 * they do not hear has no say any more (survivors.ts). One link that fails, one message that is late, and
 * two nodes may each take the other for dead and come to different outcomes: which is why nobody runs
 * it on real networks, and why it promises nothing outside of the synchronous timing model.
 *
 * The store around it is that of the other commit protocols (index.ts).
 */

import { UsageError } from "../../src/base/errors.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { CommitmentNode } from "../commitment/node.js";
import { commitmentProbes } from "../commitment/probes.js";
import { shardedStore } from "../commitment/store.js";
import { TORN } from "../commitment/torn.js";
import type { System } from "../system.js";
import { ThreePhaseCommit } from "./protocol.js";
import { SurvivorsLeader } from "./survivors.js";
import { timeoutsFor } from "./timeouts.js";

/** What a message takes on a good day, where nobody has asked for the worst one. */
const USUAL_MS = 5;
const BOUND_MAX_MS = 100;

export const synchronousThreePhaseCommit: System = {
  ...shardedStore,
  name: "three-phase-commit-synchronous",
  summary:
    "a sharded transactional store, with three-phase commit that never blocks and needs a bound",
  options: {
    ...shardedStore.options,
    boundMs: {
      summary: "how long a message may be under way, in milliseconds",
      default: 50,
      range: [1, BOUND_MAX_MS],
    },
  },
  bugs: {
    "timers-below-the-bound": {
      id: "T8",
      summary:
        "time-outs are a multiple of what a message usually takes, not of the longest it may",
      source: "Bernstein, Hadzilacos and Goodman, 1987, section 7.5: time-outs must mean failures",
      needs: "one slow message",
      checker: "atomic-commitment",
      anomalies: ["split-decision", "reversed-decision", "commit-without-consent", ...TORN],
    },
  },
  driftPpmMax: 20_000,
  survives: { timing: "synchronous" },
  probes: [
    ...commitmentProbes,
    "a transaction's outcome was not known in time",
    "a participant was in doubt",
    "a participant refused so that others could end",
    "a survivor took the lead",
    "all participants had crashed",
  ],
  create: (context) =>
    new CommitmentNode(context, (parts) => {
      const boundMs = boundOf(context);
      const { votesMs } = timeoutsFor(boundMs);
      const isHasty = context.bugs.has("timers-below-the-bound");
      const { roundMs, doubtMs } = timeoutsFor(isHasty ? USUAL_MS : boundMs);
      const leader = new SurvivorsLeader(parts, roundMs);
      return new ThreePhaseCommit(parts, {
        leader,
        doubtMs: { min: doubtMs, max: doubtMs },
        votesMs,
      });
    }),
};

/**
 * The bound of this run, in milliseconds; the one it was made for where a run has none.
 * @throws UsageError for one that makes no sense: with too long a bound nobody would wait for answers.
 */
function boundOf({ options, timing }: NodeContext): number {
  const known = timing?.boundMs ?? Number.POSITIVE_INFINITY;
  const boundMs = Number.isFinite(known) ? known : Number(options["boundMs"]);
  if (boundMs >= 1 && boundMs <= BOUND_MAX_MS) return boundMs;
  throw new UsageError(
    `three-phase-commit-synchronous: boundMs is from 1 to ${BOUND_MAX_MS}, not ${boundMs}`,
  );
}
