/**
 * A register whose reads may return any of the last k values: what k-atomicity compares a history
 * with. The start counts as a write. Values are numbers; `UNREAD` stands for all that no read returns,
 * so that they are one state. `k` = 1 is the ordinary register.
 */

import type { Call, Model } from "../linearizability/model.js";

export const UNREAD = -1;

type Recent = readonly number[];

/** Names for the codes of `ObjectView.f`. */
export const functions = ["read", "write"] as const;

export function recentValues(k: number): Model<Recent> {
  return {
    name: `the last ${k} values`,
    init: (init) => (typeof init === "number" ? [init] : []),
    step(recent, { f, input, output }: Call) {
      if (f === "read") return recent.includes(output as number) ? recent : undefined;
      return [...recent, input as number].slice(-k);
    },
    key: (recent) => recent.join(),
    role: ({ f }) => (f === "read" ? "read" : "update"),
    label: ({ f, input, output }) => (f === "read" ? `read ${output}` : `write ${input}`),
  };
}
