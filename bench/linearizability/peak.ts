/** Loaded before a command (`node --import`): tells its peak memory in megabytes on descriptor 3. */

import { writeSync } from "node:fs";

process.once("exit", () => {
  writeSync(3, String(process.resourceUsage().maxRSS / 1024));
});
