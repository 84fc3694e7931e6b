import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/base/errors.js";
import { parseCommandLine, splitWords } from "../../../src/hosts/process/command-line.js";

const cwd = mkdtempSync(join(tmpdir(), "faultline-"));
const where = { cwd, path: process.env["PATH"] };
writeFileSync(join(cwd, "plain.txt"), "no program");
writeFileSync(join(cwd, "node.sh"), "#!/bin/sh\n");
chmodSync(join(cwd, "node.sh"), 0o755);

describe("a command line", () => {
  it("is split at blanks, and quotes and backslashes hold words together as in a shell", () => {
    expect(splitWords("python3  my_node.py --x=1")).toEqual(["python3", "my_node.py", "--x=1"]);
    expect(splitWords(`sh -c 'a "b" $c'`)).toEqual(["sh", "-c", 'a "b" $c']);
    expect(splitWords('a "b \\"c\\" \\d" e\\ f')).toEqual(["a", 'b "c" \\d', "e f"]);
    expect(splitWords("a '' \"\"b")).toEqual(["a", "", "b"]);
  });

  it("refuses a quote that is never closed", () => {
    expect(() => splitWords("python3 'my node.py")).toThrow(UsageError);
  });

  it("finds programs on PATH, by path, and in the working directory", () => {
    expect(parseCommandLine("sh -c true", where).file).toMatch(/\/sh$/);
    expect(parseCommandLine("./node.sh", where).file).toBe(join(cwd, "node.sh"));
    expect(parseCommandLine("node.sh a", where)).toEqual({
      file: join(cwd, "node.sh"),
      args: ["a"],
    });
  });

  it.each([
    ["", "empty"],
    ["no-such-program --x", '"no-such-program"'],
    ["./missing", '"./missing"'],
    ["./plain.txt", "not executable"],
    ["sh missing.sh", "missing.sh does not exist"],
  ])("of %j is refused in one line that names what is wrong", (text, reason) => {
    expect(() => parseCommandLine(text, where)).toThrow(UsageError);
    expect(() => parseCommandLine(text, where)).toThrow(reason);
    expect(() => parseCommandLine(text, where)).not.toThrow("\n");
  });
});
