/** What is on a disk: files of one value or a list of records, and the changes made to them. */

import type { Json } from "../base/json.js";

/** One value or record as it was stored. Its identity tells it from whatever is written there later. */
export interface Cell {
  readonly value: Json;
}

export type Change =
  | { kind: "write"; file: string; cell: Cell }
  | { kind: "append"; file: string; cell: Cell }
  | { kind: "truncate"; file: string; length: number };

/** One of the two faces of a disk: what is read, or what a power cut leaves. */
export class Content {
  readonly values = new Map<string, Cell>();
  readonly lists = new Map<string, Cell[]>();

  get isEmpty(): boolean {
    return this.values.size === 0 && [...this.lists.values()].every((list) => list.length === 0);
  }

  apply(change: Change): void {
    switch (change.kind) {
      case "write":
        this.values.set(change.file, change.cell);
        break;
      case "append":
        this.#list(change.file).push(change.cell);
        break;
      case "truncate":
        this.#list(change.file).length = Math.min(change.length, this.#list(change.file).length);
        break;
    }
  }

  copy(): Content {
    const result = new Content();
    for (const [file, cell] of this.values) result.values.set(file, cell);
    for (const [file, list] of this.lists) result.lists.set(file, [...list]);
    return result;
  }

  #list(file: string): Cell[] {
    let list = this.lists.get(file);
    if (list === undefined) this.lists.set(file, (list = []));
    return list;
  }
}
