/** A shrunk plan told to people: how much is gone, what is left, and why no less will do. */

import { plannedRequest } from "../explain/words.js";
import type { Fault, Target } from "../plan/fault.js";
import type { PlannedOperation } from "../plan/plan.js";
import type { Counts, Removal, Shrunk } from "../shrink/index.js";
import { anomaliesOf } from "../store/summary.js";
import { type Terminal, tabulate } from "./terminal.js";

interface Told {
  shrunk: Shrunk;
  before: Counts;
  after: Counts;
  /** Of the case that was given. */
  seedBefore: number;
  out: string;
  wallMs: number;
}

const OPERATIONS_SHOWN = 20;

export function tellShrunk(terminal: Terminal, told: Told): void {
  const { paint } = terminal;
  const { shrunk, before, after, seedBefore, out, wallMs } = told;
  const { execution, mark, complete, flaky } = shrunk;
  const { plan } = execution;
  const seconds = (wallMs / 1000).toFixed(1);
  terminal.say(`${paint.bold(mark.group)}: ${count(mark.runs, "run")} in ${seconds} s`);
  const sizes = (["faults", "operations", "nodes", "clients"] as const).map((what) => [
    what,
    String(before[what]),
    String(after[what]),
  ]);
  terminal.say(tabulate(["", "before", "after"], sizes));
  if (plan.seed !== seedBefore) {
    terminal.say(`at seed ${plan.seed} instead of ${seedBefore}: there it fails with less`);
  }
  if (plan.faults.length > 0) terminal.say("faults left:");
  for (const fault of plan.faults) terminal.say(`  ${faultText(fault)}`);
  if (plan.operations.length > 0) terminal.say("operations left:");
  for (const operation of plan.operations.slice(0, OPERATIONS_SHOWN)) {
    terminal.say(`  ${operationText(operation)}`);
  }
  const more = plan.operations.length - OPERATIONS_SHOWN;
  if (more > 0) terminal.say(`  … and ${more} more`);
  for (const { anomaly } of anomaliesOf(execution.results).slice(0, 1)) {
    terminal.say(`${paint.red(anomaly.type)}: ${anomaly.message}`);
  }
  terminal.say(
    complete
      ? proofText(shrunk.proof)
      : paint.yellow("stopped before the end: less may do (shrink the new case to go on)"),
  );
  if (flaky > 0) {
    terminal.say(
      paint.yellow(
        `${flaky} candidates failed one time and not another: two of three runs decided`,
      ),
    );
  }
  terminal.say(`replay: npx faultline replay ${out}`);
}

/** The proof in one line. */
export function proofText(proof: readonly Removal[]): string {
  const faults = proof.filter(({ what }) => what === "fault").length;
  const operations = proof.length - faults;
  const counted = [
    ...(faults > 0 ? [count(faults, "fault")] : []),
    ...(operations > 0 ? [count(operations, "operation")] : []),
  ];
  const otherwise = proof.filter(({ signature }) => signature !== null).length;
  const other =
    otherwise === 0
      ? "it does not fail"
      : `it does not fail in this way (${otherwise} fail in another)`;
  if (counted.length === 0) return "minimal: it fails without any fault or operation";
  return `minimal: each of ${counted.join(" and ")} is needed: without it, ${other}`;
}

/** `1 fault`, `2 faults`. */
export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function operationText(operation: PlannedOperation): string {
  const { client, node, atUs } = operation;
  return `${inMs(atUs)} client ${client} at ${node}: ${plannedRequest(operation)}`;
}

function faultText(fault: Fault): string {
  const { id: _, kind, atUs, untilUs, on, ...rest } = fault;
  const details = Object.entries(rest).flatMap(([name, value]) => {
    if (name === "shape" || value === undefined || value === false) return [];
    return [`${name} ${detailText(value)}`];
  });
  const moment = on === undefined ? "" : ` at ${on.moment} number ${on.nth}`;
  return `${inMs(atUs)} to ${inMs(untilUs)} ${kind}${moment} ${details.join(", ")}`;
}

function detailText(value: number | boolean | Target | string[] | string[][] | number[]): string {
  if (Array.isArray(value)) {
    return value.map((part) => (Array.isArray(part) ? part.join("+") : part)).join(" ");
  }
  if (typeof value === "object") return `the ${value.role} or ${value.else}`;
  return String(value);
}

function inMs(us: number): string {
  return `${us / 1000} ms`;
}
