/** A list's story: what was appended, and what reads held. Terms are defined in lists.ts. */

import type { Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { groupBy } from "./group.js";

export interface ListRead {
  operation: Operation;
  /** Undefined when it is the start of the history. */
  base: Operation | undefined;
  /** What follows the base, as texts. */
  elements: readonly string[];
}

/** A write or an append that did not fail. */
export interface Piece {
  operation: Operation;
  text: string;
}

/** Where a base is a write, no two pieces may have the same text. */
export class ListStory {
  /** Appends of elements that were appended once. */
  readonly once: readonly Piece[];
  /** Before which no read can have begun. */
  readonly #begins: ReadonlyMap<ListRead, number>;

  constructor(
    readonly key: Json | undefined,
    /** In order of completion. */
    readonly reads: readonly ListRead[],
    readonly appends: readonly Piece[],
    readonly writes: readonly Piece[],
  ) {
    const same = groupBy(appends, ({ text }) => text);
    this.once = appends.filter(({ text }) => same.get(text)!.length === 1);
    this.#begins = new Map(reads.map((read) => [read, this.#beginOf(read)]));
  }

  begin(read: ListRead): number {
    return this.#begins.get(read)!;
  }

  #beginOf({ operation, base, elements }: ListRead): number {
    const inside = new Set(elements);
    return this.once
      .filter(({ text }) => inside.has(text))
      .reduce(
        (begin, append) => Math.max(begin, append.operation.invoked),
        Math.max(operation.invoked, base?.invoked ?? -1),
      );
  }
}
