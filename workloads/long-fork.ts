/**
 * Writes of single keys, each once, and reads of small groups of keys: does everybody see the writes
 * in one order? Both are transactions: `{type: "txn", txn: [["w", key, 1]]}` and `{type: "txn", txn:
 * [["r", key, null] …]}`, answered by `txn_ok` with the values read. As Jepsen's long-fork test.
 */

import { longFork as longForkChecker } from "../checkers/index.js";
import type { Json } from "../src/base/json.js";
import type { Random } from "../src/random/random.js";
import { listField } from "./maelstrom/replies.js";
import { chooser, type Mixable } from "./mix.js";
import { heldFrom } from "./promises.js";
import { wholeNumber } from "./settings.js";
import { expectType, type OperationDraft, type Workload } from "./workload.js";

const specs = {
  group: { summary: "keys that are read together", default: 2, range: [2, 100] },
  groups: { summary: "groups of keys in use at a time", default: 3, range: [1, 1_000] },
} as const;

/** Both are transactions. */
const mixable: Mixable = { usual: () => ({ read: 3, write: 2 }), needed: ["read", "write"] };

/** Groups that are read in the end. */
const FINAL_GROUPS = 4;

/** A group of keys, and those not written yet. */
interface Group {
  keys: string[];
  unwritten: string[];
}

interface Draws {
  random: Random;
  /** A read or a write. */
  choose(): string;
  fresh(): Group;
}

export const longFork: Workload = {
  name: "long-fork",
  summary: "keys written once each, and read in groups: one order of writes for all readers",
  requires: ["txn"],
  readOnly: [],
  options: specs,
  mixable,
  plan: (scope) => {
    const { random, operations, options } = scope;
    const choose = chooser(scope, mixable);
    const size = wholeNumber(options, specs, "group");
    const count = wholeNumber(options, specs, "groups");
    let keys = 0;
    const fresh = (): Group => {
      const group = Array.from({ length: size }, () => `${keys++}`);
      return { keys: group, unwritten: random.shuffle(group) };
    };
    const active = Array.from({ length: count }, fresh);
    return Array.from({ length: operations }, () => next(active, { random, choose, fresh }));
  },
  finals: (drafts) => {
    const reads = drafts.filter(({ value }) => isRead(value)).map(({ value }) => value);
    const latest = [...new Map(reads.map((value) => [JSON.stringify(value), value])).values()];
    return latest.slice(-FINAL_GROUPS).map((value) => ({ f: "txn", value }));
  },
  invoke: ({ value }) => ({ value, body: { type: "txn", txn: value } }),
  complete: (_draft, _value, reply) => {
    expectType(reply, "txn_ok");
    return listField(reply, "txn");
  },
  checkers: ({ consistency }) => [heldFrom("snapshot-isolation", consistency, longForkChecker)],
};

/** A write of a key that was not written yet, or a read of a whole group; a group that is written up makes room. */
function next(active: Group[], { random, choose, fresh }: Draws): OperationDraft {
  const place = random.int(active.length);
  let group = active[place] as Group;
  if (choose() === "read") return { f: "txn", value: group.keys.map((key) => ["r", key, null]) };
  if (group.unwritten.length === 0) active[place] = group = fresh();
  return { f: "txn", value: [["w", group.unwritten.pop() as string, 1]] };
}

function isRead(value: Json): boolean {
  return (value as Json[][])[0]?.[0] === "r";
}
