/**
 * The rows of the table: a system as it is by default, and each of its options alone that makes it
 * another class. An option is tried with its values, or the ends of its range where that counts nodes.
 */

import type { System } from "../../systems/index.js";
import { senseless } from "../controller/option-sense.js";
import type { OptionValue } from "../hosts/ts/node.js";
import { classOf, type PacelcClass } from "./classify.js";
import { type Configuration, type Figures, measure } from "./measure.js";

/** Ranges that go further count something else than nodes. */
const NODES_MAX = 100;

type Options = { readonly [name: string]: OptionValue };

export interface PacelcRow extends Figures {
  system: string;
  /** What is not as by default. */
  options: Options;
  nodes: number;
  class: PacelcClass;
}

export interface PacelcQuestion {
  seed: number;
  nodes?: number;
  options: Options;
  bugs: readonly string[];
}

/** Is it a store whose reads and writes are those of registers? */
export function isMeasurable(system: System): boolean {
  const nodes = system.nodeCounts[0] ?? 1;
  const { operations } = system.service(defaultsOf(system), nodes);
  const registers = system.workloads.some((name) => name === "kv" || name === "register");
  return registers && operations.includes("read") && operations.includes("write");
}

/**
 * The system as asked for; where no option was, the others that make another class, too.
 * @throws UsageError for what the system does not have.
 */
export async function rowsOf(system: System, question: PacelcQuestion): Promise<PacelcRow[]> {
  const { seed, options, bugs } = question;
  const nodes = question.nodes ?? system.nodeCounts[0] ?? 1;
  const first = await rowOf({ system, nodes, options, bugs }, seed);
  const rows = [first];
  if (Object.keys(options).length > 0) return rows;
  for (const other of variations(system, nodes)) {
    const row = await rowOf({ system, nodes, options: other, bugs }, seed);
    if (row.class !== first.class) rows.push(row);
  }
  return rows;
}

async function rowOf(configuration: Configuration, seed: number): Promise<PacelcRow> {
  const figures = await measure(configuration, seed);
  const { system, options, nodes } = configuration;
  const { partition, else: whole } = figures;
  return { system: system.name, options, nodes, partition, else: whole, class: classOf(figures) };
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
