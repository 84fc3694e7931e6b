/** New failures as cases that are ready to commit: one for each group, which must pass from now on. */

import { UsageError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import { type Case, parseCase } from "../store/case-file.js";
import { fileStem, keepText } from "../store/files.js";
import type { FailureGroup, Found } from "./groups.js";

/** The text of a case with what a gate is to expect of it. @throws UsageError when it is no case. */
export function asGuard(text: string): string {
  const { format, version, expected, shrunk, plan } = parseCase(JSON.parse(text) as Json, "a case");
  const guard: Case = {
    format,
    version,
    expected,
    gate: { expected: "passes" },
    ...(shrunk === undefined ? {} : { shrunk }),
    plan,
  };
  return `${JSON.stringify(guard, null, 2)}\n`;
}

/**
 * Keeps a group's smallest story, or, when nothing of it was shrunk, its first failure as it came.
 * A file that is there already is never written over.
 * @throws UsageError when it cannot be written.
 */
export function saveGroup(
  folder: string,
  group: FailureGroup,
  textOf: (found: Found) => string,
): string {
  const first = group.members[0];
  if (first === undefined) throw new UsageError("a group without failures cannot be saved");
  if (group.smallest !== undefined) {
    return keepText(
      folder,
      slugOf(group.system, group.group as string),
      asGuard(group.smallest.text),
    );
  }
  const stem = `${slugOf(group.system, group.signature)}-seed${first.seed}`;
  return keepText(folder, stem, asGuard(textOf(first)));
}

/** A name for files: signatures have slashes in them, programs whole command lines. */
export function slugOf(system: string, group: string): string {
  const whose = /\s/.test(system) ? "bin" : fileStem(system);
  return `${whose}-${group.replace(/[^\w.+-]+/g, "-")}`;
}
