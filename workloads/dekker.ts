/**
 * Mutual exclusion made of reads and writes: how Dekker's and Peterson's algorithms begin.
 *
 * Of two rivals each raises its flag, and then looks at the other's: who finds that one never
 * raised is in, and does its work; who finds it raised gives up (a lock that is tried, not waited for).
 * On one copy both can never be in. Behind store buffers both may find the other's flag down, unless a
 * fence between the write and the read waits until the flag is up for everybody (Owens, Sarkar, Sewell 2009).
 *
 * Each encounter has two flags of its own. In the history raising, fencing, looking and leaving are `write`,
 * `fence`, `acquire` and `release` of an encounter's lock; who is not in was granted nothing. With `fence`
 * false the fence is left out, and what follows is only noted where the store promises less than one order.
 */

import { type Checker, mutualExclusion, tolerated } from "../checkers/index.js";
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
const STEPS = ["write", "fence", "acquire", "release"] as const;

const specs = {
  fence: { summary: "whether rivals fence their flag before they look", default: true },
} as const;

/** Which of the two it is of, and how many steps of its own must have been acknowledged before. */
type Step = { side: number; after: number };

export const dekker: Workload = {
  name: "dekker",
  summary: "two rivals raise flags and look at each other's: who finds none is in, alone",
  requires: ["read", "write", "fence"],
  readOnly: ["fence"],
  options: specs,
  placed: true,
  plan: ({ random, clients, operations, options, timeLimitUs = TIME_LIMIT_US }) => {
    const steps = STEPS.filter((f) => f !== "fence" || options["fence"] !== false);
    const lanes = Math.max(1, Math.floor(clients / 2));
    const encounters = Math.ceil(operations / (2 * steps.length));
    const drafts = Array.from({ length: encounters }, (_, encounter) => {
      const atUs = Math.floor((encounter * timeLimitUs) / encounters);
      const lateUs = random.int(random.pick(GAPS_US) + 1);
      const late = random.int(2);
      return ([0, 1] as const).flatMap((side) =>
        steps.map(
          (f, after): OperationDraft => ({
            f,
            key: `e${encounter}`,
            value: { side, after } satisfies Step,
            client: (2 * (encounter % lanes) + side) % clients,
            node: 2 * (encounter % lanes) + side,
            atUs: Math.min(timeLimitUs - 1, atUs + (side === late ? lateUs : 0)),
          }),
        ),
      );
    });
    return drafts.flat().slice(0, operations);
  },
  finals: () => [],
  invoke: ({ f, key = "", value }) => {
    const { side } = value as Step;
    const [own, other] = [flagOf(key, side), flagOf(key, 1 - side)];
    switch (f) {
      case "write":
        return { value, body: { type: "write", key: own, value: 1 } };
      case "fence":
        return { value, body: { type: "fence" } };
      case "acquire":
        return { value, body: { type: "read", key: other } };
      default:
        return { value, body: { type: "write", key: own, value: 0 } };
    }
  },
  complete: ({ f, key = "", value: step }, value, reply, memory) => {
    const { side, after } = step as Step;
    const own = flagOf(key, side);
    const done = Number(memory.get(own) ?? 0);
    if (f === "acquire") {
      expectType(reply, "read_ok");
      // Nobody is in whose own flag may still be down.
      return { granted: field(reply, "value") === null && done === after };
    }
    expectType(reply, f === "fence" ? "fence_ok" : "write_ok");
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
  if (hasOneOrder || (buffers && fence !== false)) return [mutualExclusion];
  return [tolerated(mutualExclusion, `${consistency} is promised`)];
}
