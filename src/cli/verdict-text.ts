/** A verdict on a recorded history, as a person reads it. */

import type { Verdict } from "../../checkers/index.js";
import { isJsonObject, type Json, type JsonObject } from "../base/json.js";
import type { Told } from "../check/stories.js";
import type { StrongestModels } from "../check/strongest.js";
import type { Terminal } from "./terminal.js";

/** Events of an anomaly that are listed. */
const EVENTS_MAX = 40;
/** Keys that replicas agreed on that are listed. */
const AGREED_MAX = 8;

export interface TellableVerdict {
  file: string;
  valid: Verdict["valid"];
  model: string;
  anomalies: readonly Told[];
  ops: number;
  reason?: string;
  notes?: Verdict["notes"];
}

export function tellVerdict(terminal: Terminal, judged: TellableVerdict): void {
  const { paint } = terminal;
  const { file, valid, model, anomalies, ops, reason, notes = {} } = judged;
  const verdict =
    valid === "unknown"
      ? paint.yellow("unknown")
      : valid
        ? paint.green("valid")
        : paint.red("INVALID");
  const source = file === "-" ? "standard input" : file;
  const more = [staleness(notes), reason].filter((part) => part !== undefined);
  const { carried } = notes;
  if (isJsonObject(carried)) {
    const { about, verified } = carried;
    more.push(
      verified === true
        ? `the certificate it carries (${about}) holds`
        : `the certificate it carries (${about}) does NOT hold: ${verified}`,
    );
  }
  const head = `${source}: ${verdict}: ${model}${typeIn(notes)}, ${count(ops, "operation")}`;
  terminal.say([head, ...more].join(": "));
  for (const anomaly of anomalies) tellAnomaly(terminal, anomaly);
  const { staleness: lag } = notes;
  if (isJsonObject(lag)) terminal.say(`  reads are stale by ${staleness(lag)}`);
  for (const line of memoryLines(notes)) terminal.say(`  ${line}`);
  if (typeof notes["minimal"] === "string") {
    terminal.say(paint.yellow(`  there may be a smaller part: ${notes["minimal"]}`));
  }
  const violated = notes["violated"];
  if (typeof violated === "number" && violated > anomalies.length) {
    terminal.say(`  and ${count(violated - anomalies.length, "more object")}`);
  }
}

/** What cannot hold together of the guarantees of a session, and what replicas agreed on. */
function memoryLines({ cannotHoldTogether, agreed }: NonNullable<Verdict["notes"]>): string[] {
  const lines: string[] = [];
  if (isJsonObject(cannotHoldTogether)) {
    const { every } = cannotHoldTogether;
    const sets = Array.isArray(every) ? (every as string[][]) : [];
    for (const set of sets) {
      const what = set.length === 1 ? "does not hold" : "cannot hold together";
      lines.push(`${set.join(" and ")} ${what}, in either reading`);
    }
  }
  if (isJsonObject(agreed)) {
    const keys = Object.entries(agreed).slice(0, AGREED_MAX);
    const shown = keys.map(([key, it]) => `${key} = ${isJsonObject(it) ? it["on"] : it}`);
    if (shown.length > 0) lines.push(`agreed on ${shown.join(", ")}`);
  }
  return lines;
}

/** Which models hold: the strongest by name, the others as many. */
export function tellStrongest(
  terminal: Terminal,
  {
    file,
    ops,
    strongest,
    satisfied,
    violated,
    undecided,
  }: StrongestModels & { file: string; ops: number },
): void {
  const { paint } = terminal;
  const source = file === "-" ? "standard input" : file;
  const best = strongest.length === 0 ? "no model of the lattice" : strongest.join(", ");
  terminal.say(`${source}: ${paint.green(best)}: ${count(ops, "operation")}`);
  const weaker = satisfied.filter((model) => !strongest.includes(model));
  if (weaker.length > 0) terminal.say(`  holds, too: ${weaker.join(", ")}`);
  for (const { model, anomalies } of violated) {
    terminal.say(`  ${paint.red(model)} is ruled out by ${anomalies.join(", ")}`);
  }
  for (const { model, reason } of undecided) {
    terminal.say(`  ${paint.yellow(model)} was not decided: ${reason}`);
  }
}

function tellAnomaly(terminal: Terminal, anomaly: Told): void {
  const { paint } = terminal;
  terminal.say(`  ${paint.red(anomaly.type)}: ${anomaly.message}`);
  if (anomaly.explanation !== undefined) {
    terminal.say(indented(anomaly.explanation));
    if (typeof anomaly.certified === "string") {
      terminal.say(
        paint.yellow(`    not shown by a part of the history alone: ${anomaly.certified}`),
      );
    }
  }
  if (anomaly.timeline === undefined) {
    if (anomaly.ops.length > 0) terminal.say(paint.dim(`    events ${some(anomaly.ops)}`));
    return;
  }
  if (anomaly.brokenAt !== undefined && anomaly.brokenAt > 0) {
    const events =
      anomaly.key === undefined ? `the ${count(anomaly.brokenAt, "event")}` : "its events";
    const are = anomaly.key === undefined && anomaly.brokenAt === 1 ? "is" : "are";
    terminal.say(`    ${events} before event ${anomaly.brokenAt} ${are} linearizable`);
  }
  terminal.say(indented(anomaly.timeline));
  if (anomaly.page !== undefined) terminal.say(paint.dim(`    page: ${anomaly.page}`));
}

/** Nobody reads thousands of them. */
function some(events: readonly number[]): string {
  const shown = events.slice(0, EVENTS_MAX).join(", ");
  return events.length > EVENTS_MAX ? `${shown} and ${events.length - EVENTS_MAX} more` : shown;
}

/** "1 operation", "2 operations" */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** "histories" for any number but one. */
export function histories(number: number): string {
  return number === 1 ? "1 history" : `${number} histories`;
}

function typeIn(notes: { [name: string]: Json }): string {
  if (typeof notes["type"] !== "string") return "";
  return ` as ${notes["type"]}${notes["inferred"] === true ? " (inferred)" : ""}`;
}

/** The smallest k and Delta that explain the history, where they were looked for. */
function staleness({ k, deltaNs }: JsonObject): string | undefined {
  if (k === undefined && deltaNs === undefined) return undefined;
  return `k = ${bounds(k)}, Delta = ${bounds(deltaNs)} ns`;
}

/** A number, or the interval in which it lies. */
function bounds(value: Json | undefined): string {
  if (!isJsonObject(value)) return String(value ?? "unknown");
  const { atLeast, atMost } = value;
  return atMost === undefined || atMost === null
    ? `at least ${atLeast}`
    : `${atLeast} to ${atMost}`;
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}`.trimEnd())
    .join("\n");
}
