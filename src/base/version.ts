/** The version of this package, and where its files are. */

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const version = readVersion();

/** Where a file of this package lies, by its path from the package's root. */
export function packageFile(path: string): string {
  return join(packageRoot() ?? ".", path);
}

function readVersion(): string {
  const root = packageRoot();
  if (root === undefined) return "unknown";
  return (createRequire(import.meta.url)(join(root, "package.json")) as { version: string })
    .version;
}

/** The sources stand two folders below package.json, their compiled form three. */
function packageRoot(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, "../.."), join(here, "../../..")].find((folder) =>
    existsSync(join(folder, "package.json")),
  );
}
