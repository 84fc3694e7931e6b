/** What a violation shows is a closed walk of true relations. */

import { expect } from "vitest";
import { type Accesses, isRead, isWrite } from "../../../../checkers/memory/accesses.js";
import type { Violation } from "../../../../checkers/memory/decision.js";

export function expectWellFormed(accesses: Accesses, { path, accesses: rests }: Violation): void {
  const { kind, key, source, session } = accesses;
  path.forEach(({ from, to, relation }, at) => {
    expect(to, "steps follow each other").toBe(path[(at + 1) % path.length]!.from);
    expect(rests).toContain(from);
    if (relation === "session") {
      expect(session[from]).toBe(session[to]);
      expect(from).toBeLessThan(to);
    } else {
      expect(key[from], "of one key").toBe(key[to]);
    }
    if (relation === "reads-from") expect(source[to]).toBe(from);
    if (relation === "overwrites") {
      expect(isWrite(kind[from]!) && isWrite(kind[to]!)).toBe(true);
      expect(from).not.toBe(to);
    }
    if (relation === "replaced") {
      expect(isRead(kind[from]!) && isWrite(kind[to]!)).toBe(true);
      expect(source[from]).not.toBe(to);
    }
  });
}
