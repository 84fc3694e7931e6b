/**
 * A user's file may import "faultline" although it is not installed beside it: `npx` ran us from
 * elsewhere. Then the name means us, the very copy that is running.
 */

import { createRequire } from "node:module";
import { packageFile } from "../base/version.js";

const entries: { readonly [name: string]: string } = {
  faultline: "dist/src/index.js",
  "faultline/checkers": "dist/checkers/index.js",
  "faultline/histories": "dist/histories/index.js",
  "faultline/systems": "dist/systems/index.js",
  "faultline/workloads": "dist/workloads/index.js",
  "faultline/nemeses": "dist/nemeses/index.js",
  "faultline/sim": "dist/src/sim/index.js",
};

/** Where our own names lead for a file at this path; nowhere special where they are installed. */
export function aliasesFor(path: string): { [name: string]: string } {
  try {
    createRequire(path).resolve("faultline");
    return {};
  } catch {
    // Longer names first: an alias also stands for what begins with it.
    const names = Object.keys(entries).sort((a, b) => b.length - a.length);
    return Object.fromEntries(names.map((name) => [name, packageFile(entries[name] as string)]));
  }
}
