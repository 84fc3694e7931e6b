/** `faultline check --model` of memory models, as scripts and people rely on it. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatJsonl } from "../../histories/jsonl.js";
import { history } from "../checkers/memory/notation.js";
import { faultline, root, scratch } from "./faultline.js";
import { writtenFile } from "./recorded-files.js";

const cwd = scratch();
const check = (...args: string[]) => faultline(["check", ...args], { cwd });

interface Answer {
  code: number | undefined;
  [field: string]: unknown;
}

async function verdict(...args: string[]): Promise<Answer> {
  const { code, stdout } = await check(...args, "--json", "--init", "0");
  return { code, ...(JSON.parse(stdout) as object) };
}

let files = 0;
function written(text: string): string {
  files += 1;
  return writtenFile(cwd, `history-${files}.jsonl`, formatJsonl(history(text).events));
}

const SB = written("w(x,1) r(y)0 | w(y,1) r(x)0");
const WRC = written("w(x,1) w(z,5) | r(x)1 w(y,1) r(z)5 | r(y)1 r(x)0 r(x)1");

describe("a history of reads and writes", () => {
  it("is held against any memory model, by any of its names", async () => {
    const named = { code: 1, valid: false, model: "sequential", ops: 4 };
    expect(await verdict(SB, "--model", "sc")).toMatchObject(named);
    expect(await verdict(SB, "--model", "tso")).toMatchObject({ code: 0, valid: true });
    expect(await verdict(WRC, "--model", "CC")).toMatchObject({ code: 1, model: "causal" });
  });

  it("is called by the shape of the circle in it", async () => {
    const { anomalies } = await verdict(SB, "--model", "sequential");
    expect(anomalies).toMatchObject([{ type: "SB", ops: [0, 1, 4, 5] }]);
  });

  it("is shown by its smallest part, in a sentence and in a drawing", async () => {
    const { anomalies } = await verdict(WRC, "--model", "causal");
    expect(anomalies).toMatchObject([
      {
        type: "WriteCOInitRead",
        message: expect.stringMatching(
          /^process 1 wrote x = 1; process 2 saw that: .* and then read x = 0: the key had been written/,
        ),
        timeline: expect.stringContaining("read -> 0"),
      },
    ]);
    expect((anomalies as { ops: number[] }[])[0]!.ops).toHaveLength(5);
  });

  it("tells the order that explains it, when asked", async () => {
    const { order, notes } = await verdict(SB, "--model", "tso", "--witness");
    expect(notes).toMatchObject({ witness: "replayed" });
    expect(order).toHaveLength(6);
    expect(
      (order as { event: string }[]).filter(({ event }) => event === "in-memory"),
    ).toHaveLength(2);
  });

  it("may be held against several guarantees of a session at once, in either reading", async () => {
    const set = await verdict(WRC, "--model", "MR+WFR");
    expect(set).toMatchObject({ code: 1, model: "monotonic-reads+writes-follow-reads" });
    for (const reading of ["arbitration", "views"]) {
      const alone = await verdict(WRC, "--model", "MR", "--reading", reading);
      expect(alone).toMatchObject({ code: 0, valid: true });
    }
  });

  it("says of a single guarantee with which others it cannot hold together", async () => {
    const { code, stdout } = await check(WRC, "--model", "MR", "--init", "0");
    expect(code).toBe(0);
    expect(stdout).toContain("monotonic-reads and writes-follow-reads cannot hold together");
  });

  it("says what replicas agreed on in the end", async () => {
    const file = written("w(x,1) R(x)2 | w(x,2) R(x)2");
    const { code, stdout } = await check(file, "--model", "eventual", "--init", "0");
    expect([code, stdout]).toEqual([0, expect.stringContaining("agreed on x = 2")]);
  });

  it("comes through a pipe", async () => {
    const input = formatJsonl(history("w(x,1) w(y,1) | r(y)1 r(x)0").events);
    const { code, stdout } = await faultline(["check", "-", "--model", "tso", "--init", "0"], {
      cwd,
      input,
    });
    expect([code, stdout]).toEqual([1, expect.stringContaining("message passing")]);
  });
});

describe("--strongest", () => {
  it("names the strongest models and the sets of guarantees that cannot hold together", async () => {
    const { code, strongest, violated, sessionGuarantees } = await verdict(WRC, "--strongest");
    expect(code).toBe(1);
    expect(strongest).toEqual(["processor", "writes-follow-reads"]);
    const names = (violated as { model: string }[]).map(({ model }) => model);
    expect(names).toEqual(expect.arrayContaining(["linearizable", "sequential", "causal"]));
    const pair = ["monotonic-reads", "writes-follow-reads"];
    expect(sessionGuarantees).toEqual({ arbitration: [pair], views: [pair], every: [pair] });
  });

  it("leaves nothing open of a history without final reads", async () => {
    const sound = written("w(x,1) r(x)1 | w(y,1)");
    const { code, undecided, strongest } = await verdict(sound, "--strongest");
    expect({ code, undecided, strongest }).toEqual({
      code: 0,
      undecided: [],
      strongest: ["linearizable"],
    });
  });

  it("says of final reads whether replicas agree", async () => {
    const { violated } = await verdict(written("w(x,1) R(x)1 | w(x,2) R(x)2"), "--strongest");
    const names = (violated as { model: string }[]).map(({ model }) => model);
    expect(names).toEqual(expect.arrayContaining(["eventual", "strong-convergence"]));
    expect(names).not.toContain("tso");
  });
});

describe("versions that the store tells", () => {
  const text = "w(x,1) | w(x,2) | r(x)2 r(x)1";
  const claim = (versions: object): string => {
    const file = join(cwd, `versions-${JSON.stringify(versions).length}.json`);
    writeFileSync(file, JSON.stringify(versions));
    return file;
  };

  it("decide where the history leaves it open", async () => {
    const file = written(text);
    expect(await verdict(file, "--model", "coherence")).toMatchObject({ code: 0 });
    // Events 0 and 1 invoke the writes of 1 and of 2.
    const against = await verdict(file, "--model", "coherence", "--claimed", claim({ 0: 1, 1: 2 }));
    expect(against).toMatchObject({ code: 1, valid: false });
    const along = await verdict(file, "--model", "coherence", "--claimed", claim({ 0: 7, 1: 2.5 }));
    expect(along).toMatchObject({ code: 0, valid: true });
  });

  it("may stand in the history itself", async () => {
    const events = history(text).events.map((event) =>
      event.type === "ok" && event.f === "write" ? { ...event, version: event.value } : event,
    );
    const file = writtenFile(cwd, "versioned.jsonl", formatJsonl(events));
    expect(await verdict(file, "--model", "sequential")).toMatchObject({ code: 1 });
  });

  it("are an anomaly when they contradict each other", async () => {
    const file = written(text);
    const twice = await verdict(file, "--model", "tso", "--claimed", claim({ 0: 3, 1: 3 }));
    expect(twice).toMatchObject({ code: 1, anomalies: [{ type: "version-conflict" }] });
  });
});

describe("what is refused in one line", () => {
  it.each([
    [["--model", "causal"], "set.jsonl", /set\.jsonl:\d+: .*not of add/],
    [["--model", "causal", "--type", "queue"], "register.jsonl", /not about a queue/],
    [["--model", "causal", "--reading", "views"], "register.jsonl", /--reading is of session/],
    [["--model", "causal+MR"], "register.jsonl", /model/],
  ])("%j of %s", async (args, name, expected) => {
    const { code, stderr } = await check(join(root, "histories/examples", name), ...args);
    expect([code, stderr.trim().split("\n").length]).toEqual([2, 1]);
    expect(stderr).toMatch(expected);
  });
});
