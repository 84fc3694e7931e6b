/** `npm run bench [-- name options…]`: what is about speed and reach, not about right and wrong. */

import { bugsBench } from "./bugs.js";
import { casesBench } from "./cases.js";
import { catalogueBench } from "./catalogue.js";
import { classifyBench } from "./classify.js";
import { experimentsBench } from "./experiments.js";
import { isolationBench } from "./isolation.js";
import { kernelBench } from "./kernel.js";
import { linearizabilityBench } from "./linearizability/index.js";
import { litmusBench } from "./litmus/index.js";
import { lockStepBench } from "./lock-step.js";
import { memoryBench } from "./memory/index.js";
import { pacelcBench } from "./pacelc.js";
import { strategiesBench } from "./strategies.js";
import { transactionsBench } from "./transactions/index.js";

const benches: { [name: string]: (args: readonly string[]) => Promise<void> } = {
  kernel: kernelBench,
  "lock-step": lockStepBench,
  bugs: bugsBench,
  cases: casesBench,
  catalogue: catalogueBench,
  classify: classifyBench,
  experiments: experimentsBench,
  isolation: isolationBench,
  linearizability: linearizabilityBench,
  litmus: litmusBench,
  memory: memoryBench,
  pacelc: pacelcBench,
  strategies: strategiesBench,
  transactions: transactionsBench,
};

const [name, ...args] = process.argv.slice(2);
/** Without a name, what takes seconds; the other tables take many minutes. */
const chosen = name === undefined ? ["kernel", "lock-step"] : [name];
for (const each of chosen) {
  const bench = benches[each];
  if (bench === undefined) {
    process.stderr.write(`no bench "${each}": there are ${Object.keys(benches).join(", ")}\n`);
    process.exitCode = 2;
  } else await bench(args);
}
