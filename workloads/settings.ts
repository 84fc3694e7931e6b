/** A workload's own settings, read and checked. */

import { UsageError } from "../src/base/errors.js";
import type { OptionSpec } from "../systems/system.js";
import type { WorkloadOptions } from "./workload.js";

/** @throws UsageError for a setting that is no whole number from `min` to `max`. */
export function wholeNumber<Name extends string>(
  options: WorkloadOptions,
  specs: { readonly [name in Name]: OptionSpec },
  name: Name,
  { min, max }: { min: number; max: number },
): number {
  const value = options[name] ?? specs[name].default;
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
    return value;
  }
  throw new UsageError(`${name} is a whole number from ${min} to ${max}, not ${value}`);
}
