/** Explanations of many failures as rows of a table: whether it works, how long it takes, what it says. */

import type { Plan } from "../plan/plan.js";
import { type ExplainRequest, explain } from "./explain.js";
import { seconds } from "./words.js";

export interface ExplainRow {
  name: string;
  /** Whether every part could be told, and every fault was seen to be needed. */
  explained: boolean;
  runs: number;
  wallMs: number;
  /** The smallest change with which it passes, in words; "-" when none was found. */
  neighbour: string;
  /** "2.31 s", or "-". */
  inevitable: string;
}

/** One row for each plan; all of them fail, and are best shrunk before. */
export async function explainRows(
  cases: readonly { name: string; plan: Plan }[],
  options: Pick<ExplainRequest, "points" | "futures" | "neighbourRunsMax" | "hosting"> = {},
): Promise<ExplainRow[]> {
  const rows: ExplainRow[] = [];
  for (const { name, plan } of cases) {
    const started = performance.now();
    const { neighbour, likelihood, faults, runs } = await explain({
      ...options,
      plan,
      source: name,
    });
    const inevitable = likelihood?.inevitable ?? null;
    rows.push({
      name,
      explained:
        neighbour !== null &&
        likelihood !== null &&
        faults.every(({ without }) => without?.passes === true),
      runs,
      wallMs: Math.round(performance.now() - started),
      neighbour: neighbour?.change.words ?? "-",
      inevitable: inevitable === null ? "-" : seconds(inevitable.atUs),
    });
  }
  return rows;
}
