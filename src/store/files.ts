/** Reading and writing files at the border: every failure is one line that says which file and why. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
    // Editors on Windows put a mark before the text that says how it is encoded.
    return JSON.parse(text.replace(/^\ufeff/, "")) as Json;
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
    throw new UsageError(
      `${folder}: cannot make this folder (${reasonOf(error)}): name one that can be written`,
    );
  }
}

/** `stem` or, where that is taken, `stem-2`, `stem-3` …: nothing is ever written over. */
export function freeName(folder: string, stem: string, extension = ""): string {
  const names = namesIn(folder, stem, extension);
  for (;;) {
    const name = names.next().value;
    if (!existsSync(name)) return name;
  }
}

/**
 * Makes a folder that nobody else has, `stem` or `stem-2` …, also while others do the same.
 * @throws UsageError when it cannot.
 */
export function makeNewFolder(above: string, stem: string): string {
  makeFolder(above);
  return firstFree(namesIn(above, stem, ""), (folder) => mkdirSync(folder));
}

/**
 * Keeps a text as `stem.json`, also while others do the same: an equal text keeps the file that it
 * has, a different one of that name gets a new one.
 * @throws UsageError when it cannot.
 */
export function keepText(folder: string, stem: string, text: string): string {
  makeFolder(folder);
  return firstFree(namesIn(folder, stem, ".json"), (file) => {
    if (existsSync(file) && readText(file) === text) return;
    try {
      writeFileSync(file, text, { flag: "wx" });
    } catch (error) {
      // A disk that filled up in the middle leaves half a file, which nobody is to take for a whole.
      if (codeOf(error) !== "EEXIST") rmSync(file, { force: true });
      throw error;
    }
  });
}

function* namesIn(folder: string, stem: string, extension: string): Generator<string, never> {
  for (let i = 1; ; i++) yield join(folder, `${stem}${i === 1 ? "" : `-${i}`}${extension}`);
}

/** The first name under which `make` succeeds; it fails with EEXIST where somebody has the name. */
function firstFree(names: Generator<string, never>, make: (name: string) => void): string {
  for (;;) {
    const name = names.next().value;
    try {
      make(name);
      return name;
    } catch (error) {
      if (codeOf(error) === "EEXIST") continue;
      if (error instanceof UsageError) throw error;
      throw new UsageError(`${name}: cannot write: ${reasonOf(error)}`);
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Why the file system refused, as people say it. */
export function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case "ENOENT":
      return "no such file";
    case "EISDIR":
      return "is a directory";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENOTDIR":
      return "part of its path is not a directory";
    case "ENOSPC":
    case "EDQUOT":
      return "no space left on the disk";
    case "EROFS":
      return "the file system is read-only";
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
