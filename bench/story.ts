/**
 * One bug's way through the harness, in a worker thread: found by the first seed that shows it,
 * shrunk, explained. The row says what came of each step.
 */

import { execute } from "../src/controller/index.js";
import { explainRows } from "../src/explain/index.js";
import { countsOf, shrink } from "../src/shrink/index.js";
import { anomaliesOf } from "../src/store/summary.js";
import { systems } from "../systems/index.js";
import { firstFailure } from "./shrink.js";
import type { Row } from "./table.js";

export interface StoryRequest {
  system: string;
  bug: string;
}

export interface Story {
  row: Row;
  /** Found, as documented, shrunk to where nothing can be taken away, and explained. */
  whole: boolean;
}

export default async function tellStory({ system: name, bug }: StoryRequest): Promise<Story> {
  const system = systems.get(name);
  const about = system?.bugs[bug];
  if (system === undefined || about === undefined) throw new RangeError(`no bug ${name} ${bug}`);
  const found = await firstFailure(system, bug);
  const start = { system: name, bug, needs: about.needs };
  if (found === undefined) return { row: { ...start, ...missed }, whole: false };
  const shrinking = performance.now();
  const { execution, mark, complete } = await shrink({
    plan: found.plan,
    signature: found.signature,
    execute: (candidate) => execute(candidate, { system }),
    nodeCounts: system.nodeCounts,
  });
  const shrinkMs = performance.now() - shrinking;
  const after = countsOf(execution.plan);
  const types = [...new Set(anomaliesOf(execution.results).map(({ anomaly }) => anomaly.type))];
  const documented = types.some((type) => about.anomalies.includes(type));
  const [told] = await explainRows([{ name: `${name} ${bug}`, plan: execution.plan }]);
  const explained = told?.explained ?? false;
  return {
    row: {
      system: name,
      bug,
      seed: found.plan.seed,
      anomaly: types.join(" "),
      "as documented": documented ? "yes" : "no",
      faults: `${mark.from.faults} → ${after.faults}`,
      left: execution.plan.faults.map(({ kind }) => kind).join(" ") || "-",
      operations: `${mark.from.operations} → ${after.operations}`,
      nodes: `${mark.from.nodes} → ${after.nodes}`,
      minimal: complete ? "yes" : "no",
      "shrink s": (shrinkMs / 1000).toFixed(1),
      explained: explained ? "yes" : "no",
      inevitable: told?.inevitable ?? "-",
      "explain s": ((told?.wallMs ?? 0) / 1000).toFixed(1),
      "passes when": told?.neighbour ?? "-",
      needs: about.needs,
    },
    whole: documented && complete && explained,
  };
}

const missed: Row = {
  seed: "missed",
  anomaly: "-",
  "as documented": "-",
  faults: "-",
  left: "-",
  operations: "-",
  nodes: "-",
  minimal: "-",
  "shrink s": "-",
  explained: "-",
  inevitable: "-",
  "explain s": "-",
  "passes when": "-",
};
