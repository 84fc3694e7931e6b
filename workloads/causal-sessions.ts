/**
 * Sessions that read and write many keys in the ways that make cause and effect visible.
 *
 * Written values are unique, so that every read names its write. The keys come in groups, and each
 * session strings together small patterns: it writes the keys of a group in order (publish) or reads
 * them in reverse (inspect: whoever sees the last key must see the others); reads one key and writes
 * the next (react: chains of causes through several sessions); reads a key and overwrites it
 * (revise); writes a key and reads it (verify); or only looks. With probability `move` an operation
 * goes to another node than the session's home, as behind a load balancer. Judged by the model that
 * the service claims, for sticky sessions where `move` is 0, or by the one that `model` names.
 */

import type { Random } from "../src/random/random.js";
import { chooser, type Mixable } from "./mix.js";
import { registerWorkload } from "./register-family.js";
import { askedModel, finalCheckers, sessionChecker } from "./session-promises.js";
import { wholeNumber } from "./settings.js";
import type { OperationDraft, Workload, WorkloadOptions } from "./workload.js";

const GROUP = 3;

const specs = {
  keys: { summary: "keys in use", default: 6, range: [1, 1_000] },
  move: {
    summary: "how many operations of a hundred go to another node than the session's home",
    default: 20,
    range: [0, 100],
  },
  model: {
    summary: "the model to judge by (see `list models`), or claimed: what the service promises",
    default: "claimed",
  },
} as const;

/** Patterns, not functions: what is written in order must be read in reverse for causes to show. */
const mixable: Mixable = {
  usual: () => ({ publish: 3, inspect: 4, react: 4, revise: 2, verify: 1, look: 2 }),
  needed: ["publish", "inspect"],
};

const registers = registerWorkload({
  name: "causal-sessions",
  summary: "sessions that read and write groups of keys, so that causes and effects show",
  keys: [],
  requires: ["read", "write"],
  unseen: null,
  checkers: () => [],
});

export const causalSessions: Workload = {
  ...registers,
  options: specs,
  placed: true,
  mixable,
  plan: (scope) => {
    const { random, clients, operations, options } = scope;
    const next = chooser(scope, mixable);
    const keys = wholeNumber(options, specs, "keys");
    const move = wholeNumber(options, specs, "move");
    const sessions = Array.from({ length: clients }, (): OperationDraft[] => []);
    return Array.from({ length: operations }, (_, i) => {
      const client = i % clients;
      const session = sessions[client] as OperationDraft[];
      if (session.length === 0) session.push(...pattern(random, keys, next));
      const draft = session.shift() as OperationDraft;
      const placed = { ...draft, node: nodeOf(client, move, random) };
      return draft.f === "write" ? { ...placed, value: i + 1 } : placed;
    });
  },
  checkers: (service, options) => {
    const asked = askedModel(options);
    if (asked !== undefined) return [asked];
    return [sessionChecker(service, isSticky(options)), ...finalCheckers(service)];
  },
};

/** Whether all sessions stay at their home nodes. */
export function isSticky({ move }: WorkloadOptions): boolean {
  return move === 0;
}

/** The node as an ordinal, counted round: the client's home, or one of the two after it. */
export function nodeOf(client: number, movePercent: number, random: Random): number {
  return random.chance(movePercent, 100) ? client + random.between(1, 2) : client;
}

function pattern(random: Random, keys: number, next: () => string): OperationDraft[] {
  const key = random.int(keys);
  const group = groupOf(key, keys);
  switch (next()) {
    case "publish":
      return group.map(write);
    case "inspect":
      return group.reverse().map(read);
    case "react":
      return [read(key), write(group[(group.indexOf(key) + 1) % group.length] as number)];
    case "revise":
      return [read(key), write(key)];
    case "verify":
      return [write(key), read(key)];
    default:
      return [read(key)];
  }
}

/** The keys that belong with this one; the last group may be smaller. */
function groupOf(key: number, keys: number): number[] {
  const first = key - (key % GROUP);
  return Array.from({ length: Math.min(GROUP, keys - first) }, (_, i) => first + i);
}

function read(key: number): OperationDraft {
  return { f: "read", key: `k${key}`, value: null };
}

/** The value is given when its place in the plan is known. */
function write(key: number): OperationDraft {
  return { f: "write", key: `k${key}`, value: null };
}
