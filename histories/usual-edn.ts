/**
 * A client's event as Jepsen mostly writes it, straight from the text of a file:
 *
 *     {:process 0, :type :invoke, :f :write, :value ["x" 1], :time 1200, :index 0}
 *
 * with these fields, `:key` and `:error` in any order, and values of nil, booleans, integers,
 * keywords, plain strings and vectors. A map that is taken here means exactly what edn.ts would
 * make of it; every other one is left to it. O(length of the map).
 */

import { NO_KEY } from "./columns.js";
import { type CodedEvent, eventTypes } from "./columns-builder.js";
import { NO_TUPLE, type Shape } from "./keyed-columns.js";
import { UNUSUAL, UsualText } from "./usual-text.js";
import { NULL_ID, type ValueTable } from "./values.js";

const [SPACE, QUOTE, COMMA, COLON, OPEN, CLOSE, END] = [32, 34, 44, 58, 91, 93, 125];
const letters = { e: 101, f: 102, i: 105, k: 107, n: 110, p: 112, t: 116, v: 118 } as const;

/** The tag that some versions write before every event. */
const RECORD = "#jepsen.history.Op";

/** Fields seen, as bits: none may come twice. */
const fields = { process: 1, type: 2, f: 4, value: 8, time: 16, index: 32, key: 64, error: 128 };
/** What an event must have, and what one of a transaction must. */
export const NEEDED = fields.process | fields.type | fields.f;
export const NEEDED_OF_TRANSACTIONS = fields.type | fields.value;

/** Characters of names that mean only themselves. */
const IN_NAME = new Uint8Array(128);
for (const char of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.*!?/") {
  IN_NAME[char.charCodeAt(0)] = 1;
}

export class UsualEdn extends UsualText {
  /** The event that was read last; time and index are NaN where it has none. */
  readonly event: CodedEvent = {
    index: 0,
    time: 0,
    process: 0,
    type: 0,
    f: 0,
    key: NO_KEY,
    value: NULL_ID,
  };
  readonly shape: Shape = { ...NO_TUPLE };
  readonly #functions: readonly string[];
  readonly #needed: number;

  /**
   * @param functions the names that are known; a new one is unusual.
   * @param needed without a function, an event has the first one; without a process, NaN.
   */
  constructor(values: ValueTable, functions: readonly string[], needed = NEEDED) {
    super(values);
    this.#functions = functions;
    this.#needed = needed;
  }

  /** Where the event that starts here ends, `event` then holding it; or UNUSUAL. */
  read(text: string, start: number): number {
    this.text = text;
    this.at = start;
    this.skip(RECORD);
    if (!this.skip("{")) return UNUSUAL;
    const { event, shape } = this;
    event.key = NO_KEY;
    event.value = NULL_ID;
    event.time = event.index = event.process = Number.NaN;
    event.f = 0;
    shape.tuple = "none";
    let seen = 0;
    for (this.space(); text.charCodeAt(this.at) !== END; this.space()) {
      const field = this.#field();
      if (field === UNUSUAL || (seen & field) !== 0) return UNUSUAL;
      seen |= field;
      if (!this.endsHere()) return UNUSUAL;
    }
    return (seen & this.#needed) === this.#needed ? this.at + 1 : UNUSUAL;
  }

  /** Reads one entry of the map: which, or UNUSUAL. */
  #field(): number {
    const { event, text } = this;
    if (text.charCodeAt(this.at) !== COLON) return UNUSUAL;
    switch (text.charCodeAt(this.at + 1)) {
      case letters.p:
        if (!this.skip(":process ")) return UNUSUAL;
        event.process = this.integer();
        return Number.isNaN(event.process) ? UNUSUAL : fields.process;
      case letters.t:
        if (this.skip(":time ")) {
          event.time = this.nanoseconds();
          return Number.isNaN(event.time) ? UNUSUAL : fields.time;
        }
        event.type = this.skip(":type ") ? this.#type() : UNUSUAL;
        return event.type === UNUSUAL ? UNUSUAL : fields.type;
      case letters.f:
        return this.skip(":f ") && this.#function() ? fields.f : UNUSUAL;
      case letters.v:
        return this.skip(":value ") && this.eventValue() ? fields.value : UNUSUAL;
      case letters.i:
        if (!this.skip(":index ")) return UNUSUAL;
        event.index = this.integer();
        return Number.isNaN(event.index) ? UNUSUAL : fields.index;
      case letters.k:
        event.key = this.skip(":key ") ? this.value() : UNUSUAL;
        return event.key === UNUSUAL ? UNUSUAL : fields.key;
      case letters.e:
        return this.skip(":error ") && this.value() !== UNUSUAL ? fields.error : UNUSUAL;
    }
    return UNUSUAL;
  }

  #function(): boolean {
    const end = this.#nameEnd();
    if (end === UNUSUAL) return false;
    this.event.f = this.placeIn(this.#functions, end);
    this.at = end;
    return this.event.f >= 0;
  }

  /** The value, and whether it can be a tuple. Lists are vectors here: no other spelling is usual. */
  protected eventValue(): boolean {
    const { values, shape } = this;
    const isVector = this.text.charCodeAt(this.at) === OPEN;
    const value = (this.event.value = this.value());
    if (value === UNUSUAL) return false;
    if (!isVector || this.length !== 2) return true;
    const { first, second } = this;
    const isPair = values.isList(second) && values.elements(second).length === 2;
    shape.tuple = "vector";
    shape.key = first;
    shape.second = second === NULL_ID ? "nil" : isPair ? "pair" : "other";
    return true;
  }

  #type(): number {
    if (this.skip(":invoke")) return eventTypes.invoke;
    if (this.skip(":ok")) return eventTypes.ok;
    if (this.skip(":fail")) return eventTypes.fail;
    return this.skip(":info") ? eventTypes.info : UNUSUAL;
  }

  protected override value(): number {
    switch (this.text.charCodeAt(this.at)) {
      case COLON: {
        const end = this.#nameEnd();
        if (end === UNUSUAL) return UNUSUAL;
        const id = this.textId(end);
        this.at = end;
        return id;
      }
      case QUOTE:
        this.at += 1;
        return this.string();
      case OPEN:
        this.at += 1;
        return this.list();
      case letters.n:
        return this.skip("nil") && this.endsHere() ? NULL_ID : UNUSUAL;
      case letters.t:
        return this.skip("true") && this.endsHere() ? this.values.id(true) : UNUSUAL;
      case letters.f:
        return this.skip("false") && this.endsHere() ? this.values.id(false) : UNUSUAL;
    }
    const number = this.integer();
    if (Number.isNaN(number) || !this.endsHere()) return UNUSUAL;
    return this.values.numberId(number);
  }

  /** Steps over the colon that must be here: where its name ends, or UNUSUAL. */
  #nameEnd(): number {
    const { text } = this;
    if (text.charCodeAt(this.at) !== COLON) return UNUSUAL;
    this.at += 1;
    let end = this.at;
    while (IN_NAME[text.charCodeAt(end)] === 1) end += 1;
    return end === this.at || !isEnd(text.charCodeAt(end)) ? UNUSUAL : end;
  }

  /** Whether what was read is over. */
  protected endsHere(): boolean {
    return isEnd(this.text.charCodeAt(this.at));
  }

  /** Steps over what separates forms. */
  protected space(): void {
    for (let code = 0; (code = this.text.charCodeAt(this.at)) === SPACE || code === COMMA; ) {
      this.at += 1;
    }
  }

  protected override more(): boolean | typeof UNUSUAL {
    this.space();
    if (this.text.charCodeAt(this.at) === CLOSE) {
      this.at += 1;
      return false;
    }
    return true;
  }
}

/** Whether a name or a number is over before this character. */
function isEnd(code: number): boolean {
  return code === SPACE || code === COMMA || code === CLOSE || code === END;
}
