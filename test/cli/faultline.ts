/** Runs the built command line in a folder of its own, as a user would. */

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll } from "vitest";

export const root = fileURLToPath(new URL("../..", import.meta.url));
/** The built command line. */
export const main = join(root, "dist/src/cli/main.js");

export interface Outcome {
  code: number | undefined;
  stdout: string;
  stderr: string;
}

/** A fresh folder, removed when the test file is done. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "faultline-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function faultline(
  args: readonly string[],
  options: { cwd: string; input?: string },
): Promise<Outcome> {
  if (!existsSync(main)) throw new Error("build first: npm run build (npm test does)");
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], {
    cwd: options.cwd,
    reject: false,
    ...(options.input === undefined ? {} : { input: options.input }),
  });
  return { code: exitCode, stdout: String(stdout), stderr: String(stderr) };
}
