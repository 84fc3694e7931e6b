/** The lines of a file that may be longer than a string can be, with where each of them ends. */

import { closeSync, openSync, readSync } from "node:fs";
import { UsageError } from "../base/errors.js";
import { reasonOf } from "./files.js";

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 10;

export interface Line {
  text: string;
  /** Bytes of the file up to the end of this line, its newline included. */
  end: number;
  /** False for a last line without a newline: whoever wrote it was cut off. */
  whole: boolean;
}

/** @throws UsageError when there is no such file or it cannot be read. */
export function* readLines(file: string): Generator<Line> {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    yield* linesOf(descriptor);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file}: ${reasonOf(error)}`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function* linesOf(descriptor: number): Generator<Line> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  let end = 0;
  for (;;) {
    const read = readSync(descriptor, chunk);
    if (read === 0) break;
    rest = Buffer.concat([rest, chunk.subarray(0, read)]);
    let start = 0;
    for (;;) {
      const at = rest.indexOf(NEWLINE, start);
      if (at < 0) break;
      end += at + 1 - start;
      yield { text: rest.toString("utf8", start, at), end, whole: true };
      start = at + 1;
    }
    rest = rest.subarray(start);
  }
  if (rest.length > 0) yield { text: rest.toString("utf8"), end: end + rest.length, whole: false };
}
