/** `faultline worker`: takes runs of distributed campaigns from a queue. */

import type { Command } from "commander";
import { openPool } from "../../campaign/pool.js";
import { parseQueueAddress } from "../../queue/address.js";
import { type ExitCode, exitCodes } from "../exit.js";
import { addCommonOptions, type CommonOptions } from "../options.js";
import { Terminal } from "../terminal.js";
import { jobsOf, runTimeout } from "./campaign-request.js";

interface Options extends CommonOptions {
  queue: string;
  jobs?: number;
  runTimeout: number;
}

export function addWorker(program: Command, done: (code: ExitCode) => void): void {
  addCommonOptions(
    program.command("worker").summary("takes runs of a distributed campaign from a queue"),
  )
    .requiredOption("--queue <url>", "the Redis of the campaign: redis://HOST[:PORT][/DB]")
    .option("--jobs <n>", "runs at the same time (default: one a core)", jobsOf)
    .addOption(runTimeout())
    .action(async (options: Options) => done(await work(options)));
}

/** Serves until interrupted: then what is in hand is finished; the second time it ends at once. */
async function work(options: Options): Promise<ExitCode> {
  const address = parseQueueAddress(options.queue);
  const terminal = new Terminal(options);
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort()).once("SIGTERM", () => stop.abort());
  // BullMQ takes a while to load: only who serves a queue waits for it.
  const { serve } = await import("../../queue/serve.js");
  const pool = await openPool(
    { cwd: process.cwd(), ...(options.config ? { file: options.config } : {}) },
    options.jobs,
    { runTimeoutMs: options.runTimeout },
  );
  try {
    const runs = await serve(address, pool, {
      signal: stop.signal,
      onReady: () =>
        terminal.note(`takes runs from ${address.shown}, ${pool.jobs} at a time; Ctrl-C ends it`),
      onTrouble: (line) => terminal.note(line),
    });
    if (terminal.json) terminal.document({ runs });
    else terminal.say(`${runs} runs done`);
    return exitCodes.valid;
  } finally {
    await pool.close();
  }
}
