/**
 * Objects that take one operation at a time and answer it: the simulated counterpart of
 * `sequential-object.ts`, written apart from it so that each checks the other.
 *
 * They can also lie: answer something that was true at another moment, or might have been.
 */

import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../../src/base/json.js";
import type { ObjectType } from "./sequential-object.js";

export interface Answer {
  type: "ok" | "fail";
  value: Json;
}

export class AtomicObjects {
  readonly #initial: Json;
  /** The newest value of each key, under the key's JSON text. */
  readonly #values = new Map<string, Json>();
  /** Everything that any key ever held, or that a client ever meant it to hold. */
  readonly #plausible: Json[];

  constructor(type: ObjectType, init: Json) {
    this.#initial = type === "set" ? [] : type === "counter" ? 0 : init;
    this.#plausible = [this.#initial];
  }

  peek(key: Json | undefined): Json {
    const value = this.#values.get(JSON.stringify(key ?? "no key"));
    return value === undefined ? this.#initial : value;
  }

  /** Takes note of what a client asked for, whether or not it happens. */
  intend(f: string, key: Json | undefined, input: Json): void {
    if (f !== "read" && f !== "get" && f !== "fence") {
      this.#plausible.push(this.#next(f, key, input));
    }
  }

  apply(f: string, key: Json | undefined, input: Json): Answer {
    const value = this.peek(key);
    if (f === "fence") return { type: "ok", value: null };
    if (f === "read" || f === "get") return { type: "ok", value };
    if (f === "cas" && !isDeepStrictEqual(value, (input as Json[])[0])) {
      return { type: "fail", value: input };
    }
    const next = this.#next(f, key, input);
    this.#values.set(JSON.stringify(key ?? "no key"), next);
    this.#plausible.push(next);
    return { type: "ok", value: input };
  }

  /** An answer that may or may not be true; `pick` decides which. */
  lie(f: string, key: Json | undefined, input: Json, pick: number): Answer {
    const truth = this.apply(f, key, input);
    if (f === "read" || f === "get") {
      return { type: "ok", value: this.#plausible[pick % this.#plausible.length]! };
    }
    return f === "cas" && pick % 2 === 0 ? { type: "ok", value: input } : truth;
  }

  #next(f: string, key: Json | undefined, input: Json): Json {
    const value = this.peek(key);
    if (f === "cas") return (input as Json[])[1]!;
    if (f === "append") return `${value ?? ""}${input}`;
    if (f !== "add") return input;
    if (typeof value === "number") return value + (input as number);
    const elements = value as Json[];
    // The newest element first: a set may be listed in any order.
    return elements.some((e) => isDeepStrictEqual(e, input)) ? elements : [input, ...elements];
  }
}
