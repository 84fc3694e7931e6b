/** What a node says, where faults put other words into its mouth. */

import type { JsonObject } from "../base/json.js";
import type { Endpoint } from "./link.js";

/** What becomes of a message to somebody else; undefined where it is not sent. */
export type Tongue = (dest: Endpoint, body: JsonObject) => JsonObject | undefined;

export class Speech {
  /** By fault, in the order in which they began: each rewrites what the one before says. */
  readonly #tongues = new Map<number, Tongue>();

  get isTrue(): boolean {
    return this.#tongues.size === 0;
  }

  /** From now on everything passes `tongue`, until `speakTrue`. */
  speak(id: number, tongue: Tongue): void {
    this.#tongues.set(id, tongue);
  }

  speakTrue(id: number): void {
    this.#tongues.delete(id);
  }

  /** What is said instead; undefined where nothing is. */
  reword(dest: Endpoint, body: JsonObject): JsonObject | undefined {
    let said: JsonObject | undefined = body;
    for (const tongue of this.#tongues.values()) {
      if (said !== undefined) said = tongue(dest, said);
    }
    return said;
  }
}
