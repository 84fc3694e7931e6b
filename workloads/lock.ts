/**
 * Locks, and counters that they protect.
 *
 * Now and then a client acquires the lock of a key, increments its counter under the token that it
 * was given, and releases it; in between, nodes increment for it and take the lock themselves.
 * Judged by who held a lock when, as far as its lease promises, and by what became of the counters.
 *
 * Requests: `{type: "acquire", key}` -> `{type: "acquire_ok", token, owner?, validMs?}`, valid from when
 * the client asked; `{type: "release", key, token, owner?}` -> `release_ok`; `{type: "increment", key,
 * token?}` -> `{type: "increment_ok", value, token}`; `{type: "read", key}` -> `{type: "read_ok", value}`.
 */

import { fencing, mutualExclusion } from "../checkers/index.js";
import { isJsonObject, type JsonObject } from "../src/base/json.js";
import type { Random } from "../src/random/random.js";
import { wholeNumber } from "./settings.js";
import { expectType, field, type OperationDraft, type Workload } from "./workload.js";

const specs = {
  locks: { summary: "how many keys there are to lock", default: 2, range: [1, 100] },
  heldPercent: {
    summary: "how many of a hundred turns acquire, act and release",
    default: 35,
    range: [0, 100],
  },
} as const;

/** Increments of a client that holds the lock. */
const ACTS_MAX = 2;

/** What one client does next, in order. */
function turn(random: Random, keys: number, heldPercent: number): OperationDraft[] {
  const key = `k${random.int(keys)}`;
  const increment = { f: "increment", key, value: null };
  if (!random.chance(heldPercent, 100)) return [increment];
  const acts = Array.from({ length: random.int(ACTS_MAX + 1) }, () => increment);
  return [{ f: "acquire", key, value: null }, ...acts, { f: "release", key, value: null }];
}

/** What was answered, as far as it says something of the lock. */
function told(reply: JsonObject, names: readonly string[]): JsonObject {
  const given = names.filter((name) => reply[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, field(reply, name)]));
}

export const lock: Workload = {
  name: "lock",
  summary: "locks with leases and fencing tokens, and counters that they protect",
  requires: ["acquire", "release", "increment", "read"],
  readOnly: ["read"],
  options: specs,
  plan: ({ random, operations, clients, options }) => {
    const keys = wholeNumber(options, specs, "locks");
    const heldPercent = wholeNumber(options, specs, "heldPercent");
    const scripts: OperationDraft[][] = Array.from({ length: clients }, () => []);
    return Array.from({ length: operations }, (_, i) => {
      const client = i % clients;
      const script = scripts[client]!;
      if (script.length === 0) script.push(...turn(random, keys, heldPercent));
      return { ...script.shift()!, client };
    });
  },
  finals: (drafts) => {
    const keys = new Set(drafts.map(({ key }) => key).filter((key) => key !== undefined));
    return [...keys].sort().map((key) => ({ f: "read", key, value: null }));
  },
  invoke: ({ f, key = "" }, memory) => {
    const held = memory.get(key);
    const holding = isJsonObject(held) ? held : {};
    // Whatever becomes of it: who has asked for the release does not count on the lock any more.
    if (f === "release") memory.delete(key);
    const { token } = holding;
    const asked = f === "increment" || f === "release";
    return {
      value: asked && token !== undefined ? { token } : null,
      body: { type: f, key, ...(asked ? holding : {}) },
    };
  },
  complete: ({ f, key = "" }, value, reply, memory) => {
    expectType(reply, `${f}_ok`);
    switch (f) {
      case "acquire":
        field(reply, "token");
        memory.set(key, told(reply, ["token", "owner"]));
        return told(reply, ["token", "validMs"]);
      case "increment":
        field(reply, "value");
        return told(reply, ["value", "token"]);
      case "read":
        return field(reply, "value");
      default:
        return value;
    }
  },
  checkers: () => [mutualExclusion, fencing],
};
