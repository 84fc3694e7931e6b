/** The checkers that judged a run, to ask them about histories that are a little different. */

import { type Checker, checkers, conduct } from "../../checkers/index.js";
import { type History, toHistory } from "../../histories/index.js";
import { type System, systems } from "../../systems/index.js";
import { maelstromWorkloads, workloads } from "../../workloads/index.js";
import { lookUp } from "../base/names.js";
import type { Plan } from "../plan/plan.js";

/** The checker of a name among those of a plan's workload and system, if it is one of them. */
export function judgeNamed(name: string, plan: Plan, own: System | undefined): Checker | undefined {
  const workload = lookUp(
    "workload",
    plan.workload,
    plan.bin === undefined ? workloads : maelstromWorkloads,
  );
  const system = own ?? (plan.bin === undefined ? systems.get(plan.system) : undefined);
  const service = system?.service(plan.options, plan.nodes.length) ?? {
    operations: workload.requires,
    consistency: "linearizable" as const,
  };
  const all = [...workload.checkers(service, plan.options), conduct];
  return all.find((checker) => checker.name === name) ?? checkers.get(name);
}

/**
 * The position of the event with which a history became wrong: the shortest prefix that the checker
 * refuses ends with it. Bisected, since what is wrong of a prefix is wrong of all that goes on from
 * it; undefined where the whole history is not refused. O(log events) verdicts.
 */
export function brokenAt(checker: Checker, { events }: History): number | undefined {
  const isWrong = (length: number): boolean =>
    checker.check(toHistory(events.slice(0, length))).valid === false;
  if (!isWrong(events.length)) return undefined;
  let [sound, wrong] = [0, events.length];
  while (wrong - sound > 1) {
    const middle = (sound + wrong) >> 1;
    if (isWrong(middle)) wrong = middle;
    else sound = middle;
  }
  return wrong - 1;
}
