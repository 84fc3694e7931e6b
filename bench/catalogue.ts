/**
 * The facts of four pages, as what there is declares them: of each system in docs/catalogue.md, below its
 * prose; the settings in docs/workloads.md; every checker and anomaly in docs/checkers.md; the nemeses in
 * docs/faults.md.
 *
 *     npm run bench -- catalogue
 */

import { readFileSync, writeFileSync } from "node:fs";
import { anomalies, checkers } from "../checkers/index.js";
import { nemeses } from "../nemeses/index.js";
import type { OptionValue } from "../src/hosts/ts/node.js";
import { type OptionSpec, type System, systems } from "../systems/index.js";
import { maelstromWorkloads, workloads } from "../workloads/index.js";

const FACTS = "| | |\n|---|---|\n";
/** Options with more values than that, such as times, are not tried one by one. */
const TRIED_MAX = 100;

type Options = { [name: string]: OptionValue };

export function catalogueBench(): Promise<void> {
  for (const [page, facts] of Object.entries(pages)) {
    writeFileSync(page, facts(readFileSync(page, "utf8")));
  }
  return Promise.resolve();
}

/** Each page, and what brings its facts up to date. */
export const pages: { readonly [page: string]: (text: string) => string } = {
  "docs/catalogue.md": withFacts,
  "docs/workloads.md": (text) => withTable(text, "Settings", SETTINGS, settings()),
  "docs/checkers.md": (text) =>
    withTable(
      withTable(text, "Checkers", NAMED, summaries(checkers)),
      "Anomalies",
      NAMED,
      summaries(anomalies),
    ),
  "docs/faults.md": (text) => withTable(text, "Nemeses", NEMESES, nemesisRows()),
};

const SETTINGS = "| setting | of | values | default | |\n|---|---|---|---|---|\n";
const NEMESES = "| nemesis | faults | |\n|---|---|---|\n";
const NAMED = "| name | |\n|---|---|\n";

/** The page with these rows in place of those of the table that ends the section of that title. */
function withTable(page: string, title: string, head: string, rows: string): string {
  const sections = page.split(/^(?=## )/m).map((section) => {
    if (!section.startsWith(`## ${title}\n`)) return section;
    const [prose = ""] = section.split(head);
    return `${prose.trimEnd()}\n\n${head}${rows}\n`;
  });
  return `${sections.join("").trimEnd()}\n`;
}

function summaries(all: ReadonlyMap<string, { name: string; summary: string }>): string {
  return [...all.values()].map(({ name, summary }) => `| \`${name}\` | ${summary} |\n`).join("");
}

function nemesisRows(): string {
  return [...nemeses.values()]
    .map(({ name, kinds, summary }) => `| \`${name}\` | ${names(kinds)} | ${summary} |\n`)
    .join("");
}

/** Workloads that have the same setting share a row. */
function settings(): string {
  const rows = new Map<string, { name: string; of: Set<string>; rest: string }>();
  for (const workload of [...workloads.values(), ...maelstromWorkloads.values()]) {
    for (const [name, spec] of Object.entries(workload.options ?? {})) {
      const rest = `${settingValues(spec)} | ${settingDefault(spec)} | ${spec.summary}`;
      const row = rows.get(`${name} ${rest}`) ?? { name, of: new Set<string>(), rest };
      rows.set(`${name} ${rest}`, { ...row, of: row.of.add(workload.name) });
    }
  }
  const all = [...rows.values()];
  return all
    .map(({ name, of, rest }) => `| \`${name}\` | ${names([...of])} | ${rest} |\n`)
    .join("");
}

/** Models are too many for a cell. */
function settingValues(spec: OptionSpec): string {
  return (spec.values?.length ?? 0) > 10 ? "see `faultline list models`" : allowed(spec);
}

function settingDefault({ default: usual }: OptionSpec): string {
  if (usual === "") return "empty";
  return String(usual).includes("\n") ? "the shape SB" : `\`${usual}\``;
}

/** The page with the facts of today below the prose of each system that has a section. */
export function withFacts(page: string): string {
  const sections = page.split(/^(?=#{2,3} )/m).map((section) => {
    const [, name = ""] = /^### `([^`]+)`/.exec(section) ?? [];
    const system = systems.get(name);
    if (system === undefined) return section;
    const [prose = ""] = section.split(FACTS);
    return `${prose.trimEnd()}\n\n${factsOf(system)}\n`;
  });
  return `${sections.join("").trimEnd()}\n`;
}

function factsOf(system: System): string {
  const { nodeCounts, workloads, invariants, bugs } = system;
  const rows: [string, string][] = [
    ["promises", promises(system)],
    ["operations", names(system.service(defaults(system), nodeCounts[0] ?? 1).operations)],
    ["survives", survived(system)],
    ["serves again", recovery(system)],
    ["nodes", nodeCounts.join(", ")],
    ["workloads", names(workloads)],
    ["judged, too", names(invariants)],
    ["bugs", names(Object.keys(bugs))],
  ];
  const facts = rows.flatMap(([what, told]) => (told === "" ? [] : [`| ${what} | ${told} |\n`]));
  return `${FACTS}${facts.join("")}${options(system)}`;
}

/** What it promises by default, and each option alone that makes it another promise. */
function promises(system: System): string {
  const nodes = system.nodeCounts[0] ?? 1;
  const usual = system.service(defaults(system), nodes);
  const told = ({ consistency, sticky }: typeof usual): string =>
    `\`${consistency}\`${sticky === undefined ? "" : `, to sessions that stay \`${sticky}\``}`;
  const others = variations(system, (set) => {
    const service = system.service(set, nodes);
    const missing = usual.operations.filter((f) => !service.operations.includes(f));
    return `${told(service)}${missing.length === 0 ? "" : ` without ${names(missing)}`}`;
  });
  return [told(usual), ...others].join("; ");
}

function survived({ nodeCounts, survives, driftPpmMax, beyond }: System): string {
  const counted = (of: ((nodes: number) => number) | undefined, what: string): string[] =>
    of === undefined ? [] : [`${what}: ${nodeCounts.map((n) => `${of(n)} of ${n}`).join(", ")}`];
  const kinds = survives?.kinds ?? [];
  const all = [
    "the usual",
    ...(driftPpmMax === undefined ? [] : [`clocks that drift by ${driftPpmMax / 10_000} %`]),
    ...counted(survives?.down, "nodes down at most"),
    ...counted(survives?.wiped, "nodes wiped in a run"),
    ...counted(survives?.byzantine, "nodes that lie"),
    ...(kinds.length === 0 ? [] : [names(kinds)]),
    ...(survives?.membership ? ["nodes that leave and join"] : []),
    ...(survives?.timing === undefined ? [] : [`only where links are ${survives.timing}`]),
  ];
  const held = new Map<string, string[]>();
  for (const [excess, what] of Object.entries(beyond ?? {})) {
    held.set(names(what), [...(held.get(names(what)) ?? []), excess]);
  }
  const still = [...held].map(
    ([what, excesses]) => `beyond that, by ${names(excesses)}, still ${what}`,
  );
  return [all.join(", "), ...still].join("; ");
}

function recovery(system: System): string {
  const { nodeCounts, recovery } = system;
  if (recovery === undefined) return "within 10 s, once all nodes are healthy";
  const { core, withinMs } = recovery;
  const told = (set: Options): string => {
    const ms = typeof withinMs === "function" ? withinMs(set) : withinMs;
    const cores = nodeCounts.map((nodes) => `${core(nodes, set)} of ${nodes}`);
    return `within ${ms / 1000} s, once ${cores.join(" or ")} are healthy`;
  };
  return [told(defaults(system)), ...variations(system, told)].join("; ");
}

/** Of each option that alone changes what is told: its value, and what is told then. */
function variations(system: System, tell: (set: Options) => string): string[] {
  const usual = defaults(system);
  return Object.entries(system.options).flatMap(([name, spec]) => {
    const told = new Map<string, string[]>();
    for (const value of valuesOf(spec, system.nodeCounts[0] ?? 1)) {
      const text = tell({ ...usual, [name]: value });
      if (text !== tell(usual)) told.set(text, [...(told.get(text) ?? []), `\`${name}=${value}\``]);
    }
    return [...told].map(([text, values]) => `with ${values.join(" or ")} ${text}`);
  });
}

function valuesOf({ values, range, default: usual }: OptionSpec, nodes: number) {
  if (values !== undefined) return values;
  if (typeof usual === "boolean") return [true, false];
  return range !== undefined && range[1] <= TRIED_MAX
    ? Array.from({ length: nodes }, (_, i) => i + 1)
    : [];
}

function options(system: System): string {
  const rows = Object.entries(system.options).map(
    ([name, spec]) =>
      `| \`${name}\` | ${allowed(spec)} | \`${spec.default}\` | ${spec.summary} |\n`,
  );
  if (rows.length === 0) return "";
  return `\n| option | values | default | |\n|---|---|---|---|\n${rows.join("")}`;
}

function allowed({ values, range, default: usual }: OptionSpec): string {
  if (values !== undefined) return names(values.map(String));
  if (typeof usual === "boolean") return names(["true", "false"]);
  return range === undefined ? `any ${typeof usual}` : `${range[0]} to ${range[1]}`;
}

function defaults({ options }: System): Options {
  return Object.fromEntries(Object.entries(options).map(([name, spec]) => [name, spec.default]));
}

function names(all: readonly string[]): string {
  return all.map((name) => `\`${name}\``).join(" ");
}
