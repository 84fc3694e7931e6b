/** Messages handed to one node must be known to all in the end: Maelstrom's, without its topology. */

import { broadcast as maelstromBroadcast } from "./maelstrom/broadcast.js";
import type { Workload } from "./workload.js";

const { setup: _, options: __, settleMs: ___, ...common } = maelstromBroadcast;

export const broadcast: Workload = {
  ...common,
  summary: "messages spread among nodes until everybody knows them",
};
