/** Maelstrom's `kafka`: an append-only log per key, with the requests that `log.ts` describes. */

import { logWorkload } from "../log.js";

export const kafka = logWorkload({
  name: "kafka",
  summary: "Maelstrom: append-only logs with offsets",
});
