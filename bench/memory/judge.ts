/**
 * One generated history, made and decided in a process of its own, so that neither memory nor compiled
 * code is left over from another: `node judge.js '<case as JSON>'` prints the outcome.
 */

import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Accesses } from "../../checkers/memory/accesses.js";
import {
  causal,
  causalConvergence,
  causalMemory,
  causalPass,
} from "../../checkers/memory/causal/index.js";
import { type Decide, STEPS_MAX } from "../../checkers/memory/decision.js";
import { coherence, pso, sequential, tso } from "../../checkers/memory/orders/index.js";
import {
  decideInEveryReading,
  type Guarantee,
  guarantees,
} from "../../checkers/memory/sessions/index.js";
import { pram, processor, slow } from "../../checkers/memory/views/index.js";
import { Streams } from "../../src/random/streams.js";
import { causalStore, type Load } from "./causal-store.js";
import { type MachineSetting, machineHistory, withOneReadChanged } from "./machine.js";

export interface Case {
  seed: number;
  machine?: MachineSetting;
  store?: Load;
  /** One read takes its value from another write. */
  isSpoiled?: boolean;
  /** A name of `deciders`, or guarantees of a session joined by "+". */
  model: string;
}

export interface Judged {
  holds: string;
  cpuSeconds: number;
  /** Resident at the most, the history and Node.js included. */
  megabytesPeak: number;
}

/** CC and CCv of one pass. */
const both: Decide = (accesses, options) => {
  const { causal: weak, convergence } = causalPass(accesses, options);
  return weak.holds === false ? weak : convergence;
};

const deciders: { readonly [name: string]: Decide } = {
  sequential,
  tso,
  pso,
  coherence,
  processor,
  pram,
  slow,
  causal,
  "causal-convergence": causalConvergence,
  "causal-memory": causalMemory,
  "CC and CCv": both,
};

const SELF = fileURLToPath(import.meta.url);
const LIMIT_SECONDS = 300;

export async function judgeInChild(one: Case): Promise<Judged | { failed: string }> {
  const child = await execa(process.execPath, [SELF, JSON.stringify(one)], {
    reject: false,
    timeout: LIMIT_SECONDS * 1000,
    killSignal: "SIGKILL",
  });
  if (child.timedOut) return { failed: `> ${LIMIT_SECONDS} s` };
  if (child.exitCode === 0) return JSON.parse(child.stdout) as Judged;
  const lines = child.stderr.split("\n");
  return { failed: lines.find((line) => /Error|FATAL/.test(line)) ?? lines[0] ?? "died" };
}

function historyOf({ seed, machine, store, isSpoiled }: Case): Accesses {
  const random = new Streams(seed).stream("memory bench");
  const accesses = machine === undefined ? causalStore(store!) : machineHistory(machine, random);
  return isSpoiled ? withOneReadChanged(accesses, random) : accesses;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function judge(one: Case): Judged {
  const accesses = historyOf(one);
  const options = { stepsMax: STEPS_MAX };
  const started = cpuSeconds();
  const decide = deciders[one.model];
  const { holds } =
    decide === undefined
      ? decideInEveryReading(accesses, setOf(one.model), options)
      : decide(accesses, options);
  return {
    holds: String(holds),
    cpuSeconds: cpuSeconds() - started,
    megabytesPeak: process.resourceUsage().maxRSS / 1024,
  };
}

function setOf(names: string): Guarantee[] {
  return guarantees.filter((guarantee) => names.split("+").includes(guarantee));
}

const [, script, text] = process.argv;
if (script === SELF && text !== undefined) {
  process.stdout.write(JSON.stringify(judge(JSON.parse(text) as Case)));
}
