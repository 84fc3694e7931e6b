/**
 * The timing model of a run, and which faults are left of a plan that keeps to it.
 *
 * A bound on messages is broken by whatever stops, loses or withholds them, and by nodes that stand
 * still or are slow; crashes do not break it, and what only makes links slow or unruly is held to the
 * bound as it happens. A partially synchronous run has all of them until it stabilises.
 */

import type { System } from "../../systems/index.js";
import { UsageError } from "../base/errors.js";
import type { OptionValue } from "../hosts/ts/node.js";
import type { Fault, FaultKind } from "../plan/fault.js";
import type { Plan } from "../plan/plan.js";
import { type Timing, type TimingModel, timingModels } from "../plan/timing.js";
import type { Streams } from "../random/streams.js";

const breaking: ReadonlySet<FaultKind> = new Set<FaultKind>([
  "partition",
  "loss",
  "corrupt",
  "reset",
  "clog",
  "hold",
  "priorities",
  "pause",
  "slow",
  "slow-disk",
  "clock-freeze",
  "mute",
]);

/** Of a bound that nobody chose. */
export const BOUND_MS = 50;

/** What is asked for. */
export interface TimingRequest {
  timing?: TimingModel;
  boundMs?: number;
  beyond?: boolean;
}

export interface TimingScope {
  system: System | undefined;
  options: { readonly [name: string]: OptionValue };
  timeLimitUs: number;
  streams: Streams;
}

/**
 * The timing of a run: the model asked for, else the one that the system needs, else none.
 * @throws UsageError for a weaker one than it needs, and for a bound where there is none.
 */
export function timingOf(request: TimingRequest, scope: TimingScope): Timing | undefined {
  const { system, options, timeLimitUs, streams } = scope;
  const needed = system?.survives?.timing;
  const model = request.timing ?? needed;
  if (model === undefined || model === "asynchronous") {
    if (request.boundMs !== undefined) {
      throw new UsageError(
        "--bound is that of a timing model that has one: give --timing synchronous or partially-synchronous",
      );
    }
    return model && { model, untilUs: timeLimitUs };
  }
  const own = options["boundMs"];
  const boundUs = 1000 * (request.boundMs ?? (typeof own === "number" ? own : BOUND_MS));
  if (model === "synchronous") return { model, boundUs };
  const thirdUs = Math.floor(timeLimitUs / 3);
  const stabilisesAtUs = streams.stream("timing").between(thirdUs, 2 * thirdUs);
  return { model, boundUs, stabilisesAtUs };
}

/** Whether a timing model is weaker than a system needs. */
export function isTooWeak(model: TimingModel, system: System | undefined): boolean {
  const needed = system?.survives?.timing;
  return needed !== undefined && timingModels.indexOf(model) > timingModels.indexOf(needed);
}

/** @throws UsageError for a model under which the system promises nothing. */
export function refuseWeaker(model: TimingModel, system: System | undefined): void {
  if (!isTooWeak(model, system)) return;
  throw new UsageError(
    `--timing ${model}: ${system?.name} is only safe where links are ${system?.survives?.timing}: leave it out, or go there on purpose with --beyond`,
  );
}

/** Whether the kind has no place in a run of this timing. */
export function isExcluded(kind: FaultKind, timing: Timing | undefined): boolean {
  return timing?.model === "synchronous" && breaking.has(kind);
}

/**
 * A fault as far as it leaves the bound alone; undefined where nothing is left of it. One that waits
 * for a moment might begin too late.
 */
export function inTime(
  fault: Fault,
  { timing, timeLimitUs }: Pick<Plan, "timing" | "timeLimitUs">,
): Fault | undefined {
  if (timing === undefined || timing.model === "asynchronous" || !breaking.has(fault.kind))
    return fault;
  if (timing.model === "synchronous") return undefined;
  // What is frozen in the second phase counts as failed.
  if (fault.atUs >= timeLimitUs || fault.untilUs <= timing.stabilisesAtUs) {
    return fault.on === undefined || fault.atUs >= timeLimitUs ? fault : undefined;
  }
  if (fault.atUs >= timing.stabilisesAtUs || fault.on !== undefined) return undefined;
  return { ...fault, untilUs: timing.stabilisesAtUs };
}
