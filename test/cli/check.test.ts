import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatJsonl } from "../../histories/jsonl.js";
import { atomicRegister } from "../checkers/linearizability/atomic-register.js";
import { timeline } from "../checkers/timeline.js";
import { faultline, root, scratch } from "./faultline.js";
import { recordedFile, writtenFile } from "./recorded-files.js";

const cwd = scratch();
const run = (...args: string[]) => faultline(["check", ...args], { cwd });
const document = async (...args: string[]) => JSON.parse((await run(...args, "--json")).stdout);
const read = (path: string): string => readFileSync(join(cwd, path), "utf8");
const recorded = (name: string, operations: string) => recordedFile(cwd, name, operations);
const PAGE = /page: (\S+\.html)/;

const STALE = `
  0 write 1   0..1
  1 read = 1  2..3
  0 write 2   4..5
  1 read = 1  6..7
  2 read = 2  8..9
`;
const SOUND = `
  0 write 1   0..4
  1 write 2   1..5
  2 read = 1  2..3
  2 read = 2  6..7
`;
/** Two writes of one value, and reads that see it come and go. */
const TO_SEARCH = `
  0 write 1   0..9
  1 write 2   0..9
  2 write 1   0..9
  3 read = 1  1..2
  3 read = 2  3..4
  3 read = 1  5..6
`;

describe("a history that is not linearizable", () => {
  const stale = recorded("stale", STALE);

  it("ends with 1 and says the anomaly, who is involved, how far it was sound, and draws it", async () => {
    const { code, stdout } = await run(stale, "--no-page");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^stale\.jsonl: INVALID: linearizable as register \(inferred\), 5 op/);
    expect(stdout).toMatch(/stale-read: process 1 read 1 .*write of 2 by process 0/);
    expect(stdout).toContain("the 7 events before event 7 are linearizable");
    expect(stdout).toMatch(/process 0 .*\|- write 1 -\|.*\|- write 2 -\|/);
    expect(stdout).toMatch(/process 1 .*\|! read -> 1 !\|/);
  });

  it("says how stale its reads are, as the models for staleness do", async () => {
    const { notes } = await document(stale, "--no-page");
    const { notes: asked } = await document(stale, "--model", "k-atomic");
    expect(notes.staleness).toMatchObject({ k: 2, deltaNs: asked.deltaNs });
    expect(asked.deltaNs).toBeGreaterThan(0);
    expect((await run(stale, "--no-page")).stdout).toContain(
      `reads are stale by k = 2, Delta = ${asked.deltaNs} ns`,
    );
  });

  it("gets a page below --out that holds its operations and the verdict", async () => {
    const { stdout } = await run(stale, "--out", "kept");
    const path = PAGE.exec(stdout)?.[1] ?? "";
    expect(path).toMatch(/^kept\/checks\/stale.*\.html$/);
    const page = read(path);
    expect(page).toMatch(/^<!doctype html>/i);
    for (const part of ["stale-read", "write 1", "write 2", "read -&#62; 1", "process 2"]) {
      expect(page).toContain(part);
    }
    expect(page).not.toMatch(/(?:src|href)="https?:/);
  });

  it("gets no page with --no-page", async () => {
    const { stdout } = await run(stale, "--no-page", "--out", "unwanted");
    expect(stdout).not.toMatch(PAGE);
    expect(existsSync(join(cwd, "unwanted"))).toBe(false);
  });

  it("never gets a page where an earlier one is", async () => {
    const paths: string[] = [];
    for (let i = 0; i < 3; i++) {
      const [anomaly] = (await document(stale, "--out", "again")).anomalies;
      paths.push(anomaly.page);
      writtenFile(cwd, anomaly.page, `page ${i}`);
    }
    expect(new Set(paths).size).toBe(3);
    expect(paths.map(read)).toEqual(["page 0", "page 1", "page 2"]);
  });

  it("gets a page that shades what the nemesis did and marks what nodes said", async () => {
    const faulty = recorded(
      "faulty",
      `${STALE}
      nemesis partition {"id":1,"groups":[["n1"],["n2"]]}  3.5
      n2 leader {"term":7}                                 5.5
      nemesis partition-end {"id":1}                       6.5`,
    );
    const [{ page }] = (await document(faulty)).anomalies;
    const drawn = read(page);
    const [window] = drawn.match(/<g class="fault">.*?<\/g>/s) ?? [];
    expect(window).toMatch(/<title>partition .*n1.*<rect /s);
    expect(drawn).toMatch(/<g class="moment">\s*<title>n2: leader .*term/);
    const [{ page: calm }] = (await document(stale)).anomalies;
    expect(read(calm)).not.toContain('<g class="fault">');
  });

  it("is drawn for each key that is violated, with a page of its own", async () => {
    const on = (key: string): string => STALE.replaceAll(/ +(\d\.\.)/g, ` @${key} $1`);
    const byOthers = on("y").replaceAll(/^ {2}(\d)/gm, "  1$1");
    const { anomalies } = await document(recorded("keys", on("x") + byOthers));
    const pages = anomalies.map(({ page }: { page: string }) => page);
    expect(anomalies.map(({ type }: { type: string }) => type)).toEqual([
      "stale-read",
      "stale-read",
    ]);
    expect(new Set(pages).size).toBe(2);
    for (const page of pages) expect(existsSync(join(cwd, page))).toBe(true);
  });
});

describe("a linearizable history", () => {
  const sound = recorded("sound", SOUND);

  it("ends with 0", async () => {
    const { code, stdout } = await run(sound);
    expect(code).toBe(0);
    expect(stdout).toBe("sound.jsonl: valid: linearizable as register (inferred), 4 operations");
  });

  it("shows with --witness an order of every object that respects time and answers", async () => {
    const { linearizations } = await document(sound, "--witness");
    expect(linearizations).toHaveLength(1);
    expect((await document(sound)).linearizations).toBeUndefined();
    const { operations } = timeline(SOUND);
    const order = (linearizations[0].ops as number[]).map(
      (index) => operations.find(({ invoked }) => invoked === index)!,
    );
    expect(new Set(order).size).toBe(4);
    let value: unknown = null;
    for (const [i, { f, input, output, invoked }] of order.entries()) {
      if (f === "write") value = input;
      else expect(output).toEqual(value);
      for (const later of order.slice(i)) expect(later.completed).toBeGreaterThan(invoked);
    }
  });
});

describe("a search that is cut short", () => {
  it("ends with 3 and says how far it came; without the limit it decides", async () => {
    const file = recorded("search", TO_SEARCH);
    const { code, stdout } = await run(file, "--steps", "1");
    expect(code).toBe(3);
    expect(stdout).toMatch(/unknown: .*budget of 1 steps is spent.*its events before event \d+ of/);
    expect((await run(file)).code).toBe(0);
  });
});

describe("the document of --json", () => {
  it("is one object for one file, and nothing else is on stdout", async () => {
    const { code, stdout } = await run(recorded("one", STALE), "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      file: "one.jsonl",
      valid: false,
      model: "linearizable",
      anomalies: [
        {
          type: "stale-read",
          message: expect.stringContaining("process 1 read 1"),
          ops: [0, 4, 6],
          brokenAt: 7,
          timeline: expect.stringContaining("|! read -> 1 !|"),
          page: expect.stringMatching(/^\.faultline\/checks\/one.*\.html$/),
        },
      ],
      ops: 5,
      wallMs: expect.any(Number),
      notes: expect.objectContaining({ type: "register", inferred: true, objects: 1 }),
    });
  });

  it("is a list for several, in the order given, with the worst exit code", async () => {
    const files = [recorded("a", SOUND), recorded("b", TO_SEARCH), recorded("c", STALE)];
    const { code, stdout } = await run(...files, "--json", "--steps", "1");
    expect(code).toBe(1);
    const verdicts = JSON.parse(stdout).map((one: object) => Object.entries(one).slice(0, 2));
    expect(verdicts).toEqual([
      [
        ["file", "a.jsonl"],
        ["valid", true],
      ],
      [
        ["file", "b.jsonl"],
        ["valid", "unknown"],
      ],
      [
        ["file", "c.jsonl"],
        ["valid", false],
      ],
    ]);
    expect((await run(files[0]!, files[1]!, "--steps", "1")).code).toBe(3);
  });

  it("does not depend on the number of jobs", async () => {
    const events = [1, 2, 3, 4].flatMap((seed) => {
      const load = { seed, clients: 4, operations: 1400, values: 3, crashPermille: 0 };
      const history = atomicRegister({ ...load, stale: seed === 3 });
      return history.events.map((event) => ({
        ...event,
        process: Number(event.process) + 10 * seed,
        key: `k${seed}`,
      }));
    });
    const sorted = events.sort((a, b) => a.time - b.time);
    const text = formatJsonl(sorted.map((event, index) => ({ ...event, index })));
    const file = writtenFile(cwd, "many.jsonl", text);
    const documents = [];
    for (const jobs of ["1", "2"]) {
      const { wallMs: _, ...rest } = await document(file, "--jobs", jobs, "--no-page");
      documents.push(rest);
    }
    const [one, two] = documents;
    expect(two).toEqual(one);
    expect(one).toMatchObject({ valid: false, ops: 5600, notes: { algorithms: { search: 4 } } });
    expect(one?.anomalies).toHaveLength(1);
  });
});

describe("a folder", () => {
  it("stands for the histories in it, by name", async () => {
    mkdirSync(join(cwd, "folder"));
    for (const [name, operations] of Object.entries({ b: SOUND, a: STALE })) {
      renameSync(join(cwd, recorded(name, operations)), join(cwd, "folder", `${name}.jsonl`));
    }
    writtenFile(cwd, "folder/readme.md", "no history");
    const { code, stdout } = await run("folder");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^folder\/a\.jsonl: INVALID.*\nfolder\/b\.jsonl: valid/s);
    expect(stdout).toMatch(/2 histories: 1 valid, 1 invalid, 0 unknown$/);
  });

  it("without histories is refused", async () => {
    mkdirSync(join(cwd, "hollow"));
    const { code, stderr } = await run("hollow");
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^faultline: hollow: no history in this folder .*$/),
    ]);
  });
});

describe("Jepsen's EDN", () => {
  const event = (process: number, type: string, f: string, value: string): string =>
    `{:process ${process}, :type :${type}, :f :${f}, :value ${value}}\n`;
  const text = (answer: string): string =>
    event(0, "invoke", "write", "[:x 1]") +
    event(0, "ok", "write", "[:x 1]") +
    event(0, "invoke", "write", "[:y 2]") +
    event(0, "ok", "write", "[:y 2]") +
    event(0, "invoke", "read", "[:x nil]") +
    event(0, "ok", "read", `[:x ${answer}]`);

  it("is judged key by key where its values hold the keys", async () => {
    const file = writtenFile(cwd, "keyed.edn", text("1"));
    expect(await document(file)).toMatchObject({ valid: true, notes: { objects: 2 } });
  });

  it("has keys in its values or not as --keyed says, and nothing else is taken for an answer", async () => {
    const file = writtenFile(cwd, "told.edn", text("1"));
    const whole = await document(file, "--keyed", "false", "--no-page");
    expect(whole).toMatchObject({ valid: false, notes: { objects: 1 } });
    const { code, stderr } = await run(file, "--keyed", "perhaps");
    expect([code, stderr]).toEqual([2, expect.stringContaining("expected auto, true or false")]);
  });

  it("names the key that is violated", async () => {
    const file = writtenFile(cwd, "mixed.edn", text("2"));
    const { anomalies } = await document(file, "--no-page");
    expect(anomalies).toMatchObject([{ message: expect.stringContaining("key x"), ops: [4] }]);
  });
});

describe("bounded staleness", () => {
  const stale = recorded("bounded", STALE);

  it("is held against --k", async () => {
    const within = await document(stale, "--model", "k-atomic", "--k", "2");
    expect(within).toMatchObject({ valid: true, model: "k-atomic", notes: { k: 2 } });
    expect((await run(stale, "--model", "k-atomic", "--k", "1")).code).toBe(1);
    expect((await run(stale, "--model", "k-atomic")).code).toBe(0);
  });

  it("is held against --delta", async () => {
    const model = ["--model", "delta-atomic"];
    expect((await run(stale, ...model, "--delta", "1ms")).code).toBe(0);
    const { code, stdout } = await run(stale, ...model, "--delta", "999us");
    expect(code).toBe(1);
    expect(stdout).toMatch(/stale-read: process 1 read 1/);
  });

  it.each([
    ["--k", "2"],
    ["--delta", "5ms"],
  ])("%s is refused where nothing is held against it", async (option, bound) => {
    const { code, stderr } = await run(stale, option, bound);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/is a bound of (?:k|delta)-atomic: add --model/),
    ]);
  });
});

it("what this repository's examples show is judged as they say", async () => {
  const verdicts = await document(join(root, "histories/examples"), "--no-page");
  const invalid = verdicts.filter(({ valid }: { valid: unknown }) => valid !== true);
  const names = invalid.map(({ file }: { file: string }) => file.split("/").at(-1));
  expect(names).toContain("stale-read.jsonl");
  expect(names).not.toContain("register.jsonl");
});
