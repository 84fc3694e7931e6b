/** All workloads, by name. */

import { counter } from "./counter.js";
import { kv } from "./kv.js";
import { listAppend } from "./list-append.js";
import { register } from "./register.js";
import { rwRegister } from "./rw-register.js";
import { set } from "./set.js";
import type { Workload } from "./workload.js";

export { maelstromWorkloads } from "./maelstrom/index.js";
export type { Workload } from "./workload.js";

const all: readonly Workload[] = [register, kv, set, counter, listAppend, rwRegister];

export const workloads: ReadonlyMap<string, Workload> = new Map(all.map((w) => [w.name, w]));
