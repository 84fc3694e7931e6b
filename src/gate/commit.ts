/**
 * Seeds from a commit: the first twelve digits of its hash, read as a number, are the first seed,
 * and the others follow one by one.
 *
 * So every commit is tried on seeds of its own, and anybody who has its hash can try the same ones,
 * on any machine, in a shallow clone, or without git at all. 48 bits leave every seed an exact
 * integer, and the seeds of two commits some 2^48 / runs apart.
 */

import { UsageError } from "../base/errors.js";

const HASH_DIGITS = 12;
const FULL_HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** @throws UsageError unless it is a full SHA-1 or SHA-256 hash in lower case. */
export function firstSeedOf(hash: string): number {
  if (!FULL_HASH.test(hash)) throw new UsageError(`"${hash}" is not the full hash of a commit`);
  return Number.parseInt(hash.slice(0, HASH_DIGITS), 16);
}

/**
 * The full hash of a commit. A full hash is taken as it is, whether or not this clone has it.
 * @throws UsageError when it is not one, and git cannot say which is meant.
 */
export async function commitOf(reference: string, cwd: string): Promise<string> {
  const lower = reference.toLowerCase();
  if (FULL_HASH.test(lower)) return lower;
  const found = await askGit(reference, cwd);
  if ("hash" in found) return found.hash;
  throw new UsageError(
    `--seed-from-commit ${reference}: ${found.problem}: give all 40 digits of a hash, or --seeds A..B`,
  );
}

/** The commit that is checked out, or why it is not known: no git, no repository, no commit yet. */
export async function headOf(cwd: string): Promise<{ hash: string } | { problem: string }> {
  return askGit("HEAD", cwd);
}

async function askGit(
  reference: string,
  cwd: string,
): Promise<{ hash: string } | { problem: string }> {
  // A name that git would take for an option is no name of a commit.
  if (reference.startsWith("-")) return { problem: "no such commit" };
  const { execa } = await import("execa");
  const { exitCode, stdout, stderr } = await execa(
    "git",
    ["rev-parse", "--verify", `${reference}^{commit}`],
    { cwd, reject: false, stdin: "ignore" },
  );
  if (exitCode === undefined) return { problem: "git does not run here" };
  const hash = stdout.trim();
  if (exitCode === 0 && FULL_HASH.test(hash)) return { hash };
  if (/not a git repository/i.test(stderr)) return { problem: "this is not a git repository" };
  // Such as a checkout that belongs to somebody else: git's own words name the way out.
  if (/dubious ownership/i.test(stderr)) {
    return { problem: "git does not trust this checkout (dubious ownership, see safe.directory)" };
  }
  return { problem: "git knows no such commit" };
}
