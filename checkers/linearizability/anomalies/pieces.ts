/** Texts taken apart into what they were put together from. */

export interface Pieces {
  /** What a text may begin with. */
  starts: ReadonlySet<string>;
  /** What may follow; not empty. */
  appended: ReadonlySet<string>;
}

/** A text as a start and the pieces appended to it. */
export interface Parts {
  start: string;
  appended: string[];
}

/** The only way to take a text apart; "many" or "none". O(length * distinct piece lengths). */
export function takeApart(text: string, { starts, appended }: Pieces): Parts | "many" | "none" {
  const lengths = [...new Set([...appended].map((piece) => piece.length))];
  /** Per position, the last pieces of up to two sequences that end there; a start is undefined. */
  const ends: (string | undefined)[][] = Array.from({ length: text.length + 1 }, () => []);
  for (const start of starts) if (text.startsWith(start)) ends[start.length]!.push(undefined);
  for (let end = 1; end <= text.length; end++) {
    for (const length of lengths) {
      const before = ends[end - length];
      if (length > end || before === undefined || ends[end]!.length > 1) continue;
      const piece = text.slice(end - length, end);
      if (appended.has(piece)) for (const _ of before) ends[end]!.push(piece);
    }
  }
  if (ends[text.length]!.length !== 1) return ends[text.length]!.length === 0 ? "none" : "many";
  const parts: Parts = { start: "", appended: [] };
  let end = text.length;
  for (let piece = ends[end]![0]; piece !== undefined; piece = ends[end]![0]) {
    parts.appended.unshift(piece);
    end -= piece.length;
  }
  return { ...parts, start: text.slice(0, end) };
}
