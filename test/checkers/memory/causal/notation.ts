/**
 * Histories in one line: `w(x,1) r(y)0 | r(x)1 u(x,2)1`. Sessions are cut by `|`; `u(x,2)1` read 1 and
 * wrote 2, `f` is a fence; 0 is the initial value, and what nobody wrote is from thin air.
 */

import { type Accesses, INITIAL, THIN_AIR } from "../../../../checkers/memory/accesses.js";
import { type Access, accessesOf } from "./random-accesses.js";

const form = /^(?<letter>[wruf])(?:\((?<key>\w+)(?:,(?<written>\d+))?\)(?<read>\d+)?)?$/;
const kindOf = { w: "write", r: "read", u: "update", f: "fence" } as const;

export function accesses(text: string): Accesses {
  const sessions = text.split("|").map((session) =>
    session
      .trim()
      .split(/\s+/)
      .map((word) => {
        const groups = form.exec(word)?.groups;
        if (groups === undefined) throw new Error(`not an access: ${word}`);
        return groups as {
          letter: keyof typeof kindOf;
          key?: string;
          written?: string;
          read?: string;
        };
      }),
  );
  const flat = sessions.flat();
  const keys = [...new Set(flat.flatMap(({ key }) => key ?? []))];
  const sourceOf = (key: string, read: string) => {
    if (read === "0") return INITIAL;
    const writer = flat.findIndex((other) => other.key === key && other.written === read);
    return writer < 0 ? THIN_AIR : writer;
  };
  const all = sessions.map((session) =>
    session.map(
      ({ letter, key, read }): Access => ({
        kind: kindOf[letter],
        ...(key === undefined ? {} : { key: keys.indexOf(key) }),
        ...(key === undefined || read === undefined ? {} : { source: sourceOf(key, read) }),
      }),
    ),
  );
  return accessesOf(all, keys.length);
}
