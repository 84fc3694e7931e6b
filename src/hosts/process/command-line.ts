/**
 * The command line of an external program: words as a POSIX shell would split them, but no shell.
 *
 * Quotes and backslashes work as in sh; variables, globs, pipes and redirections do not exist (say
 * `sh -c '...'` for those). The program is looked up before anything starts, so that a misspelt
 * one is a usage error and not a node that crashed.
 */

import { accessSync, constants, existsSync, statSync } from "node:fs";
import { basename, delimiter, isAbsolute, join, resolve } from "node:path";
import { UsageError } from "../../base/errors.js";

export interface CommandLine {
  /** An absolute path. */
  file: string;
  args: string[];
}

/** Interpreters whose first plain argument is the program that the user means. */
const interpreter = /^(node|nodejs|bun|deno|python[\d.]*|pypy[\d.]*|ruby|perl|php|lua|bash|sh)$/;

/**
 * V8 starts timers of its own (8 s) after a garbage collection, to collect once more in idle times.
 * From outside they look like the program's, and virtual time would wait for them.
 */
const quietNode = "--no-memory-reducer";

/**
 * Splits and resolves a command line against a working directory and a PATH.
 * @throws UsageError for an open quote, an empty line, a program (or an interpreter's script) that
 * does not exist or may not be executed.
 */
export function parseCommandLine(
  text: string,
  where: { cwd: string; path: string | undefined },
): CommandLine {
  const [name, ...args] = splitWords(text);
  if (name === undefined) {
    throw new UsageError('--bin is empty: give a command line, such as --bin "python3 my_node.py"');
  }
  const file = resolveProgram(name, where);
  const script = args.find((arg) => !arg.startsWith("-"));
  const plain = script !== undefined && args[0] === script && interpreter.test(basename(file));
  if (plain && !existsSync(resolve(where.cwd, script))) {
    throw new UsageError(`--bin: ${script} does not exist in ${where.cwd}: check the path`);
  }
  return { file, args: /^node(js)?$/.test(basename(file)) ? [quietNode, ...args] : args };
}

/** Words of a command line, quotes removed. @throws UsageError for a quote that is not closed. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (quote === "'") {
      if (char === "'") quote = "";
      else word += char;
    } else if (char === "\\" && (quote === "" || /["\\$`]/.test(text[i + 1] ?? ""))) {
      word = (word ?? "") + (text[++i] ?? "");
    } else if (char === quote) quote = "";
    else if (quote !== "") word += char;
    else if (char === "'" || char === '"') {
      quote = char;
      word ??= "";
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
  }
  if (quote !== "") throw new UsageError(`--bin: a ${quote} is not closed in: ${text}`);
  if (word !== undefined) words.push(word);
  return words;
}

function resolveProgram(name: string, where: { cwd: string; path: string | undefined }): string {
  const candidates =
    isAbsolute(name) || name.includes("/")
      ? [resolve(where.cwd, name)]
      : [
          ...(where.path ?? "").split(delimiter).map((folder) => join(folder || where.cwd, name)),
          resolve(where.cwd, name),
        ];
  const files = candidates.filter(isFile);
  const file = files.find(isExecutable);
  if (file !== undefined) return file;
  if (files[0] !== undefined) {
    throw new UsageError(
      `--bin: ${files[0]} is not executable: chmod +x it, or name its interpreter first`,
    );
  }
  const place = candidates.length > 1 ? `neither on PATH nor in ${where.cwd}` : "does not exist";
  throw new UsageError(`--bin: program "${name}" ${place}: check the path`);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
