/**
 * Options that make sense together and on so many nodes: a quorum of no more replicas than there are.
 * Nothing is silently bent to what would.
 */

import type { OptionSpec } from "../../systems/index.js";
import { UsageError } from "../base/errors.js";
import type { OptionValue } from "../hosts/ts/node.js";

type Specs = { readonly [name: string]: OptionSpec };
type Options = { readonly [name: string]: OptionValue };

/** The first option that makes no sense there, and what would; undefined where all do. */
export function senseless(
  specs: Specs,
  options: Options,
  nodeCount: number,
): { name: string; min: number; max: number } | undefined {
  for (const [name, spec] of Object.entries(specs)) {
    const value = options[name] ?? spec.default;
    if (spec.within === undefined || value === spec.default) continue;
    const [min, max] = spec.within(options, nodeCount);
    if (Number(value) < min || Number(value) > max) return { name, min, max };
  }
  return undefined;
}

/** @throws UsageError for an option that makes no sense with the others, or on so many nodes. */
export function checkSense(specs: Specs, owner: string, options: Options, nodeCount: number): void {
  checkMeaning(specs, owner, options);
  const odd = senseless(specs, options, nodeCount);
  if (odd === undefined) return;
  const { name, min, max } = odd;
  const usual = Number(specs[name]?.default);
  const apart = usual < min || usual > max ? `${usual}, or ` : "";
  throw new UsageError(
    `option ${name} of ${owner} is ${apart}a whole number from ${min} to ${max} on ${nodeCount} nodes, not ${options[name]}`,
  );
}

function checkMeaning(specs: Specs, owner: string, options: Options): void {
  for (const [name, { default: usual, only = {} }] of Object.entries(specs)) {
    if ((options[name] ?? usual) === usual) continue;
    for (const [other, value] of Object.entries(only)) {
      if ((options[other] ?? specs[other]?.default) === value) continue;
      throw new UsageError(
        `option ${name} of ${owner} means something with ${other}=${value} only: set that, too, or leave ${name} out`,
      );
    }
  }
}
