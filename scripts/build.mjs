/**
 * Builds dist/, from scratch: types for each file, and code in a few dozen bundles, as loading a
 * thousand small files takes longer than most commands run. Makes the command executable, and links
 * it where npx looks first: npx can find a package's own command without that, but forgets it for
 * good when it was asked for once before the first build.
 */

import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = `${root}node_modules/typescript/bin/tsc`;
const link = `${root}node_modules/.bin/faultline`;

rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--emitDeclarationOnly"], {
  cwd: root,
  stdio: "inherit",
});
await bundle(root);
chmodSync(`${root}dist/src/cli/main.js`, 0o755);
if (process.platform !== "win32") {
  rmSync(link, { force: true });
  mkdirSync(`${root}node_modules/.bin`, { recursive: true });
  symlinkSync("../../dist/src/cli/main.js", link);
}
