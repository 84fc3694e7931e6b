import { describe, expect, it } from "vitest";
import { faultline, scratch } from "./faultline.js";
import { recordedFile, writtenFile } from "./recorded-files.js";

const cwd = scratch();
const run = (...args: string[]) => faultline(["check", ...args], { cwd });

/** Per type a history that tells which one it is. */
const TYPICAL: { [type: string]: string } = {
  register: "0 write 1 0..1\n1 read = 1 2..3",
  "cas-register": "0 write 1 0..1\n1 cas [1,2] 2..3\n0 read = 2 4..5",
  kv: "0 put 1 @x 0..1\n1 get = 1 @x 2..3",
  "kv with appends": '0 append "a" @x 0..1\n0 append "b" @x 2..3\n1 read = "ab" @x 4..5',
  set: "0 add 1 0..1\n1 add 2 0..2\n0 read = [2,1] 3..4",
  counter: "0 add 2 0..1\n1 add 3 0..2\n0 read = 5 3..4",
  "counter by steps": "0 increment 0..1\n1 decrement 2..3\n0 read = 0 4..5",
  mutex: "0 acquire 0..1\n0 release 2..3\n1 acquire 4..5",
  queue: "0 enqueue 1 0..1\n1 dequeue = 1 2..3\n1 dequeue = null 4..5",
  stack: "0 push 1 0..1\n0 push 2 2..3\n1 pop = 2 4..5",
  "priority-queue": "0 insert 2 0..1\n0 insert 1 2..3\n1 delete-min = 1 4..5",
  "max-priority-queue": "0 insert 1 0..1\n0 insert 2 2..3\n1 delete-max = 2 4..5",
  "list-append": "0 append 1 0..1\n0 append 2 2..3\n1 read = [1,2] 4..5",
  "fetch-and-add": "0 fetch-and-add 2 = 0 0..1\n1 fetch-and-add 1 = 2 2..3\n0 read = 3 4..5",
  "unique-ids": '0 generate = "a" 0..1\n1 generate = "b" 0..2',
};

describe("the type", () => {
  it("is inferred from what clients called and were answered, and that is said", async () => {
    const files = Object.entries(TYPICAL).map(([type, text]) => recordedFile(cwd, type, text));
    const { code, stdout } = await run(...files, "--json");
    const told = JSON.parse(stdout).map(
      ({ file, valid, notes }: { file: string; valid: unknown; notes: object }) => [
        file,
        valid,
        notes,
      ],
    );
    expect(code).toBe(0);
    expect(told).toEqual(
      Object.keys(TYPICAL).map((name) => {
        const [type] = name.split(" ");
        return [`${name}.jsonl`, true, expect.objectContaining({ type, inferred: true })];
      }),
    );
  });

  it("is a semaphore where --init tells the permits", async () => {
    const text = "0 acquire 0..1\n1 acquire 2..3\n1 release 4..5\n1 acquire 6..7";
    const permits = recordedFile(cwd, "permits", text);
    const { code, stdout } = await run(permits, "--init", "2");
    expect([code, stdout]).toEqual([0, expect.stringContaining("as semaphore (inferred)")]);
    expect((await run(permits, "--no-page")).code).toBe(1);
  });

  it("is not called inferred when it was given", async () => {
    const file = recordedFile(cwd, "given", TYPICAL["register"]!);
    const { stdout } = await run(file, "--type", "cas-register");
    expect(stdout).toContain("as cas-register, 2 operations");
  });

  it.each([
    ["register", "queue", /:1: .*a register offers read, write, not enqueue: try --type queue$/],
    ["set", "counter", /no read returns a list: try --type counter$/],
    ["counter", "set", /no read returns a number: try --type set$/],
    ["list-append", "kv with appends", /no read returns a list: try --type kv$/],
    ["queue", "stack", /:1: .*not push: try --type stack$/],
    ["mutex", "register", /:1: .*not write: try --type register$/],
  ])("%s is refused for what is a %s", async (wrong, right, message) => {
    const file = recordedFile(cwd, "refused", TYPICAL[right]!);
    await expectRefusal([file, "--type", wrong], message);
  });

  it("is refused when no such type exists, with the nearest", () =>
    expectRefusal(["x.jsonl", "--type", "regster"], /did you mean register/));
});

describe("what no client can have meant is refused with its line:", () => {
  it.each([
    ["a function that no type offers", "0 write 1 0..1\n0 frob 2 2..3", /frob/],
    ["an enqueue without a value", "0 enqueue 1 0..1\n0 enqueue 2..3", /:3: .*enqueue/],
    ["a push without a value", "0 push 1 0..1\n0 push 2..3", /:3: .*push/],
    ["an insert without a value", "0 insert 1 0..1\n0 insert 2..3", /:3: .*insert/],
    ["an add without an element", "0 read = [] 0..1\n0 add 2..3", /:3: .*add/],
    ["an append without a value", "0 append 1 0..1\n0 append 2..3", /:3: .*append/],
    ["a cas without a pair", "0 write 1 0..1\n0 cas 2 2..3", /:3: .*\[from, to\], got 2/],
    ["a fetch-and-add of a word", "0 faa 1 = 0 0..1\n0 faa x 2..3", /:3: .*whole number, got/],
    ["a counter that adds no whole number", "0 add 1.5 0..1\n0 read = 1 2..3", /:1: .*whole/],
  ])("%s", (_, operations, message) =>
    expectRefusal([recordedFile(cwd, "meant", operations)], message),
  );

  const event = (time: number, process: number, type: string): string =>
    `${JSON.stringify({ index: time, time, process, type, f: "write", value: time })}\n`;

  it("two operations open in one process", () =>
    expectRefusal(
      [writtenFile(cwd, "open.jsonl", event(0, 0, "invoke") + event(1, 0, "invoke"))],
      /^faultline: open\.jsonl:2: process 0 /,
    ));

  it("a completion before its invocation", () => {
    const text = event(0, 1, "invoke") + event(1, 0, "ok") + event(2, 0, "invoke");
    return expectRefusal([writtenFile(cwd, "early.jsonl", text)], /early\.jsonl:2: process 0 /);
  });

  it("an initial value that the type does not have", () =>
    expectRefusal(
      [recordedFile(cwd, "start", "0 acquire 0..1"), "--type", "semaphore"],
      /permits/,
    ));
});

async function expectRefusal(args: string[], message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
  expect(stderr.split("\n")).toHaveLength(1);
}
