import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "../../src/base/errors.js";
import { commitOf, firstSeedOf, headOf } from "../../src/gate/index.js";

const hash = (lengths: readonly number[]) =>
  fc
    .constantFrom(...lengths)
    .chain((length) =>
      fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length }),
    )
    .map((digits) => digits.join(""));

describe("the seeds of a commit", () => {
  it("are known by its hash alone: the number that its first twelve digits write", () => {
    expect(firstSeedOf("000000000001ffffffffffffffffffffffffffff")).toBe(1);
    expect(firstSeedOf(`ffffffffffff${"0".repeat(28)}`)).toBe(2 ** 48 - 1);
    expect(firstSeedOf("7ef6243a4f1b0c8d9e0f1a2b3c4d5e6f708192a3")).toBe(0x7ef6243a4f1b);
  });

  it("leave room for ten million exact seeds behind the first", () => {
    fc.assert(
      fc.property(hash([40, 64]), (digits) => {
        const first = firstSeedOf(digits);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(Number.isSafeInteger(first + 10_000_000)).toBe(true);
      }),
    );
  });

  it("spread over the whole range as hashes do: two commits share seeds only with 48 equal bits", () => {
    fc.assert(
      fc.property(hash([40]), hash([40]), (one, other) => {
        const equal = one.slice(0, 12) === other.slice(0, 12);
        expect(firstSeedOf(one) === firstSeedOf(other)).toBe(equal);
      }),
    );
  });

  it("are those of no shortened hash: it would name other seeds than the whole", () => {
    for (const short of ["7ef6243", "", "main", "7EF6243A4F1B0C8D9E0F1A2B3C4D5E6F708192A3"]) {
      expect(() => firstSeedOf(short)).toThrow(UsageError);
    }
  });
});

describe("asking git", () => {
  const folder = mkdtempSync(join(tmpdir(), "faultline-git-"));
  const bare = mkdtempSync(join(tmpdir(), "faultline-no-git-"));
  const git = (...args: string[]) =>
    execa("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: folder });
  afterAll(() => {
    for (const dir of [folder, bare]) rmSync(dir, { recursive: true, force: true });
  });

  beforeAll(async () => {
    await git("init", "-q");
  });

  it("says why there is no commit: no repository, or nothing committed yet", async () => {
    expect(await headOf(bare)).toEqual({
      problem: expect.stringContaining("not a git repository"),
    });
    expect(await headOf(folder)).toEqual({ problem: expect.stringContaining("no such commit") });
  });

  it("gives the full hash of HEAD, of a branch, and of a shortened hash", async () => {
    await git("commit", "-q", "--allow-empty", "-m", "first");
    const { stdout: head } = await git("rev-parse", "HEAD");
    expect(await headOf(folder)).toEqual({ hash: head });
    for (const name of ["HEAD", "HEAD~0", head.slice(0, 8)]) {
      expect(await commitOf(name, folder)).toBe(head);
    }
  });

  it("takes a full hash as it is, in upper case too, where git does not know it", async () => {
    const foreign = "7ef6243a4f1b0c8d9e0f1a2b3c4d5e6f708192a3";
    expect(await commitOf(foreign, bare)).toBe(foreign);
    expect(await commitOf(foreign.toUpperCase(), folder)).toBe(foreign);
  });

  it("refuses what names no commit, options included", async () => {
    for (const name of ["nowhere", "--all", "-h", "HEAD:file"]) {
      await expect(commitOf(name, folder)).rejects.toThrow(/give all 40 digits/);
    }
  });
});
