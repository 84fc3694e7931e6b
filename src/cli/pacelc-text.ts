/** What people read of `pacelc`: a row for each configuration, and the rules below. */

import { AVAILABLE } from "../pacelc/classify.js";
import { method } from "../pacelc/method.js";
import type { PacelcRow } from "../pacelc/rows.js";
import { cellsOf, heads } from "../pacelc/table.js";
import { tabulate } from "./terminal.js";

export function pacelcText(rows: readonly PacelcRow[]): string {
  const { oneWayMs, timeoutMs } = method;
  return [
    tabulate(heads, rows.map(cellsOf)),
    "",
    `cut: in a partition, reads / writes answered within ${timeoutMs} ms on either side`,
    `whole: without one, median latencies; nodes are ${oneWayMs} ms apart`,
    "answers: linearizable (no run with this seed shows otherwise), or the share of reads stale for certain",
    `PA: both sides answer ${AVAILABLE * 100} % of both, or linearizability is lost with the partition; else PC`,
    "EC: linearizable without a partition; else EL",
  ].join("\n");
}
