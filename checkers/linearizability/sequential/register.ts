/**
 * A register executed one operation at a time, for the verifier: read, write, cas and append. What
 * it holds is the id of a value, or after an append a text that may have none.
 */

import { NULL_ID, type ValueTable } from "../../../histories/values.js";
import type { SequentialObject } from "../verify.js";
import type { ObjectView } from "../view.js";

/** Functions by code: 0 read, 1 write, 2 cas `[from, to]`. */
export function registerObject(view: ObjectView): SequentialObject {
  return new Register(view, new Content(view.values, view.init));
}

/**
 * A key of a key-value store: also 3, append of a text (null counts as ""); a read of a key that
 * holds null may answer "".
 */
export function kvObject(view: ObjectView): SequentialObject {
  const content = new Content(view.values, view.init);
  const register = new Register(view, content);
  const empty = view.values.find("");
  return {
    execute(i) {
      if (view.f[i] === 3) return content.append(view.input[i]!);
      if (view.f[i] === 0 && view.output[i] === empty && content.holds(NULL_ID)) return true;
      return register.execute(i);
    },
  };
}

class Register implements SequentialObject {
  constructor(
    private readonly view: ObjectView,
    private readonly content: Content,
  ) {}

  execute(i: number): boolean {
    const { f, input, output, values } = this.view;
    switch (f[i]) {
      case 0:
        return this.content.holds(output[i]!);
      case 1:
        return this.content.set(input[i]!);
      case 2: {
        const [from, to] = values.elements(input[i]!);
        return this.content.holds(from!) && this.content.set(to!);
      }
      default:
        return false;
    }
  }
}

class Content {
  /** Of a text that was appended to, only while `#id` is not known. */
  #text = "";
  #id: number | undefined;

  constructor(
    private readonly values: ValueTable,
    init: number,
  ) {
    this.#id = init;
  }

  holds(id: number): boolean {
    // Looked up when asked for: most texts are appended to many times between two reads.
    this.#id ??= this.values.find(this.#text);
    return this.#id === id;
  }

  set(id: number): true {
    this.#id = id;
    return true;
  }

  append(piece: number): true {
    if (this.#id !== undefined) {
      const value = this.values.value(this.#id);
      this.#text = typeof value === "string" ? value : "";
    }
    this.#text += String(this.values.value(piece));
    this.#id = undefined;
    return true;
  }
}
