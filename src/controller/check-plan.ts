/**
 * Whether a plan from a file makes sense for what it names: the schema knows shapes, this knows the
 * system and the workload.
 */

import type { System } from "../../systems/index.js";
import type { Workload } from "../../workloads/index.js";
import { UsageError } from "../base/errors.js";
import type { Plan, PlannedOperation } from "../plan/plan.js";
import { checkSense } from "./option-sense.js";
import { checkBugs, checkedOption, checkFits, optionsFor, ownerOf } from "./plan-run.js";

/**
 * @param system undefined for an external program, whose services are not known.
 * @throws UsageError naming the first thing that cannot be run.
 */
export function checkPlan(plan: Plan, workload: Workload, system: System | undefined): void {
  const offered = system === undefined ? undefined : offeredBy(system, plan, workload);
  plan.operations.forEach((operation, i) => {
    const problem =
      offered?.includes(operation.f) === false
        ? `${plan.system} offers ${offered.join(", ")}, not "${operation.f}"`
        : notInvokable(operation, workload);
    if (problem !== undefined)
      throw new UsageError(`not a sound plan: /operations/${i}: ${problem}`);
  });
}

function offeredBy(system: System, plan: Plan, workload: Workload): readonly string[] {
  checkBugs(system, plan.bugs);
  const specs = optionsFor(system, workload);
  const owner = ownerOf(system, workload);
  for (const [name, value] of Object.entries(plan.options)) {
    checkedOption(specs, owner, name, value);
  }
  checkSense(specs, owner, plan.options, plan.nodes.length);
  const service = system.service(plan.options, plan.nodes.length);
  checkFits(workload, system, service);
  return service.operations;
}

function notInvokable(operation: PlannedOperation, workload: Workload): string | undefined {
  try {
    workload.invoke(operation, new Map());
    return undefined;
  } catch {
    const { f, key, value } = operation;
    return `${JSON.stringify({ f, key, value })} is no operation of the workload ${workload.name}`;
  }
}
