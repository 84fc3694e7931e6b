/**
 * Consensus objects: several clients propose for the same key at about the same time, and all are
 * told the one value that is decided for it.
 *
 * Requests: `{type: "propose", key, value}` -> `{type: "propose_ok", value}` with the value decided;
 * `{type: "read", key}` -> `{type: "read_ok", value}`, null where the node asked has learnt nothing.
 * In the end everybody proposes once more for every key: what was decided must still be so.
 */

import { consensus as consensusChecker } from "../checkers/index.js";
import { chooser, type Mix, type Mixable } from "./mix.js";
import { wholeNumber } from "./settings.js";
import { expectType, field, type Workload } from "./workload.js";

const specs = {
  proposalsPerKey: {
    summary: "operations on a key before a fresh one takes its place",
    default: 8,
    range: [1, 1_000_000],
  },
} as const;

const mixable: Mixable = {
  usual: ({ service: { operations } }): Mix =>
    operations.includes("read") ? { propose: 4, read: 1 } : { propose: 1 },
  needed: ["propose"],
};

/** Proposed by everybody in the end: nothing was decided before, or this is not. */
const LAST_PROPOSAL = 0;

export const consensus: Workload = {
  name: "consensus",
  summary: "write-once registers: clients propose values, and are told what was decided",
  requires: ["propose"],
  readOnly: ["read"],
  options: specs,
  mixable,
  plan: (scope) => {
    const perKey = wholeNumber(scope.options, specs, "proposalsPerKey");
    const next = chooser(scope, mixable);
    return Array.from({ length: scope.operations }, (_, i) => {
      const f = next();
      // Neighbouring keys overlap: clients are never all at the same place.
      const key = `k${Math.floor((i + scope.random.int(perKey)) / perKey)}`;
      return { f, key, value: f === "read" ? null : i + 1 };
    });
  },
  finals: (drafts) => {
    const keys = [...new Set(drafts.map(({ key }) => String(key)))].sort();
    return keys.map((key) => ({ f: "propose", key, value: LAST_PROPOSAL }));
  },
  invoke: ({ f, key = null, value }) =>
    f === "read"
      ? { value: null, body: { type: "read", key } }
      : { value, body: { type: "propose", key, value } },
  complete: ({ f }, _value, reply) => {
    expectType(reply, `${f}_ok`);
    return field(reply, "value");
  },
  checkers: () => [consensusChecker],
};
