/**
 * Correct systems under faults: in every mode, under every workload that fits it, under a swarm, and
 * under whatever each bug of the system is caught by, with the bug switched off. All must stay silent.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCampaign } from "../src/campaign/campaign.js";
import type { Pool } from "../src/campaign/pool.js";
import type { RunSpec } from "../src/campaign/prepare.js";
import type { OptionValue } from "../src/hosts/ts/node.js";
import type { System } from "../systems/index.js";
import { workloads } from "../workloads/index.js";

interface Setting {
  workload: string;
  nemesis: string;
  options: { readonly [name: string]: OptionValue };
}

export interface Silence {
  system: string;
  /** How many settings the runs are spread over. */
  settings: number;
  runs: number;
  valid: number;
  invalid: number;
  unknown: number;
  /** What to run to see the first that was not silent. */
  first?: string;
  wallMs: number;
}

/** So many runs for each system, spread evenly over its settings, each setting from seed 1 on. */
export async function keepSilence(
  pool: Pool,
  chosen: readonly System[],
  runsEach: number,
  progress: (silence: Silence) => void,
): Promise<Silence[]> {
  const out = mkdtempSync(join(tmpdir(), "faultline-silence-"));
  try {
    const all: Silence[] = [];
    for (const system of chosen) {
      const silence = await silenceOf(pool, system, { count: runsEach, out });
      progress(silence);
      all.push(silence);
    }
    return all;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function silenceOf(
  pool: Pool,
  system: System,
  { count, out }: { count: number; out: string },
): Promise<Silence> {
  const started = performance.now();
  const settings = settingsOf(system);
  const run = (ordinal: number): RunSpec => {
    const { nemesis, ...setting } = settings[ordinal % settings.length] as Setting;
    const seed = Math.floor(ordinal / settings.length) + 1;
    return { ...setting, system: system.name, nemesis: [nemesis], seed };
  };
  // A broken harness ends the campaign early, and then fewer runs were valid than there are.
  const outcome = await runCampaign({ count, run, out, probes: [] }, pool);
  const { failures, undecided, valid, invalid, broken, unknown } = outcome;
  const loud = failures[0] ?? undecided[0];
  return {
    system: system.name,
    settings: settings.length,
    runs: outcome.runs,
    valid,
    invalid: invalid + broken,
    unknown,
    ...(loud === undefined ? {} : { first: firstOf(loud, system) }),
    wallMs: performance.now() - started,
  };
}

function firstOf({ seed, workload }: { seed: number; workload: string }, { name }: System): string {
  return `${name} --workload ${workload} --seed ${seed}`;
}

/** Every mode with every workload under a swarm; then what each bug asks for, without the bug. */
function settingsOf(system: System): Setting[] {
  const modes = modesOf(system).flatMap((options) =>
    system.workloads
      .filter((workload) => fits(system, workload, options))
      .map((workload): Setting => ({ workload, nemesis: "swarm", options })),
  );
  const asked = Object.values(system.bugs).map(
    ({ workload = system.workloads[0] as string, nemesis = "swarm", options = {} }): Setting => ({
      workload,
      nemesis,
      options,
    }),
  );
  const seen = new Map<string, Setting>();
  for (const setting of [...modes, ...asked]) seen.set(JSON.stringify(setting), setting);
  return [...seen.values()];
}

/** The defaults, and each other value of each option that has a closed list of them, where it counts. */
function modesOf(system: System): { [name: string]: OptionValue }[] {
  const others = Object.entries(system.options).flatMap(
    ([name, { values = [], default: usual, only = {} }]) =>
      values.filter((value) => value !== usual).map((value) => ({ ...only, [name]: value })),
  );
  return [{}, ...others];
}

/** A mode may offer other operations than the default one. */
function fits(system: System, workload: string, mode: Setting["options"]): boolean {
  const defaults = Object.entries(system.options).map(([name, spec]) => [name, spec.default]);
  const options = { ...Object.fromEntries(defaults), ...mode };
  const { operations } = system.service(options, system.nodeCounts[0] as number);
  return (workloads.get(workload)?.requires ?? []).every((f) => operations.includes(f));
}
