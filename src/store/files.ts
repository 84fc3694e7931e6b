/** Reading and writing files at the border: every failure is one line that says which file and why. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../base/errors.js";
import type { Json } from "../base/json.js";

/** @throws UsageError when there is no such file or it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file}: ${reasonOf(error)}`);
  }
}

/** @throws UsageError naming the line of the first syntax error. */
export function readJson(file: string): Json {
  const text = readText(file);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new UsageError(`${file}: not JSON: ${syntaxProblem(text, (error as Error).message)}`);
  }
}

/** Writes a new file, making its folder. @throws UsageError when it cannot. */
export function writeText(file: string, text: string): void {
  makeFolder(dirname(file));
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file}: cannot write: ${reasonOf(error)}`);
  }
}

/** What a system is called in file names: a file's own name without folder and ending. */
export function fileStem(system: string): string {
  const name = /[/\\]/.test(system) ? basename(system).replace(/\.[^.]+$/, "") : system;
  return name.replace(/[^\w+.-]+/g, "_");
}

/**
 * Makes a folder and those above it, one by one: Node's own recursive way never comes back from
 * places where nothing can be made, such as /proc.
 * @throws UsageError when it cannot.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    throw new UsageError(`${folder}: cannot make this folder: ${reasonOf(error)}`);
  }
}

/** `stem` or, where that is taken, `stem-2`, `stem-3` …: nothing is ever written over. */
export function freeName(folder: string, stem: string, extension = ""): string {
  for (let i = 1; ; i++) {
    const candidate = join(folder, `${stem}${i === 1 ? "" : `-${i}`}${extension}`);
    if (!existsSync(candidate)) return candidate;
  }
}

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
      return "no such file";
    case "EISDIR":
      return "is a directory";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENOTDIR":
      return "part of its path is not a directory";
    default:
      return (error as Error).message.split("\n")[0] as string;
  }
}

/** V8 gives an offset in some messages and nothing in others; a line number is what people need. */
function syntaxProblem(text: string, message: string): string {
  const position = message.match(/at position (\d+)/)?.[1];
  const short = message.replace(/ \(line .*$| in JSON.*$|,? ".*$/s, "");
  if (text.trim() === "") return "the file is empty";
  if (position === undefined) return short;
  return `line ${text.slice(0, Number(position)).split("\n").length}: ${short}`;
}
