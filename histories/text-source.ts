/**
 * The text of a file or of a stream, piece by piece, so that no file is too big. Strict: what is not
 * UTF-8 is refused. Pieces are cut anywhere between two characters. This file and nothing else in
 * this folder reads anything.
 */

import { isAscii } from "node:buffer";
import { open } from "node:fs/promises";
import { UsageError } from "../src/base/errors.js";
import { at } from "./recording.js";
import type { TruncationOptions } from "./truncated.js";

const CHUNK_BYTES = 1 << 18;
const BYTE_ORDER_MARK = "\uFEFF";

/** What messages call the source of a path. */
export function sourceName(path: string): string {
  return path === "-" ? "standard input" : path;
}

/**
 * The pieces of a file, or of standard input when the path is `-`; a byte order mark is left out.
 * @throws UsageError for a path that cannot be read, and for what is not UTF-8.
 */
export function textOf(
  path: string,
  options: TruncationOptions = {},
): AsyncGenerator<string, void> {
  return decoded(path === "-" ? process.stdin : fileBytes(path), sourceName(path), options);
}

/** The same for bytes from anywhere, each chunk of which may be reused once the next is asked for. */
export async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  { allowTruncated }: TruncationOptions = {},
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let begun = false;
  let rest: Uint8Array = new Uint8Array(0);
  try {
    for await (const chunk of chunks) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const whole = wholeCharacters(bytes);
      const text = isAscii(bytes)
        ? Buffer.from(bytes.buffer, bytes.byteOffset, whole).toString("latin1")
        : decoder.decode(bytes.subarray(0, whole));
      // A copy: the bytes may be overwritten.
      rest = Buffer.from(bytes.subarray(whole));
      if (text === "") continue;
      yield !begun && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
      begun = true;
    }
    if (!allowTruncated) decoder.decode(rest);
  } catch (error) {
    // What the consumer throws does not come through here.
    throw new UsageError(`${at(source)}${unreadable(error as NodeJS.ErrnoException)}`);
  }
}

async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** How many bytes come before a character that is cut at the end. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function unreadable(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "ENOENT":
      return "no such file: check the path";
    case "EISDIR":
      return "a directory, not a history: name the files in it";
    case "EACCES":
      return "no permission to read it";
    case "ERR_ENCODING_INVALID_ENCODED_DATA":
      return "not UTF-8 text: unpack or convert it first";
    default:
      return `cannot be read: ${error.message}`;
  }
}
