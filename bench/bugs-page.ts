/** The two tables as rows for a terminal, and as a page of Markdown. */

import { systems } from "../systems/index.js";
import { type Caught, medianRuns } from "./catches.js";
import type { Silence } from "./silence.js";
import type { Row } from "./table.js";

export function catchRows(all: readonly Caught[]): Row[] {
  return all.map((caught) => {
    const { system, bug, about, catches } = caught;
    const found = catches.filter(({ runs }) => runs !== null);
    const runs = catches.map(({ runs }) => runs ?? Number.POSITIVE_INFINITY);
    return {
      no: about.id ?? "",
      system,
      bug,
      median: shown(medianRuns(caught)),
      max: shown(Math.max(...runs)),
      "in each range": runs.map(shown).join(" "),
      anomaly: distinct(found.flatMap(({ anomalies }) => anomalies)).join(" ") || "-",
      checker: distinct(found.map(({ checker }) => checker)).join(" ") || "-",
      "virtual s": seconds(middle(catches.map(({ virtualMs }) => virtualMs))),
      "wall s": seconds(middle(catches.map(({ wallMs }) => wallMs))),
    };
  });
}

export function silenceRows(silences: readonly Silence[]): Row[] {
  return silences.map(({ system, settings, runs, valid, invalid, unknown, first, wallMs }) => ({
    system,
    settings,
    runs,
    silent: valid,
    "false alarms": invalid,
    unknown,
    "first not silent": first ?? "-",
    "wall s": seconds(wallMs),
  }));
}

/**
 * Everything about every bug, and the silence of every system. What was not measured this time is as the
 * page before had it; a bug or system of which that says nothing has no row.
 */
export function bugsPage(
  caught: readonly Caught[],
  silences: readonly Silence[],
  before = "",
): string {
  const bugRows = rowsOfBugs(caught, before);
  const silent = rowsOfSilence(silences, before);
  const sources = [...systems.values()].flatMap(({ name, bugs }) =>
    Object.entries(bugs).map(([bug, { source }]) => `- \`${name}\` \`${bug}\`: ${source}`),
  );
  const count = new Set(bugRows.map((row) => /`(.+?)`/.exec(row)?.[1])).size;
  return [
    "# Bugs, and silence",
    "",
    "A checker is believed when it catches what is known to be wrong and is silent on what is right. Each",
    `switch below brings a documented bug back into a correct system: ${bugRows.length} bugs in ${count} systems. The page is`,
    "measured and written by one command, of some forty minutes on two cores; with `--system NAME` it measures",
    "one system, and leaves the rows of the others:",
    "",
    "```sh",
    "npm run bench -- bugs --write docs/bugs.md",
    "```",
    "",
    "*Runs* are those of a campaign up to and including the first that shows one of the anomalies that the bug",
    "declares, median and maximum over campaigns on five ranges of seeds far apart; under the nemesis named,",
    "with 300 operations each. The times are those until that run, medians, virtual and real. `–` is a range",
    "whose 200 runs did not show it. Try one: `npx faultline campaign SYSTEM --bug BUG --nemesis NEMESIS`;",
    "`npx faultline list bugs --json` has all that a bug says of itself, `list anomalies` what names mean.",
    "",
    "| no | system | bug | what it does wrong | needs | nemesis | anomaly | checker | runs | max | virtual s | wall s |",
    "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ...bugRows,
    "",
    "## Silence",
    "",
    "The same systems without bugs: every mode under every workload that fits it and a swarm of faults, and",
    "under what each bug is caught by. *Settings* is how many such combinations the runs are spread over.",
    "",
    "| system | settings | runs | silent | false alarms | unknown |",
    "|---|---|---|---|---|---|",
    ...silent,
    "",
    "## Systems",
    "",
    ...[...systems.values()].map(({ name, summary }) => `- \`${name}\`: ${summary}`),
    "",
    "## Sources",
    "",
    ...sources,
    "",
  ].join("\n");
}

/** In the order of the catalogue. */
function rowsOfBugs(caught: readonly Caught[], before: string): string[] {
  const found = catchRows(caught);
  const named = ({ system, bug }: { system: string; bug: string }) => `\`${system}\` | \`${bug}\``;
  const measured = new Map(
    caught.map((one, i) => {
      const row = found[i] as Row;
      const { summary, needs, nemesis = "swarm", id = "" } = one.about;
      const { median, max, anomaly, checker } = row;
      const told = [cell(summary), cell(needs), `\`${nemesis}\``, anomaly, checker];
      const cells = [id, named(one), ...told, median, max, row["virtual s"], row["wall s"]];
      return [named(one), `| ${cells.join(" | ")} |`];
    }),
  );
  const names = [...systems.values()].flatMap(({ name: system, bugs }) =>
    Object.keys(bugs).map((bug) => named({ system, bug })),
  );
  return names.flatMap((name) => measured.get(name) ?? rowsWith(`| ${name} |`, before));
}

function rowsOfSilence(silences: readonly Silence[], before: string): string[] {
  const measured = new Map(
    silenceRows(silences).map((row) => [
      row["system"],
      `| \`${row["system"]}\` | ${row["settings"]} | ${row["runs"]} | ${row["silent"]} | ${row["false alarms"]} | ${row["unknown"]} |`,
    ]),
  );
  const [, table = ""] = before.split("\n## Silence\n");
  return [...systems.keys()].flatMap(
    (name) => measured.get(name) ?? rowsWith(`| \`${name}\` |`, table),
  );
}

function rowsWith(text: string, page: string): string[] {
  return page.split("\n").filter((line) => line.includes(text));
}

function shown(runs: number): string | number {
  return Number.isFinite(runs) ? runs : "–";
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/** Bars would end the cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
