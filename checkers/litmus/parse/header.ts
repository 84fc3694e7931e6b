/** What stands before the initial state: architecture, name, `key=value` lines, quoted texts. */

import type { Architecture } from "../program.js";
import type { LitmusText } from "./text.js";

export interface Header {
  readonly architecture: Architecture;
  readonly name: string;
  readonly entries: ReadonlyMap<string, string>;
}

const ARCHITECTURES: readonly Architecture[] = ["X86", "X86_64", "store"];

/** @throws LitmusError for another architecture, and where no name is given. */
export function parseHeader(source: LitmusText): Header {
  const text = source.text.slice(0, source.open);
  const [all, blank = "", first = "", name = ""] =
    /^(\uFEFF?\s*)([^\s{]*)[ \t]*([^\s{;"]*)/.exec(text) ?? [];
  const architecture = ARCHITECTURES.find((known) => known === first);
  if (architecture === undefined) {
    const said = first === "" ? "no architecture is named" : `"${first}" is not read`;
    source.fail(blank.length, `${said}: the first line is X86, X86_64 or store, and a name`);
  }
  if (name === "") source.fail(blank.length, `no name: write one after ${architecture}`);
  const rest = text.slice(all?.length ?? 0).replace(/"[^"]*"/g, "");
  const entries = new Map<string, string>();
  for (const [, key = "", value = ""] of rest.matchAll(/^[ \t]*([A-Za-z]\w*)[ \t]*=(.*)$/gm)) {
    entries.set(key, value.trim());
  }
  return { architecture, name, entries };
}
