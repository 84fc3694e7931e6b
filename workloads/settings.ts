/** A workload's own settings, read and checked. */

import { UsageError } from "../src/base/errors.js";
import type { OptionSpec } from "../systems/system.js";
import type { WorkloadOptions } from "./workload.js";

type WholeNumber = OptionSpec & Required<Pick<OptionSpec, "range">>;

/** @throws UsageError for a setting that is no whole number of its range. */
export function wholeNumber<Name extends string>(
  options: WorkloadOptions,
  specs: { readonly [name in Name]: WholeNumber },
  name: Name,
): number {
  const { default: usual, range } = specs[name];
  const [min, max] = range;
  const value = options[name] ?? usual;
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
    return value;
  }
  throw new UsageError(`${name} is a whole number from ${min} to ${max}, not ${value}`);
}
