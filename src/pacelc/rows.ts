/**
 * The rows of the table: a system as it is by default; and each of its options alone, and each of its
 * other sizes of the cluster, where that makes another class. An option is tried with its values, or the
 * ends of its range where that counts nodes.
 */

import type { System } from "../../systems/index.js";
import { senseless } from "../controller/option-sense.js";
import type { OptionValue } from "../hosts/ts/node.js";
import { type Classified, classify } from "./classify.js";
import { type Figures, measure } from "./measure.js";
import type { Configuration } from "./scenes.js";

/** Ranges that go further count something else than nodes. */
const NODES_MAX = 100;

/** Workloads of those whose reads return what one write wrote: not of siblings, counters or sets. */
const REGISTERS = ["kv", "register", "convergence"];

type Options = { readonly [name: string]: OptionValue };

export interface PacelcRow extends Figures, Classified {
  system: string;
  /** What is not as by default. */
  options: Options;
  nodes: number;
}

export interface PacelcQuestion {
  seed: number;
  nodes?: number;
  options: Options;
  bugs: readonly string[];
  /** Measuring ends early when it aborts: with the rows that are complete. */
  signal?: AbortSignal;
}

/** Is it a store whose reads and writes are those of registers? */
export function isMeasurable(system: System): boolean {
  const nodes = system.nodeCounts[0] ?? 1;
  const { operations } = system.service(defaultsOf(system), nodes);
  const registers = system.workloads.some((name) => REGISTERS.includes(name));
  return registers && operations.includes("read") && operations.includes("write");
}

/**
 * The system as asked for; where neither options nor nodes were, the others that make another class, too.
 * @throws UsageError for what the system does not have.
 */
export async function rowsOf(system: System, question: PacelcQuestion): Promise<PacelcRow[]> {
  const { options, bugs } = question;
  const nodes = question.nodes ?? system.nodeCounts[0] ?? 1;
  const first = await rowOf({ system, nodes, options, bugs }, question);
  if (first === undefined) return [];
  const rows = [first];
  if (Object.keys(options).length > 0) return rows;
  const sizes = question.nodes === undefined ? system.nodeCounts.slice(1) : [];
  const others = [
    ...variations(system, nodes).map((other) => ({ system, nodes, options: other, bugs })),
    ...sizes.map((size) => ({ system, nodes: size, options, bugs })),
  ];
  for (const other of others) {
    const row = await rowOf(other, question);
    if (row !== undefined && row.class !== first.class) rows.push(row);
  }
  return rows;
}

/** One configuration; undefined once the signal has aborted. */
export async function rowOf(
  configuration: Configuration,
  { seed, signal }: Pick<PacelcQuestion, "seed" | "signal">,
): Promise<PacelcRow | undefined> {
  const { system, options, nodes } = configuration;
  const figures = await measure(configuration, seed, signal);
  if (figures === undefined) return undefined;
  return { system: system.name, options, nodes, ...classify(figures), ...figures };
}

/** Each option alone at another value than its own, where that makes sense on so many nodes. */
function variations(system: System, nodes: number): Options[] {
  return Object.entries(system.options).flatMap(([name, spec]) => {
    const { values, range, default: usual } = spec;
    const ends = range !== undefined && range[1] <= NODES_MAX ? [1, nodes] : [];
    const tried = values ?? (typeof usual === "boolean" ? [!usual] : ends);
    return tried
      .filter((value) => value !== usual)
      .map((value) => ({ [name]: value }))
      .filter((options) => sensible(system, options, nodes));
  });
}

function sensible(system: System, options: Options, nodes: number): boolean {
  const all = { ...defaultsOf(system), ...options };
  const { operations } = system.service(all, nodes);
  const offered = operations.includes("read") && operations.includes("write");
  return offered && senseless(system.options, all, nodes) === undefined;
}

function defaultsOf({ options }: System): { [name: string]: OptionValue } {
  return Object.fromEntries(Object.entries(options).map(([name, spec]) => [name, spec.default]));
}
