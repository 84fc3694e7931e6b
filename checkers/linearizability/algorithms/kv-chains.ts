/**
 * Chains of compare-and-sets (cas-chains.ts) for a key of a key-value store, where a read that found
 * nothing may answer null or "". As long as only one of the two can have been there, that is what it
 * found. Appends are left to the search.
 */

import { NULL_ID } from "../../../histories/values.js";
import type { Algorithm } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { casChains } from "./cas-chains.js";
import { effectsOf, READ } from "./reads-from.js";

const UNCLEAR = 'a read of "" may have found null or ""';

export const kvChains: Algorithm = {
  ...casChains,
  examine(view) {
    const plain = withPlainReads(view);
    if (plain === undefined) return { valid: "not-applicable", why: UNCLEAR };
    return casChains.examine(plain);
  },
  linearize(view) {
    const plain = withPlainReads(view);
    if (plain === undefined) throw new RangeError(`no chains here: ${UNCLEAR}`);
    return casChains.linearize(plain);
  },
};

/** Undefined when both null and "" may have been there and a read answered "". */
function withPlainReads(view: ObjectView): ObjectView | undefined {
  const { f, output, init, values } = view;
  const empty = values.find("");
  if (empty === undefined || !output.some((answer, i) => f[i] === READ && answer === empty)) {
    return view;
  }
  const installs = effectsOf(view)?.installs;
  const isThere = (value: number) => init === value || installs?.includes(value) === true;
  if (!isThere(NULL_ID)) return view;
  if (isThere(empty)) return undefined;
  return {
    ...view,
    output: output.map((answer, i) => (f[i] === READ && answer === empty ? NULL_ID : answer)),
  };
}
