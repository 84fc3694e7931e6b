/**
 * Random read-committed histories of many transactions, as texts in the notation: they take effect
 * one after another, each appends to some keys, and reads states of others that may be out of date.
 * Keys rotate, so that at any time only a few of them are in use.
 */

import fc from "fast-check";

interface Draft {
  /** Where in the text it stands. */
  at: number;
  appends: number[];
  reads: { key: number; lag: number; isStale: boolean }[];
}

const KEYS = "abcdefghijklmnopqrstuvwxyz";

export function randomReplicas(stalePercent: number): fc.Arbitrary<string> {
  const read = fc.record({
    key: fc.nat(999),
    lag: fc.nat(3),
    isStale: fc.nat(99).map((percent) => percent < stalePercent),
  });
  const draft = fc.record({
    at: fc.nat(9999),
    appends: fc.array(fc.nat(999), { maxLength: 3 }),
    reads: fc.array(read, { maxLength: 4, size: "max" }),
  });
  const drafts = fc.array(draft, { minLength: 8, maxLength: 40, size: "max" });
  return fc.tuple(drafts, fc.integer({ min: 2, max: KEYS.length })).map(textOf);
}

function textOf([drafts, keysInUse]: [Draft[], number]): string {
  const versions = [...KEYS].map(() => [[]] as number[][]);
  const texts = drafts.map(({ at, appends, reads }, i) => {
    const first = Math.floor((i * (KEYS.length - keysInUse + 1)) / drafts.length);
    const inUse = (key: number) => first + (key % keysInUse);
    const read = reads.map(({ key, lag, isStale }) => {
      const known = versions[inUse(key)]!;
      const version = isStale ? Math.max(0, known.length - 1 - lag) : known.length - 1;
      return `r${KEYS[inUse(key)]}[${known[version]!.join(" ")}]`;
    });
    const appended = appends.map((key) => {
      const known = versions[inUse(key)]!;
      const last = known.at(-1)!;
      known.push([...last, last.length + 1]);
      return `a${KEYS[inUse(key)]}${last.length + 1}`;
    });
    for (const key of new Set(appends.map(inUse)))
      mergeOwn(versions[key]!, appends.filter((each) => inUse(each) === key).length);
    return { at, text: [...read, ...appended].join(" ") };
  });
  const told = texts.filter(({ text }) => text !== "").sort((a, b) => a.at - b.at);
  return told.map(({ text }) => text).join(" | ");
}

/** The last versions came from one transaction: others see the last of them, or none. */
function mergeOwn(known: number[][], count: number): void {
  known.splice(known.length - count, count - 1);
}
