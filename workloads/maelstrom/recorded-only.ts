/** For workloads whose histories are kept for other tools: says what was recorded, judges nothing. */

import type { Checker } from "../../checkers/index.js";

export const recordedOnly: Checker = {
  name: "recorded-only",
  summary: "no judgement: the history is recorded for other tools",
  check: ({ operations }) => {
    const ok = operations.filter(({ outcome }) => outcome === "ok").length;
    const note = "the history was recorded and not judged; only the conduct of the nodes was";
    return { valid: true, anomalies: [], notes: { note, operations: operations.length, ok } };
  },
};
