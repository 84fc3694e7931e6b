/**
 * Whether some order of the versions has no G-cursor: nobody who reads a version and writes the key
 * lets another version come between the two. That is the question whether orders can be chosen so
 * that ww, wr and the rw edges of those who update what they read form no cycle, so it is put
 * to the solver: exact, or unknown when its budget ends.
 */

import { edgeKinds } from "../dependencies.js";
import { whose } from "../describe.js";
import type { Finding } from "../findings.js";
import { solveGraph } from "../solver/solve.js";
import { deed } from "./anomalies.js";
import { graphOf, type KnownOrder } from "./graph.js";
import type { Readings } from "./readings.js";
import { stepOf } from "./steps.js";
import type { RegisterVersions } from "./versions.js";

export function judgeCursors(
  versions: RegisterVersions,
  readings: Readings,
  known: KnownOrder,
): true | Finding[] | "unknown" {
  const graph = graphOf(versions, readings, known, "updates");
  const decision = solveGraph(graph, { form: "any", order: "data" });
  if (decision.holds === "unknown") return "unknown";
  if (decision.holds) return true;
  const { transactions } = versions;
  return decision.cycles.flatMap(({ edges }): Finding[] => {
    const cause = edges.find(({ kind }) => kind === edgeKinds.rw);
    if (cause === undefined) return [];
    const { key, from, to, value, next, fromMicro, toMicro } = stepOf(versions, cause);
    const others = edges.map((edge) => edge.from).filter((t) => t !== from && t !== to);
    return [
      {
        type: "G-cursor",
        ...(key === undefined ? {} : { key }),
        transactions: [from, to, ...others],
        micros: [fromMicro!, toMicro!],
        values: [value!, next!],
        message: `${whose(transactions, from)} ${deed(transactions, fromMicro!)} and then wrote it, but ${whose(transactions, to)} ${deed(transactions, toMicro!)} in between, whatever the order of the versions`,
      },
    ];
  });
}
