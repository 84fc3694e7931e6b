import { afterEach, describe, expect, it } from "vitest";
import { parseCommandLine } from "../../../src/hosts/process/command-line.js";
import { Program } from "../../../src/hosts/process/program.js";
import {
  NEVER,
  QuietWatch,
  type RestResult,
  type Watch,
  watch,
} from "../../../src/hosts/process/watch.js";
import { fixtures, hasPython, samples } from "./programs.js";

/** A program with whom we talk line by line, without a world around it. */
class Talk {
  private constructor(
    readonly program: Program,
    readonly watch: Watch,
  ) {}

  static async start(commandLine: string, watching = watch): Promise<Talk> {
    const command = parseCommandLine(commandLine, {
      cwd: process.cwd(),
      path: process.env["PATH"],
    });
    const program = await Program.start({
      command,
      cwd: process.cwd(),
      environment: {},
      stirred: () => undefined,
      stderr: () => undefined,
    });
    const talk = new Talk(program, watching(program));
    await talk.ask("init", 0);
    return talk;
  }

  /** The types of the messages that one message caused. */
  async ask(type: string, msgId: number): Promise<{ rest: RestResult; said: string[] }> {
    const body = { type, msg_id: msgId, echo: "hello" };
    this.watch.beforeWrite();
    const line = JSON.stringify({ src: "c1", dest: "n0", body });
    const unread = this.program.write(line);
    const rest = await this.watch.rest({ unread, limitMs: 20_000 });
    const said = this.program.take().lines.map((text) => JSON.parse(text).body.type);
    return { rest, said };
  }
}

const talks: Talk[] = [];

async function talk(commandLine: string): Promise<Talk> {
  const started = await Talk.start(commandLine);
  talks.push(started);
  return started;
}

afterEach(async () => {
  for (const { program, watch } of talks.splice(0)) {
    watch.close();
    await program.kill();
  }
});

const onLinux = describe.skipIf(process.platform !== "linux");

onLinux("a program comes to rest (seen through /proc: Linux only)", () => {
  it("only after its thread pool, its workers and its immediates have had their say", async () => {
    const { ask } = bound(await talk(`node ${fixtures}/threads.mjs`));
    for (let i = 1; i <= 200; i++) {
      const { said } = await ask("echo", i);
      expect(said).toEqual(i % 3 === 0 ? ["gossip", "echo_ok"] : ["echo_ok"]);
    }
  });

  it.skipIf(!hasPython)("only after the last of several Python threads", async () => {
    const { ask } = bound(await talk(`python3 ${fixtures}/threads.py`));
    for (let i = 1; i <= 200; i++) expect((await ask("echo", i)).said).toEqual(["echo_ok"]);
  });

  it("also when a shell stands between", async () => {
    const { ask } = bound(await talk(`sh -c 'node ${fixtures}/threads.mjs | cat'`));
    for (let i = 1; i <= 50; i++) {
      expect((await ask("echo", i)).said).toContain("echo_ok");
    }
  });

  it("without saying when it goes on, when it waits for input alone", async () => {
    const { ask } = bound(await talk(`node ${fixtures}/threads.mjs`));
    expect((await ask("echo", 1)).rest).toEqual({ state: "rest", at: NEVER });
  });

  it("and says when it will go on, when it waits with a time-out", async () => {
    const { ask } = bound(await talk(`node ${fixtures}/slow.mjs 60000`));
    const { rest, said } = await ask("echo", 1);
    expect(said).toEqual([]);
    expect(rest.state === "rest" && rest.at !== "unknown" && rest.at < NEVER).toBe(true);
  });

  it("or has ended", async () => {
    const { ask } = bound(await talk(`node ${fixtures}/misbehaving.mjs crash`));
    let last: RestResult | undefined;
    for (let i = 1; i <= 10; i++) last = (await ask("echo", i)).rest;
    expect(last).toEqual({ state: "ended" });
  });
});

describe("where threads cannot be seen, a program is taken to rest", () => {
  it("when it has been silent for a while, and nobody knows when it goes on", async () => {
    const watching = (program: Program): Watch => new QuietWatch(program);
    const started = await Talk.start(`node ${samples}/javascript/echo.mjs`, watching);
    talks.push(started);
    const { rest } = await started.ask("echo", 1);
    expect(started.watch.certain).toBe(false);
    expect(rest).toEqual({ state: "rest", at: "unknown" });
  });
});

function bound(started: Talk): Pick<Talk, "ask"> {
  return { ask: started.ask.bind(started) };
}
