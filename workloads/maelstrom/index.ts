/** Maelstrom's workloads, by its names: what `--workload` takes with `--bin`. */

import { maelstromLitmus } from "../litmus/index.js";
import type { Workload } from "../workload.js";
import { broadcast } from "./broadcast.js";
import { gCounter, pnCounter } from "./counters.js";
import { echo } from "./echo.js";
import { gSet } from "./g-set.js";
import { kafka } from "./kafka.js";
import { linKv } from "./lin-kv.js";
import { txnListAppend, txnRwRegister } from "./transactions.js";
import { uniqueIds } from "./unique-ids.js";

/** The first is the default, as it is Maelstrom's. */
const all: readonly Workload[] = [
  linKv,
  echo,
  uniqueIds,
  broadcast,
  gSet,
  gCounter,
  pnCounter,
  txnListAppend,
  txnRwRegister,
  kafka,
  maelstromLitmus,
];

export const maelstromWorkloads: ReadonlyMap<string, Workload> = new Map(
  all.map((workload) => [workload.name, workload]),
);
