/**
 * What a run reached, as a set of small integers that a guided campaign compares with what earlier
 * runs reached.
 *
 *  - Each probe that fired, with the order of magnitude of its count: how far.
 *  - Each pair of probes that fired in one run: what came together.
 *  - A signature of the timeline: of its shingles (three successive events, by type) the least under
 *    each of eight hashes. Two runs share each of the eight with a chance that is the similarity of
 *    their sets of shingles (MinHash, Broder 1997; the feedback of P uses it likewise).
 *
 * Features are hashes of 24 bits, without their text: a campaign sees thousands of them, so that
 * a few collide, which costs a little novelty and no soundness.
 */

import type { HistoryEvent } from "../../histories/index.js";
import type { Execution } from "../controller/index.js";
import { avalanche, hashText, mix } from "../random/mix.js";

const SIGNATURE_HASHES = 8;
const SHINGLE = 3;

/** Distinct, in ascending order. O(p^2 + n) for p probes that fired and n events. */
export function featuresOf({ probes, history }: Pick<Execution, "probes" | "history">): number[] {
  const fired = Object.keys(probes).sort();
  const words = fired.map(hashText);
  const counts = fired.map((name, i) =>
    mix(words[i] as number, magnitudeOf(probes[name] as number)),
  );
  const pairs = words.flatMap((one, i) => words.slice(i + 1).map((other) => mix(one, ~other)));
  const timeline = signatureOf(history.events);
  const features = [...counts, ...pairs, ...timeline].map((word) => word >>> 8);
  return [...new Set(features)].sort((a, b) => a - b);
}

/** 1, 2-3, 4-7 … */
function magnitudeOf(count: number): number {
  return 32 - Math.clz32(count);
}

function signatureOf(events: readonly HistoryEvent[]): number[] {
  const least = new Array<number>(SIGNATURE_HASHES).fill(Number.POSITIVE_INFINITY);
  const last: number[] = [];
  for (const event of events) {
    const word = typeOf(event);
    // A row of the same is one: how often clients were answered in between says little.
    if (word === undefined || word === last.at(-1)) continue;
    last.push(word);
    if (last.length < SHINGLE) continue;
    if (last.length > SHINGLE) last.shift();
    const shingle = last.reduce(mix);
    for (let i = 0; i < SIGNATURE_HASHES; i++) {
      least[i] = Math.min(least[i] as number, mix(shingle, i) >>> 0);
    }
  }
  return least.flatMap((word, i) => (Number.isFinite(word) ? [avalanche(mix(word | 0, ~i))] : []));
}

const ANSWERED = hashText("answered");

/** What kind of event it was; nothing for the beginnings of operations. */
function typeOf({ process, type, f }: HistoryEvent): number | undefined {
  if (process === "nemesis") return hashText(`nemesis/${f}`);
  if (typeof process === "string") return hashText(`observed/${f}`);
  if (type === "invoke") return undefined;
  return type === "ok" ? ANSWERED : hashText(`${type}/${f}`);
}
