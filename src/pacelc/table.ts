/** The figures of a row as cells of a table, for the terminal and for the page. */

import type { Consistency, Shares } from "./measure.js";
import type { PacelcRow } from "./rows.js";

export const heads = [
  "system",
  "with",
  "class",
  "cut: minority",
  "cut: majority",
  "cut: answers",
  "whole: read",
  "whole: write",
  "whole: answers",
] as const;

export function cellsOf(row: PacelcRow): string[] {
  const { system, options, nodes, partition, else: whole } = row;
  const set = Object.entries(options).map(([option, value]) => `${option}=${value}`);
  return [
    system,
    [`${nodes} nodes`, ...set].join(", "),
    row.class,
    shares(partition.availability.minority),
    shares(partition.availability.majority),
    said(partition),
    latency(whole.latencyMs.read),
    latency(whole.latencyMs.write),
    said(whole),
  ];
}

function shares({ read, write }: Shares): string {
  return `${percent(read)} / ${percent(write)}`;
}

function percent(share: number | null): string {
  return share === null ? "-" : `${Math.round(share * 100)} %`;
}

function latency(ms: number | null): string {
  return ms === null ? "-" : `${ms.toFixed(1)} ms`;
}

function said({ consistent, staleReads }: Consistency): string {
  if (consistent === "unknown") return "unknown";
  if (consistent) return "linearizable";
  if (staleReads === null || staleReads === 0) return "not linearizable";
  return staleReads < 0.005 ? "< 0.5 % stale" : `${percent(staleReads)} stale`;
}
