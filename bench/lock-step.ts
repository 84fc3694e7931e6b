/**
 * External programs in lock-step: messages a second from one program, and how often rest was taken
 * for granted before the answer was out (which must be never). Linux; what is not installed is left
 * out.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCommandLine } from "../src/hosts/process/command-line.js";
import { Program } from "../src/hosts/process/program.js";
import { watch } from "../src/hosts/process/watch.js";
import { type Row, table } from "./table.js";

const MESSAGES = 5_000;

/** Echoes one after the other; every one must be answered by the time the program rests. */
async function measure(bin: string): Promise<Row> {
  const cwd = process.cwd();
  const program = await Program.start({
    command: parseCommandLine(bin, { cwd, path: process.env["PATH"] }),
    cwd,
    environment: {},
    stirred: () => undefined,
    stderr: (line) => process.stderr.write(`${line}\n`),
  });
  const watcher = watch(program);
  const ask = async (msg_id: number, fields: object): Promise<string> => {
    watcher.beforeWrite();
    const message = { src: "c1", dest: "n0", body: { msg_id, ...fields } };
    const unread = program.write(JSON.stringify(message));
    await watcher.rest({ unread, limitMs: 10_000 });
    return program.take().lines.join("");
  };
  await ask(1, { type: "init", node_id: "n0", node_ids: ["n0"] });
  const times: number[] = [];
  let early = 0;
  for (let i = 2; i < MESSAGES + 2; i++) {
    const started = performance.now();
    const said = await ask(i, { type: "echo", echo: `hello ${i}` });
    times.push(performance.now() - started);
    if (!said.includes("echo_ok")) early++;
  }
  watcher.close();
  await program.kill();
  times.sort((a, b) => a - b);
  const seconds = times.reduce((sum, ms) => sum + ms, 0) / 1000;
  return {
    program: bin.replace(/\S*\//g, ""),
    "messages/s": Math.round(MESSAGES / seconds).toLocaleString("en"),
    "median us": Math.round((times[MESSAGES >> 1] ?? 0) * 1000),
    "not yet answered at rest": early,
  };
}

function installed(...command: [string, ...string[]]): boolean {
  const [file, ...args] = command;
  return spawnSync(file, args, { stdio: "ignore" }).status === 0;
}

export async function lockStepBench(): Promise<void> {
  const fixtures = "test/hosts/fixtures";
  const programs = [`node systems/samples/javascript/echo.mjs`, `node ${fixtures}/threads.mjs`];
  if (installed("python3", "--version")) {
    programs.push("python3 systems/samples/python/echo.py", `python3 ${fixtures}/threads.py`);
  }
  const folder = mkdtempSync(join(tmpdir(), "faultline-bench-"));
  try {
    const binary = join(folder, "goroutines");
    if (installed("go", "build", "-o", binary, "bench/programs/goroutines.go")) {
      programs.push(binary);
    }
    const rows: Row[] = [];
    for (const program of programs) rows.push(await measure(program));
    table(`lock-step: ${MESSAGES.toLocaleString("en")} echoes, one program, one at a time`, rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
