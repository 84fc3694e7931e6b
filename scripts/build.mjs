/**
 * Compiles to dist/, from scratch, makes the command executable, and links it where npx looks first:
 * npx can find a package's own command without that, but forgets it for good when it was asked for
 * once before the first build.
 */

import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = `${root}node_modules/typescript/bin/tsc`;
const link = `${root}node_modules/.bin/faultline`;

rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
chmodSync(`${root}dist/src/cli/main.js`, 0o755);
if (process.platform !== "win32") {
  rmSync(link, { force: true });
  mkdirSync(`${root}node_modules/.bin`, { recursive: true });
  symlinkSync("../../dist/src/cli/main.js", link);
}
