/** `npm run bench [-- name…]`: everything that is about speed, and nothing that is about right. */

import { kernelBench } from "./kernel.js";

const benches: { [name: string]: () => Promise<void> } = { kernel: kernelBench };

const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(benches)) {
  const bench = benches[name];
  if (bench === undefined) {
    process.stderr.write(`no bench "${name}": there are ${Object.keys(benches).join(", ")}\n`);
    process.exitCode = 2;
  } else await bench();
}
