/**
 * What a system does in a partition, and what it costs without one, measured in the simulator
 * (scenes.ts).
 *
 * The histories, final reads included, are judged for linearizability, and how many of the reads were
 * stale for certain is counted. Which share of what each side is asked is answered, is counted after
 * time for a failover; every node, key and function weighs the same, however often it was asked.
 *
 * Left out: partitions that leave a bridge or act one way, crashes, and what weaker models would say.
 */

import { linearizable, staleness, type Validity, worst } from "../../checkers/index.js";
import type { History, Operation } from "../../histories/index.js";
import { execute } from "../controller/index.js";
import type { Plan } from "../plan/plan.js";
import { method } from "./method.js";
import { type Configuration, type CutScene, cutScenes, wholeScenes } from "./scenes.js";

/** Of what was asked, the share that was answered; null where nothing was asked. */
export interface Shares {
  read: number | null;
  write: number | null;
}

/** What the answers say. */
export interface Consistency {
  /** Are they linearizable? */
  consistent: Validity;
  /** Of the reads, those that certainly missed a write which was over before; null where it is unclear. */
  staleReads: number | null;
}

export interface Figures {
  partition: Consistency & {
    availability: { minority: Shares; majority: Shares };
  };
  else: Consistency & {
    /** Medians; null where nothing was answered. */
    latencyMs: { read: number | null; write: number | null; oneWayMs: number };
  };
}

/**
 * @throws UsageError for options, bugs or numbers of nodes that the system does not have.
 * @returns undefined once the signal has aborted.
 */
export async function measure(
  configuration: Configuration,
  seed: number,
  signal?: AbortSignal,
): Promise<Figures | undefined> {
  const { system } = configuration;
  const live = async (plan: Plan): Promise<History> => {
    const running = signal === undefined ? { system } : { system, signal };
    return (await execute(plan, running)).history;
  };
  const whole: History[] = [];
  for (const plan of wholeScenes(configuration, seed)) {
    if (signal?.aborted) return undefined;
    whole.push(await live(plan));
  }
  const cut: Lived[] = [];
  for (const scene of cutScenes(configuration, seed)) {
    if (signal?.aborted) return undefined;
    cut.push({ scene, history: await live(scene.plan) });
  }
  if (signal?.aborted) return undefined;
  const latencies = (whole[0] as History).operations.filter(isInTime);
  return {
    partition: {
      availability: {
        minority: sharesOf(cut, ({ minority }, node) => minority.includes(node)),
        majority: sharesOf(cut, ({ minority }, node) => !minority.includes(node)),
      },
      ...judged(cut.map(({ history }) => history)),
    },
    else: {
      latencyMs: {
        read: medianMs(latencies, "read"),
        write: medianMs(latencies, "write"),
        oneWayMs: method.oneWayMs,
      },
      ...judged(whole),
    },
  };
}

interface Lived {
  scene: CutScene;
  history: History;
}

/** Answered while the sites were still apart. */
function isInTime({ final, completedAt }: Operation): boolean {
  return !final && completedAt <= method.whole.endMs * 1e6;
}

function judged(histories: readonly History[]): Consistency {
  const valid = histories.map((history) => linearizable({ type: "kv" }).check(history).valid);
  const all = histories.map((history) => staleness(history, { type: "kv", stepsMax: 1 }));
  const clear = all.every(({ deltaNs }) => deltaNs !== undefined);
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const reads = sum(all.map(({ distribution }) => distribution.reads));
  const stale = sum(
    all.flatMap(({ distribution }) =>
      distribution.versions.filter(({ missed }) => missed > 0).map((bucket) => bucket.reads),
    ),
  );
  const staleReads = clear && reads > 0 ? rounded(stale / reads) : null;
  return { consistent: worst(valid), staleReads };
}

/** The mean over nodes, keys and functions of the share that was answered. */
function sharesOf(
  cut: readonly Lived[],
  isOnSide: (scene: CutScene, node: string) => boolean,
): Shares {
  const cells = new Map<string, { f: string; asked: number; answered: number }>();
  for (const [run, { scene, history }] of cut.entries()) {
    for (const { f, node = "", key, outcome } of history.operations.filter(isCounted)) {
      if (!isOnSide(scene, node)) continue;
      const name = JSON.stringify([run, node, key, f]);
      const cell = cells.get(name) ?? { f, asked: 0, answered: 0 };
      cell.asked += 1;
      if (outcome === "ok") cell.answered += 1;
      cells.set(name, cell);
    }
  }
  const share = (f: string): number | null => {
    const shares = [...cells.values()]
      .filter((cell) => cell.f === f)
      .map(({ asked, answered }) => answered / asked);
    if (shares.length === 0) return null;
    return rounded(shares.reduce((a, b) => a + b, 0) / shares.length);
  };
  return { read: share("read"), write: share("write") };
}

function isCounted({ final, invokedAt }: Operation): boolean {
  const { countMs, endMs } = method.cut;
  return !final && invokedAt >= countMs * 1e6 && invokedAt < endMs * 1e6;
}

function rounded(share: number): number {
  return Number(share.toFixed(3));
}

/** To a tenth, as it is printed. */
function medianMs(operations: readonly Operation[], f: string): number | null {
  const latencies = operations
    .filter((operation) => operation.f === f && operation.outcome === "ok")
    .map(({ invokedAt, completedAt }) => Math.round((completedAt - invokedAt) / 1e5))
    .sort((a, b) => a - b);
  const middle = latencies[latencies.length >> 1];
  return middle === undefined ? null : middle / 10;
}
