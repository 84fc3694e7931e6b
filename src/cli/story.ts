/** A run told to people: what was run, what came of it, where it is kept, how to see it again. */

import type { Verdict } from "../../checkers/index.js";
import { seedWords } from "../explain/words.js";
import type { Swarm } from "../plan/plan.js";
import type { Summary } from "../store/summary.js";
import type { Terminal } from "./terminal.js";

const ANOMALIES_SHOWN = 5;

/** @param seedBefore of the run that it was shrunk from, if it was. */
export function tellRun(terminal: Terminal, summary: Summary, seedBefore?: number): void {
  const { paint } = terminal;
  const { ops } = summary;
  const exactness =
    summary.exactness === "statistical" ? "statistical" : `${summary.exactness}-exact`;
  terminal.say(
    `${paint.bold(summary.system)} · ${summary.workload} · ${summary.nemesis.join(",")} · ${seedWords(summary.seed, seedBefore)} · ` +
      `${summary.nodes} nodes · ${summary.faults} faults · ${exactness}`,
  );
  if (summary.swarm !== null) terminal.say(paint.dim(swarmLine(summary.swarm)));
  terminal.say(
    `${ops.invoke} operations (${ops.ok} ok, ${ops.fail} failed, ${ops.info} unknown) ` +
      `in ${(summary.virtualMs / 1000).toFixed(1)} virtual seconds, ${(summary.wallMs / 1000).toFixed(2)} real`,
  );
  for (const [checker, verdict] of Object.entries(summary.results)) {
    terminal.say(
      `  ${mark(terminal, verdict)} ${checker}${verdict.reason ? `: ${verdict.reason}` : ""}`,
    );
    for (const { type, message } of verdict.anomalies.slice(0, ANOMALIES_SHOWN)) {
      terminal.say(`      ${paint.red(type)}: ${message}`);
    }
    const more = verdict.anomalies.length - ANOMALIES_SHOWN;
    if (more > 0) terminal.say(`      … and ${more} more`);
    for (const [note, value] of Object.entries(verdict.notes ?? {})) {
      if (Array.isArray(value)) {
        for (const line of value.slice(0, ANOMALIES_SHOWN)) {
          const text = typeof line === "object" ? JSON.stringify(line) : String(line);
          terminal.say(paint.dim(`      ${note}: ${text}`));
        }
      } else if (typeof value !== "object") terminal.say(paint.dim(`      ${note}: ${value}`));
    }
  }
  terminal.say(`trace ${summary.traceHash}  history ${summary.historyHash.slice(0, 16)}`);
  if (summary.dir !== null) {
    terminal.say(`kept in ${summary.dir}`);
    if (summary.valid === false)
      terminal.say(`replay: npx faultline replay ${summary.dir}/case.json`);
  }
}

/** `swarm: partition x2.0, crash x0.5, pause off; mix read 4 write 1 cas off`. */
export function swarmLine({ rates, mix }: Swarm): string {
  const rated = Object.entries(rates).map(([name, percent]) =>
    percent === 0 ? `${name} off` : `${name} x${(percent / 100).toFixed(2).replace(/0$/, "")}`,
  );
  const mixed = Object.entries(mix).map(([f, weight]) => `${f} ${weight === 0 ? "off" : weight}`);
  return [
    `swarm: ${rated.join(", ") || "no faults"}`,
    ...(mixed.length > 0 ? [`mix ${mixed.join(" ")}`] : []),
  ].join("; ");
}

function mark({ paint }: Terminal, { valid }: Verdict): string {
  if (valid === "unknown") return paint.yellow("?");
  return valid ? paint.green("✓") : paint.red("✗");
}
