/** `faultline list`: what there is to choose from. */

import type { Command } from "commander";
import { anomalies, checkers, models, type ObjectType, types } from "../../../checkers/index.js";
import { experiments } from "../../../experiments/index.js";
import { nemeses } from "../../../nemeses/index.js";
import { strategies } from "../../../strategies/index.js";
import { families, type System, systems } from "../../../systems/index.js";
import { maelstromWorkloads, workloads } from "../../../workloads/index.js";
import { lookUp } from "../../base/names.js";
import { loadConfig } from "../../config/config.js";
import { type ExitCode, exitCodes } from "../exit.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { Terminal, tabulate } from "../terminal.js";

const ANOMALIES_SHOWN = 3;

interface Entry {
  name: string;
  summary: string;
  [detail: string]: unknown;
}

export function addList(program: Command, done: (code: ExitCode) => void): void {
  addCommonOptions(program.command("list").summary("what there is to choose from"))
    .argument(
      "<kind>",
      "systems, workloads, nemeses, strategies, checkers, models, types, anomalies, experiments or bugs",
    )
    .action(async (kind: string, options: CommonOptions) => done(await list(kind, options)));
}

async function list(kind: string, options: CommonOptions): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const { systems: own } = await loadConfig({
    cwd: process.cwd(),
    ...(options.config ? { file: options.config } : {}),
  });
  const all = [...own, ...systems.values()];
  const kinds = new Map<string, () => Entry[]>([
    ["systems", () => all.map(describeSystem)],
    [
      "workloads",
      () =>
        // Some are both: those of Maelstrom's are not listed twice.
        [...new Set([...workloads.values(), ...maelstromWorkloads.values()])].map(
          ({ name, summary, requires, options = {} }) => ({ name, summary, requires, options }),
        ),
    ],
    [
      "nemeses",
      () =>
        [...nemeses.values()].map(({ name, summary, kinds }) => ({ name, summary, faults: kinds })),
    ],
    ["strategies", () => [...strategies.values()].map(({ name, summary }) => ({ name, summary }))],
    ["checkers", () => [...checkers.values()].map(({ name, summary }) => ({ name, summary }))],
    ["types", () => [...types.values()].map(describeType)],
    [
      "models",
      () =>
        [...models.values()].map(({ name, aliases = [], summary }) => ({ name, aliases, summary })),
    ],
    ["anomalies", () => [...anomalies.values()].map(({ name, summary }) => ({ name, summary }))],
    [
      "experiments",
      () =>
        [...experiments.values()].map(({ name, summary, formula }) => ({ name, summary, formula })),
    ],
    ["bugs", () => all.flatMap(describeBugs)],
  ]);
  const entries = lookUp("kind of thing", kind, kinds)();
  if (terminal.json) terminal.document(entries);
  else {
    const table = { bugs: () => tableOfBugs(all), systems: () => tableOfSystems(all) }[kind];
    terminal.say(table?.() ?? tableOf(entries));
  }
  return exitCodes.valid;
}

function tableOf(entries: readonly Entry[]): string {
  return tabulate(
    ["name", "summary"],
    entries.map(({ name, summary }) => [name, summary]),
  );
}

function tableOfSystems(all: readonly System[]): string {
  return tabulate(
    ["name", "family", "summary"],
    all.map((system) => [system.name, familyOf(system), system.summary]),
  );
}

/** A system of the configuration is of no family of ours. */
function familyOf(system: System): string {
  const family = [...families].find(([, members]) => members.includes(system));
  return family?.[0] ?? "your own";
}

function tableOfBugs(all: readonly System[]): string {
  const rows = all.flatMap(({ name: system, bugs }) =>
    Object.entries(bugs).map(([name, { id = "", summary, anomalies }]) => [
      system,
      id,
      name,
      summary,
      shortened(anomalies),
    ]),
  );
  return tabulate(["system", "no", "bug", "what it does wrong", "shows as"], rows);
}

/** The first few, which are the likeliest: the whole list, in JSON, may have thirty. */
function shortened(anomalies: readonly string[]): string {
  const rest = anomalies.length - ANOMALIES_SHOWN;
  const shown = anomalies.slice(0, ANOMALIES_SHOWN).join(" ");
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

function describeSystem(system: System): Entry {
  const { name, summary, nodeCounts, workloads, options, bugs } = system;
  const family = familyOf(system);
  const nodes = nodeCounts[0];
  return { name, family, summary, nodes, workloads, options, bugs: Object.keys(bugs) };
}

function describeType({ name, summary, functions, aliases, algorithms }: ObjectType): Entry {
  const rules = algorithms.map(({ name, complexity, source }) => ({ name, complexity, source }));
  return { name, summary, functions, aliases, algorithms: rules };
}

function describeBugs(system: System): Entry[] {
  return Object.entries(system.bugs).map(([name, bug]) => ({
    name,
    system: system.name,
    nemesis: "swarm",
    ...bug,
  }));
}
