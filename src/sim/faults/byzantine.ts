/**
 * Byzantine nodes: what they say is rewritten on its way out, and their own state stays sound.
 *
 * A lie is made of what the node said before in messages of the same type, for old content is what
 * others may believe: the whole of it, or one field; where there is none, a field is altered at
 * random. A system whose messages carry digests and signatures makes of it a lie that is believed
 * (`System.perjure`). What a message is and whom it answers stays. Nobody forges another's name: only what the
 * node sends itself is rewritten.
 */

import type { Json, JsonObject } from "../../base/json.js";
import { jsonEquals } from "../../base/json.js";
import type { ByzantineFault } from "../../plan/fault.js";
import { hashText, mix, scale, thresholdOfPpm } from "../../random/mix.js";
import { alterBody, contentOf } from "../alter.js";
import type { Endpoint } from "../link.js";
import type { SimProbe } from "../probes.js";
import { copyOf, seal } from "../seal.js";
import type { Tongue } from "../speech.js";

type Probe = (name: SimProbe) => void;

export interface Surroundings {
  probe: Probe;
  /** What the node itself makes of a lie, so that it is believed. */
  perjure(truth: JsonObject, lie: JsonObject, word: number): JsonObject;
}

/** `draw`: gives the word from which everything that this fault draws is made. */
export function tongueOf(
  fault: ByzantineFault,
  draw: () => number,
  surroundings: Surroundings,
): Tongue {
  const { probe } = surroundings;
  const isMeant = (dest: Endpoint): boolean => dest.kind === "node" || fault.clients === true;
  switch (fault.kind) {
    case "mute":
      return (dest, body) => {
        const isSaid = !isMeant(dest) || fault.to?.includes(dest.name) === false;
        if (!isSaid) probe("a mute node said nothing");
        return isSaid ? body : undefined;
      };
    case "lie": {
      const liar = new Liar(draw(), fault.ppm, surroundings);
      return (dest, body) => (isMeant(dest) ? liar.say(dest.name, body) : body);
    }
    case "equivocate": {
      const liar = new TwoFaced(draw(), fault.ppm, surroundings);
      return (dest, body) => (isMeant(dest) ? liar.say(dest.name, body) : body);
    }
  }
}

/** How many earlier messages of a type it remembers. */
const REMEMBERED = 16;

/** What a node has said since it began to lie. */
class Memory {
  readonly #said = new Map<string, JsonObject[]>();

  /** Keeps a message, unless it says what the last one said. */
  keep(body: JsonObject): void {
    const type = String(body["type"]);
    const said = this.#said.get(type) ?? [];
    const last = said.at(-1);
    if (last !== undefined && saysTheSame(last, body)) return;
    this.#said.set(type, [...said.slice(1 - REMEMBERED), copyOf(body)]);
  }

  /** Something else than `body`, of its type; undefined where it says nothing that could be otherwise. */
  lie(body: JsonObject, word: number): JsonObject | undefined {
    const said = this.#said.get(String(body["type"])) ?? [];
    const others = said.filter((earlier) => !saysTheSame(earlier, body));
    const earlier = others[scale(mix(word, 1), others.length)];
    if (earlier === undefined || mix(word, 2) >>> 30 === 0) return alterBody(body, mix(word, 3));
    const names = contentOf(body).filter((name) => name in earlier);
    const different = names.filter((name) => !jsonEquals(earlier[name], body[name]));
    // The whole of it in half of the cases, where the fields are not the same in all of them.
    const one = different[scale(mix(word, 4), different.length)];
    const chosen = one === undefined || mix(word, 5) >>> 31 === 0 ? names : [one];
    const old = Object.fromEntries(chosen.map((name) => [name, earlier[name] as Json]));
    return one === undefined ? alterBody(body, mix(word, 3)) : { ...body, ...old };
  }
}

function saysTheSame(left: JsonObject, right: JsonObject): boolean {
  const names = contentOf(left);
  return (
    names.length === contentOf(right).length &&
    names.every((name) => jsonEquals(left[name], right[name]))
  );
}

/** Lies now and then, to each for itself. */
class Liar {
  readonly #memory = new Memory();
  readonly #key: number;
  readonly #threshold: number;
  readonly #surroundings: Surroundings;
  /** How much it has said to each. */
  readonly #counts = new Map<string, number>();

  constructor(key: number, ppm: number, surroundings: Surroundings) {
    this.#key = key;
    this.#threshold = thresholdOfPpm(ppm);
    this.#surroundings = surroundings;
  }

  say(dest: string, body: JsonObject): JsonObject {
    this.#memory.keep(body);
    const nth = this.#counts.get(dest) ?? 0;
    this.#counts.set(dest, nth + 1);
    const word = mix(mix(this.#key, hashText(dest)), nth);
    if (word >>> 0 >= this.#threshold) return body;
    const lie = this.#memory.lie(body, mix(word, 1));
    if (lie === undefined) return body;
    this.#surroundings.probe("a node lied");
    return this.#surroundings.perjure(body, lie, mix(word, 6));
  }
}

/**
 * Tells the truth to some and a lie to the others: who hears which is drawn by what is said, so that
 * a message sent to all says two things, and one that is sent again says the same again.
 */
class TwoFaced {
  readonly #memory = new Memory();
  readonly #key: number;
  readonly #threshold: number;
  readonly #surroundings: Surroundings;

  constructor(key: number, ppm: number, surroundings: Surroundings) {
    this.#key = key;
    this.#threshold = thresholdOfPpm(ppm);
    this.#surroundings = surroundings;
  }

  say(dest: string, body: JsonObject): JsonObject {
    this.#memory.keep(body);
    const { msg_id: _, ...content } = body;
    const word = mix(this.#key, seal(content).hash);
    if (word >>> 0 >= this.#threshold) return body;
    if (mix(mix(word, 1), hashText(dest)) >>> 31 === 0) return body;
    const lie = this.#memory.lie(body, mix(word, 2));
    if (lie === undefined) return body;
    this.#surroundings.probe("a node said one thing to some and another to others");
    return this.#surroundings.perjure(body, lie, mix(word, 6));
  }
}
