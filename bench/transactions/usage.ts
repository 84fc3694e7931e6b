/** Loaded before a command (`node --import`): tells what it took, as JSON, on descriptor 3. */

import { writeSync } from "node:fs";

process.once("exit", () => {
  const { user, system } = process.cpuUsage();
  const megabytes = process.resourceUsage().maxRSS / 1024;
  writeSync(3, JSON.stringify({ cpuSeconds: (user + system) / 1e6, megabytes }));
});
