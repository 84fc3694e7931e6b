/**
 * Siblings: writes that knew nothing of each other stay side by side, until a client that has read them
 * writes one value for them all. Nothing acknowledged gives way to a write made in ignorance of it.
 *
 * Dotted version vectors (Preguiça, Baquero, Almeida, Fonte, Gonçalves 2010). Every write has a dot, the
 * leader that took it and a number there. A key has a vector, which covers all dots that it has ever
 * held, and the versions that are left. A client sends the vector that it has read along with its write:
 * the versions whose dots are in it are replaced, all others stay. Of two states a version stays that
 * both hold, or that the other has never heard of.
 *
 * A vector alone for every version, without dots, cannot tell apart two clients that write through one
 * leader: its next number covers the one before it, whether or not its client had seen that.
 */

import { isJsonObject, type Json, type JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Change, Resolution, State } from "./resolution.js";

type Vector = { [node: string]: number };
type Version = { node: string; n: number; value: Json };
type Key = { vector: Vector; versions: Version[] };

/** Entries that a pruned vector keeps. */
const PRUNED = 2;

const nothing: Key = { vector: {}, versions: [] };

export class Siblings implements Resolution {
  readonly changes = { write: (state: State): JsonObject => this.#shown(state as Key) };
  readonly #context: NodeContext;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  change(state: State | undefined, { value, context }: Change): State {
    const { id, bugs } = this.#context;
    const { vector, versions } = (state as Key | undefined) ?? nothing;
    const seen = isJsonObject(context) ? (context as Vector) : {};
    const n = (vector[id] ?? 0) + 1;
    const stays = ({ node, n: number }: Version): boolean => {
      // The vector of the new version would have this leader's next number, and so include the last.
      if (node === id && bugs.has("vector-without-dots")) return false;
      return number > (seen[node] ?? 0);
    };
    const left = versions.filter(stays);
    if (left.length > 0) this.#context.probe("a write became a sibling");
    if (left.length < versions.length) this.#context.probe("a write replaced what was read");
    return this.#pruned({
      vector: { ...joined(vector, seen), [id]: n },
      versions: [...left, { node: id, n, value }].sort(byDot),
    });
  }

  merge(left: State, right: State): State {
    const [a, b] = [left as Key, right as Key];
    const isIn = ({ node, n }: Version, { versions }: Key): boolean =>
      versions.some((other) => other.node === node && other.n === n);
    const isNews = ({ node, n }: Version, { vector }: Key): boolean => n > (vector[node] ?? 0);
    const versions = [
      ...a.versions.filter((one) => isIn(one, b) || isNews(one, b)),
      ...b.versions.filter((one) => !isIn(one, a) && isNews(one, a)),
    ];
    return this.#pruned({ vector: joined(a.vector, b.vector), versions: versions.sort(byDot) });
  }

  read(state: State | undefined): JsonObject {
    return this.#shown((state as Key | undefined) ?? nothing);
  }

  #shown({ vector, versions }: Key): JsonObject {
    return { values: versions.map(({ value }) => value), context: vector };
  }

  /** Entries in the order in which leaders are, so that equal states look alike. */
  #pruned({ vector, versions }: Key): State {
    const entries = this.#context.nodes.flatMap((node): [string, number][] =>
      vector[node] === undefined ? [] : [[node, vector[node]]],
    );
    const kept = this.#context.bugs.has("vector-pruned")
      ? [...entries].sort(([, m], [, n]) => n - m).slice(0, PRUNED)
      : entries;
    return { vector: Object.fromEntries(kept), versions };
  }
}

function joined(left: Vector, right: Vector): Vector {
  const result = { ...left };
  for (const [node, n] of Object.entries(right)) result[node] = Math.max(n, result[node] ?? 0);
  return result;
}

function byDot(left: Version, right: Version): number {
  return left.node === right.node ? left.n - right.n : left.node < right.node ? -1 : 1;
}
