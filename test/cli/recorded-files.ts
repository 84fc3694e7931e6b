/** Histories written by hand, as files for the command line. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatJsonl } from "../../histories/jsonl.js";
import { timeline } from "../checkers/timeline.js";

/** Writes `name`.jsonl, whose operations are told as test/checkers/timeline.ts says; gives its name. */
export function recordedFile(cwd: string, name: string, operations: string): string {
  return writtenFile(cwd, `${name}.jsonl`, formatJsonl(timeline(operations).events));
}

export function writtenFile(cwd: string, name: string, text: string): string {
  writeFileSync(join(cwd, name), text);
  return name;
}
