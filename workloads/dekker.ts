/**
 * Mutual exclusion made of reads and writes: how Dekker's and Peterson's algorithms begin.
 *
 * Of two rivals each raises its flag, and then looks at the other's: who finds that one never
 * raised is in, and does its work; who finds it raised gives up (a lock that is tried, not waited for).
 * On one copy both can never be in. Behind store buffers both may find the other's flag down, unless a
 * fence between the write and the read waits until the flag is up for everybody (Owens, Sarkar, Sewell 2009).
 *
 * Each encounter has two flags of its own. Who looks and finds no flag takes the encounter's lock, as
 * the checker mutual-exclusion sees it, and gives it back when it leaves. With `fence`
 * false the fence is left out, and what follows is only noted where the store promises less than one order.
 */

import { type Checker, mutualExclusion, tolerated } from "../checkers/index.js";
import type { Operation } from "../histories/index.js";
import type { Service } from "../systems/system.js";
import {
  expectType,
  field,
  type OperationDraft,
  type Workload,
  type WorkloadOptions,
} from "./workload.js";

const TIME_LIMIT_US = 5_000_000;
/** From one rival's beginning to the other's, at most: nobody knows how near is near enough. */
const GAPS_US = [0, 300, 1_000, 3_000, 10_000] as const;
/** Who is in stays for so long, counted from the beginning. */
const STAY_US = 60_000;
const STEPS = ["raise", "fence", "look", "leave"] as const;

const specs = {
  fence: { summary: "whether rivals fence their flag before they look", default: true },
} as const;

/** What one of the two does, and how many steps of its own must have been acknowledged before. */
type Step = { step: (typeof STEPS)[number]; side: number; after: number };

const functions = { raise: "write", fence: "fence", look: "read", leave: "write" } as const;

export const dekker: Workload = {
  name: "dekker",
  summary: "two rivals raise flags and look at each other's: who finds none is in, alone",
  requires: ["read", "write", "fence"],
  readOnly: ["fence"],
  options: specs,
  placed: true,
  plan: ({ random, clients, operations, options, timeLimitUs = TIME_LIMIT_US }) => {
    const steps = STEPS.filter((step) => step !== "fence" || options["fence"] !== false);
    const lanes = Math.max(1, Math.floor(clients / 2));
    const encounters = Math.ceil(operations / (2 * steps.length));
    const drafts = Array.from({ length: encounters }, (_, encounter) => {
      const atUs = Math.floor((encounter * timeLimitUs) / encounters);
      const lateUs = random.int(random.pick(GAPS_US) + 1);
      const late = random.int(2);
      return ([0, 1] as const).flatMap((side) =>
        steps.map(
          (step, after): OperationDraft => ({
            f: functions[step],
            key: `e${encounter}`,
            value: { step, side, after } satisfies Step,
            client: (2 * (encounter % lanes) + side) % clients,
            node: 2 * (encounter % lanes) + side,
            atUs: Math.min(
              timeLimitUs - 1,
              atUs + (side === late ? lateUs : 0) + (step === "leave" ? STAY_US : 0),
            ),
          }),
        ),
      );
    });
    return drafts.flat().slice(0, operations);
  },
  finals: () => [],
  invoke: ({ key = "", value }) => {
    const { step, side } = value as Step;
    const type = functions[step];
    switch (step) {
      case "raise":
        return { value, body: { type, key: flagOf(key, side), value: 1 } };
      case "fence":
        return { value, body: { type } };
      case "look":
        return { value, body: { type, key: flagOf(key, 1 - side) } };
      case "leave":
        return { value, body: { type, key: flagOf(key, side), value: 0 } };
    }
  },
  complete: ({ key = "", value: draft }, value, reply, memory) => {
    const { step, side, after } = draft as Step;
    expectType(reply, `${functions[step]}_ok`);
    const own = flagOf(key, side);
    const done = Number(memory.get(own) ?? 0);
    // Nobody is in whose own flag may still be down.
    if (step === "look") return { granted: field(reply, "value") === null && done === after };
    memory.set(own, done + 1);
    return value;
  },
  checkers,
};

function flagOf(key: string | number, side: number): string {
  return `${key}/${side}`;
}

/** A fence makes up for a store buffer, and one order needs none. */
function checkers({ consistency }: Service, { fence }: WorkloadOptions): Checker[] {
  const hasOneOrder = ["linearizable", "strict-serializable", "sequential"].includes(consistency);
  const buffers = ["tso", "pso"].includes(consistency);
  if (hasOneOrder || (buffers && fence !== false)) return [alone];
  return [tolerated(alone, `${consistency} is promised`)];
}

/** Whoever looks and finds no flag holds the encounter's lock until it leaves. */
const alone: Checker = {
  ...mutualExclusion,
  check: (history, options) =>
    mutualExclusion.check({ ...history, operations: history.operations.map(asLock) }, options),
};

function asLock(operation: Operation): Operation {
  const { step } = operation.input as Step;
  return { ...operation, f: step === "look" ? "acquire" : step === "leave" ? "release" : step };
}
