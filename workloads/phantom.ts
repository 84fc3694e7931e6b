/**
 * Rows of a range that may hold one: whoever scans it and finds none inserts one, each a row of its own.
 * Request: `{type: "scan-insert", pair, side: "a" | "b", id}`, answered by `scan-insert_ok`, or refused
 * with error 22 where the scan found a row. Like `write-skew`, but what was read is a predicate: a row
 * that was not there cannot be locked or looked at again (Adya's G2, and not G2-item).
 */

import { expectType, type Workload } from "./workload.js";
import { writeSkew } from "./write-skew.js";

export const phantom: Workload = {
  ...writeSkew,
  name: "phantom",
  summary: "ranges that may hold one row, inserted after a scan that found none (Adya's G2)",
  requires: ["scan-insert"],
  invoke: (draft, memory) => {
    const { value, body } = writeSkew.invoke(draft, memory);
    return { value, body: { ...body, type: "scan-insert" } };
  },
  complete: (_draft, value, reply) => {
    expectType(reply, "scan-insert_ok");
    return value;
  },
};
