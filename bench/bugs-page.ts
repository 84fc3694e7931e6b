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

/** Everything about every bug, measured just now. */
export function bugsPage(caught: readonly Caught[], silences: readonly Silence[]): string {
  const rows = catchRows(caught);
  const measured = caught.map(({ system, bug, about }, i) => {
    const row = rows[i] as Row;
    const { median, max, anomaly } = row;
    const how = `\`${about.nemesis ?? "swarm"}\``;
    return `| ${[about.id ?? "", `\`${system}\``, `\`${bug}\``, cell(about.summary), cell(about.needs), how, anomaly, row["checker"], median, max, row["virtual s"], row["wall s"]].join(" | ")} |`;
  });
  const sources = caught.map(
    ({ system, bug, about }) => `- \`${system}\` \`${bug}\`: ${about.source}`,
  );
  const silent = silenceRows(silences).map(
    (row) =>
      `| \`${row["system"]}\` | ${row["settings"]} | ${row["runs"]} | ${row["silent"]} | ${row["false alarms"]} | ${row["unknown"]} |`,
  );
  const count = new Set(caught.map(({ system }) => system)).size;
  return [
    "# Bugs, and silence",
    "",
    "A checker is believed when it catches what is known to be wrong and is silent on what is right. Each",
    `switch below brings a documented bug back into a correct system: ${caught.length} bugs in ${count} systems. The page is`,
    "measured and written by one command, of some twenty minutes on two cores:",
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
    ...measured,
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
