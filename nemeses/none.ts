/** No faults at all: what is wrong here is wrong everywhere. */

import type { Nemesis } from "./nemesis.js";

export const none: Nemesis = {
  name: "none",
  summary: "no faults",
  kinds: [],
  faults: () => [],
};
