/** What people read of `pacelc`: a row for each configuration, and the rules below. */

import type { Validity } from "../../checkers/index.js";
import { AVAILABLE } from "../pacelc/classify.js";
import { method, type Shares } from "../pacelc/measure.js";
import type { PacelcRow } from "../pacelc/rows.js";
import { tabulate } from "./terminal.js";

const HEADS = [
  "system",
  "with",
  "class",
  "minority",
  "majority",
  "linearizable",
  "read",
  "write",
  "",
];

export function pacelcText(rows: readonly PacelcRow[]): string {
  const lines = rows.map(({ system, options, partition, else: whole, class: name }) => [
    system,
    Object.entries(options)
      .map(([option, value]) => `${option}=${value}`)
      .join(" ") || "-",
    name,
    shares(partition.availability.minority),
    shares(partition.availability.majority),
    `${said(partition.consistent)} / ${said(whole.consistent)}`,
    delays(whole.latencyMs.read),
    delays(whole.latencyMs.write),
    "",
  ]);
  const { oneWayMs, timeoutMs } = method;
  return [
    tabulate(HEADS, lines),
    "",
    `minority, majority: reads and writes answered within ${timeoutMs} ms on either side of a partition`,
    "linearizable: what was answered in the partition / without one",
    `read, write: median latency without a partition, in one-way delays d = ${oneWayMs} ms`,
    `PA: both sides answer at least ${AVAILABLE * 100} % of both, else PC; EC: linearizable without a partition, else EL`,
  ].join("\n");
}

function shares({ read, write }: Shares): string {
  return `${percent(read)} r, ${percent(write)} w`;
}

function percent(share: number | null): string {
  return share === null ? "-" : `${Math.round(share * 100)} %`;
}

function delays(ms: number | null): string {
  return ms === null ? "-" : `${(ms / method.oneWayMs).toFixed(1)} d`;
}

function said(validity: Validity): string {
  if (validity === "unknown") return "unknown";
  return validity ? "yes" : "no";
}
