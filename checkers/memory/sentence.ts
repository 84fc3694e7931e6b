/**
 * A violation in words: what each process did, in the order of the argument, and what is wrong with it.
 * "process 1 wrote x = 1; process 2 read it and then wrote y = 2; process 3 read that and then read
 * x = nil: …".
 */

import { type Columns, NO_KEY, operationAt, outcomes } from "../../histories/columns.js";
import { type Json, jsonEquals } from "../../src/base/json.js";
import { keyName, show } from "../describe.js";
import { type Accesses, kinds, THIN_AIR } from "./accesses.js";
import type { Relation, Step, Violation } from "./decision.js";

export interface Subject {
  columns: Columns;
  accesses: Accesses;
}

/** One sentence about a violation. */
export function sentence(subject: Subject, violation: Violation, what: string): string {
  const { path, type, view } = violation;
  if (path.length === 0) {
    if (type === "ThinAirRead" || type === "aborted-read") return thinAir(subject, violation);
    return `${processes(subject)} did what ${what} cannot explain in any order`;
  }
  const seenBy = view === undefined ? "" : `, as ${processOf(subject, path, view)} saw it`;
  return `${narrative(subject, told(path))}: ${verdicts[type] ?? circle(path, what)}${seenBy}`;
}

const verdicts: { readonly [type: string]: string } = {
  WriteCORead: "that value was overwritten before, as the reader could know",
  WriteCOInitRead: "the key had been written before, as the reader could know",
  CyclicCO: "each of these comes before the next, and the last before the first",
  CyclicCF: "no one order of conflicting writes agrees with all reads",
  CyclicHB: "no one order of the writes explains all that this session read",
  WriteHBInitRead: "no order of the writes leaves the key unwritten at that read",
};

function circle(path: readonly Step[], what: string): string {
  const isClosed = path[0]!.from === path.at(-1)!.to;
  return isClosed
    ? `under ${what} each of these comes before the next, and the last before the first`
    : `${what} forbids that`;
}

/** A circle is best told from a write on, up to the read that missed it. */
function told(path: readonly Step[]): readonly Step[] {
  if (path[0]!.from !== path.at(-1)!.to) return path;
  const missed = path.findIndex(({ relation }) => relation === "replaced");
  return [...path.slice(missed + 1), ...path.slice(0, missed + 1)];
}

function narrative(subject: Subject, path: readonly Step[]): string {
  const { session } = subject.accesses;
  let text = phrase(subject, path[0]!.from);
  let at = path[0]!.from;
  for (const step of path) {
    // A path may have a second part that begins elsewhere.
    if (step.from !== at) text += `; ${phrase(subject, step.from)}`;
    const isOwn = session[step.from] === session[step.to];
    text += joined(subject, step, isOwn);
    at = step.to;
  }
  return text;
}

function joined(subject: Subject, step: Step, isOwn: boolean): string {
  const { relation, to } = step;
  switch (relation) {
    case "session":
      return ` and then ${deed(subject, to)}`;
    case "reads-from":
      if (isOwn) return ` and then ${deed(subject, to)}`;
      return `; ${processName(subject, to)} saw that: it ${deed(subject, to)}`;
    case "overwrites": {
      const seer = seerOf(subject, step);
      const as = seer === undefined ? "" : `, as process ${seer} saw it,`;
      return `; after that${as} ${phrase(subject, to)}`;
    }
    case "replaced":
      return `, which was before ${phrase(subject, to)}`;
    case "causes":
      return `; knowing of that, ${phrase(subject, to)}`;
  }
}

function thinAir(subject: Subject, { accesses: involved }: Violation): string {
  const { accesses, columns } = subject;
  const read =
    involved.find((access) => accesses.source[access] === THIN_AIR) ??
    accesses.source.indexOf(THIN_AIR);
  const failed = failedWriter(columns, accesses.operation[read]!);
  const origin =
    failed === undefined
      ? "a value that nobody wrote"
      : `a value that only process ${columns.process[failed]} tried to write, and failed`;
  return `${phrase(subject, read)}, ${origin}`;
}

/** The operation that failed to write what this one read; undefined without one. */
export function failedWriter(columns: Columns, reader: number): number | undefined {
  const { size, outcome, key, functions, f } = columns;
  const seen = valueRead(columns, reader);
  for (let i = 0; i < size; i++) {
    if (outcome[i] !== outcomes.fail || key[i] !== key[reader]) continue;
    const written = writtenBy(functions[f[i]!]!, columns.values.value(columns.input[i]!));
    if (written !== undefined && jsonEquals(written, seen)) return i;
  }
  return undefined;
}

function writtenBy(f: string, input: Json): Json | undefined {
  if (f === "read" || f === "get" || f === "fence") return undefined;
  return Array.isArray(input) && (f === "cas" || f === "compare-and-set") ? input[1] : input;
}

function valueRead(columns: Columns, i: number): Json {
  const { functions, f, input, output, values } = columns;
  const name = functions[f[i]!]!;
  const isCas = name === "cas" || name === "compare-and-set";
  if (isCas) return (values.value(input[i]!) as [Json, Json])[0];
  return values.value(output[i]!);
}

/** "process 3 read x = 1" */
export function phrase(subject: Subject, access: number): string {
  return `${processName(subject, access)} ${deed(subject, access)}`;
}

function processName({ columns, accesses }: Subject, access: number): string {
  return `process ${columns.process[accesses.operation[access]!]}`;
}

/** "read x = 1" */
export function deed({ columns, accesses }: Subject, access: number): string {
  const operation = operationAt(columns, accesses.operation[access]!);
  const { input, output } = operation;
  const where = columns.key[operation.id] === NO_KEY ? "" : `${keyText(operation.key!)} = `;
  switch (accesses.kind[access]) {
    case kinds.read:
      return `read ${where}${show(output)}`;
    case kinds.write:
      return `wrote ${where}${show(input)}`;
    case kinds.fence:
      return "set a fence";
    default: {
      if (operation.f === "cas" || operation.f === "compare-and-set") {
        const [from, to] = input as [Json, Json];
        return `changed ${where}${show(from)} to ${show(to)}`;
      }
      const found = operation.outcome === "ok" ? show(output) : "an unknown value";
      return `swapped ${where}${found} for ${show(input)}`;
    }
  }
}

function keyText(key: Json): string {
  return keyName(key).slice("key ".length);
}

function processes({ columns, accesses }: Subject): string {
  const names = [...new Set([...accesses.operation].map((i) => columns.process[i]!))];
  const shown = names
    .sort((a, b) => a - b)
    .slice(0, 6)
    .join(", ");
  const more = names.length > 6 ? ` and ${names.length - 6} more` : "";
  return `${names.length === 1 ? "process" : "processes"} ${shown}${more}`;
}

function processOf({ columns, accesses }: Subject, path: readonly Step[], view: number): string {
  const known = path.find(({ from }) => accesses.session[from] === view)?.from;
  const access = known ?? accesses.starts[view]!;
  return `process ${columns.process[accesses.operation[access]!]}`;
}

/** The steps of a violation, a line each. */
export function stepLines(subject: Subject, { path }: Violation): string[] {
  if (path.length === 0) return [];
  return told(path).map((step) => {
    const { from, to, relation } = step;
    const seer = relation === "overwrites" ? seerOf(subject, step) : undefined;
    const why = `${reasons[relation]}${seer === undefined ? "" : `, as process ${seer} saw it`}`;
    return `${phrase(subject, from)} < ${phrase(subject, to)}   (${why})`;
  });
}

/** A process that saw that one write came after the other, or did both; undefined where it follows otherwise. */
function seerOf({ columns, accesses }: Subject, { from, to }: Step): number | undefined {
  const { sessions, starts, source, operation } = accesses;
  for (let s = 0; s < sessions; s++) {
    let isSeen = false;
    for (let access = starts[s]!; access < starts[s + 1]!; access++) {
      if (isSeen && (access === to || source[access] === to))
        return columns.process[operation[access]!];
      isSeen ||= access === from || source[access] === from;
    }
  }
  return undefined;
}

const reasons: { readonly [relation in Relation]: string } = {
  session: "earlier in its session",
  "reads-from": "read from it",
  overwrites: "written before it",
  replaced: "read before it was replaced",
  causes: "known to it",
};
