/** The version of this package. */

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const version = readVersion();

/** The sources stand two folders below package.json, their compiled form three. */
function readVersion(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const file = [join(here, "../../package.json"), join(here, "../../../package.json")].find(
    existsSync,
  );
  if (file === undefined) return "unknown";
  return (createRequire(import.meta.url)(file) as { version: string }).version;
}
