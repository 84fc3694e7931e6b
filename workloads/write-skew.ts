/**
 * Pairs of rows of which only one may be inserted: whoever finds neither inserts one. Request:
 * `{type: "insert", pair, side: "a" | "b", id}`, answered by `insert_ok`, or refused with error 22
 * where the pair has an entry. As Jepsen's test of Adya's G2.
 */

import { writeSkew as writeSkewChecker } from "../checkers/index.js";
import type { Json } from "../src/base/json.js";
import { heldFrom } from "./promises.js";
import { wholeNumber } from "./settings.js";
import { expectType, type Workload } from "./workload.js";

const specs = {
  attempts: { summary: "clients that try to insert into a pair", default: 3, range: [2, 1_000] },
} as const;

export const writeSkew: Workload = {
  name: "write-skew",
  summary: "pairs of rows of which only one may be inserted (Adya's G2)",
  requires: ["insert"],
  readOnly: [],
  options: specs,
  plan: ({ random, operations, options }) => {
    const attempts = wholeNumber(options, specs, "attempts");
    return Array.from({ length: operations }, (_, i) => ({
      f: "insert",
      key: `p${Math.floor(i / attempts)}`,
      value: random.chance(1, 2) ? [i + 1, null] : [null, i + 1],
    }));
  },
  finals: () => [],
  invoke: ({ key, value }) => {
    const [a, b] = value as [Json, Json];
    const [side, id] = a === null ? ["b", b] : ["a", a];
    return { value, body: { type: "insert", pair: key, side, id } };
  },
  complete: (_draft, value, reply) => {
    expectType(reply, "insert_ok");
    return value;
  },
  checkers: ({ consistency }) => [heldFrom("serializable", consistency, writeSkewChecker)],
};
