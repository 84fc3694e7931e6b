/**
 * Source files as the house's rules see them: what is code, what is comment, and what is imported.
 *
 * A scanner, not a parser: it tells comments, texts, templates and regular expressions from code,
 * which is all that the rules need. Left out: JSX.
 */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export interface Source {
  /** From the project's root, with forward slashes. */
  path: string;
  text: string;
  /** The text with comments and the contents of literals blanked, line for line. */
  code: string;
  imports: Import[];
}

export interface Import {
  /** The clause before `from`; empty for a bare or a dynamic import. */
  clause: string;
  /** As it is written. */
  specifier: string;
  line: number;
}

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), "../..");

const FOLDERS = [
  ...["src", "systems", "workloads", "nemeses", "checkers", "histories"],
  ...["bench", "test", "scripts"],
];

export function source(path: string, text: string): Source {
  const code = codeOf(text);
  return { path, text, code, imports: importsOf(text, code) };
}

/** Every TypeScript file of the house. */
export function allSources(): Source[] {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" }).map((file) =>
      join(folder, file),
    ),
  );
  return [...inFolders, ...readdirSync(projectRoot)]
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.replaceAll("\\", "/"))
    .sort()
    .map((path) => source(path, readFileSync(join(projectRoot, path), "utf8")));
}

/** The file that a relative import means, as a path of the house; undefined for a package. */
export function resolved(from: Source, { specifier }: Import): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const path = normalize(join(dirname(from.path), specifier)).replaceAll("\\", "/");
  return path.replace(/\.js$/, ".ts");
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** Where a pattern occurs: `path:line`. */
export function places({ path }: Source, text: string, pattern: RegExp): string[] {
  return [...text.matchAll(new RegExp(pattern, "g"))].map(
    ({ index }) => `${path}:${lineOf(text, index)}`,
  );
}

const IMPORT = /\b(?:import|export)\b([^;'"`()]*?)\bfrom\s*(["'])|\bimport\s*\(?\s*(["'])/g;

/** Matched on the code, where no text can look like an import, and read from the text. */
function importsOf(text: string, code: string): Import[] {
  return [...code.matchAll(IMPORT)].map((match) => {
    const quote = (match[2] ?? match[3]) as string;
    const start = match.index + match[0].length;
    return {
      clause: (match[1] ?? "").trim(),
      specifier: text.slice(start, text.indexOf(quote, start)),
      line: lineOf(text, match.index),
    };
  });
}

function codeOf(text: string): string {
  let code = "";
  let at = 0;
  /** For each template that is open: how many braces are open in its placeholder. */
  const templates: number[] = [];

  const keep = (length: number): void => {
    code += text.slice(at, at + length);
    at += length;
  };
  const blank = (end: number): void => {
    code += text.slice(at, end).replace(/[^\n]/g, " ");
    at = end;
  };
  /** The contents of a literal up to what `stop` matches, past escapes. */
  const literal = (stop: RegExp): void => {
    let end = at;
    while (end < text.length && !stop.test(text.slice(end, end + 2))) {
      end += text[end] === "\\" ? 2 : 1;
    }
    blank(Math.min(end, text.length));
  };
  const template = (): void => {
    literal(/^(?:`|\$\{)/);
    if (text.startsWith("${", at)) {
      templates.push(0);
      keep(2);
    } else keep(1);
  };
  const regularExpression = (): void => {
    let end = at + 1;
    for (let inClass = false; end < text.length && text[end] !== "\n"; end++) {
      if (text[end] === "\\") end++;
      else if (text[end] === "[") inClass = true;
      else if (text[end] === "]") inClass = false;
      else if (text[end] === "/" && !inClass) break;
    }
    keep(1);
    blank(end);
    keep(1);
  };

  while (at < text.length) {
    const rest = text.slice(at, at + 2);
    const character = text[at] as string;
    if (rest === "//") {
      const end = text.indexOf("\n", at);
      blank(end < 0 ? text.length : end);
    } else if (rest === "/*") {
      const end = text.indexOf("*/", at + 2);
      blank(end < 0 ? text.length : end + 2);
    } else if (character === '"' || character === "'") {
      keep(1);
      literal(character === '"' ? /^["\n]/ : /^['\n]/);
      keep(1);
    } else if (character === "`") {
      keep(1);
      template();
    } else if (character === "/" && beginsExpression(code)) regularExpression();
    else if (templates.length > 0 && (character === "{" || character === "}")) {
      const open = templates.pop() as number;
      keep(1);
      if (character === "{") templates.push(open + 1);
      else if (open > 0) templates.push(open - 1);
      else template();
    } else keep(1);
  }
  return code;
}

/** Whether a slash after this code begins a regular expression, rather than divides. */
function beginsExpression(code: string): boolean {
  const before = code.trimEnd();
  return (
    before === "" || /(?:[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|of|in))$/.test(before)
  );
}
