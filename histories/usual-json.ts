/**
 * A client's event in the shape that `formatEvent` writes, straight from the text of a file:
 *
 *     {"index":0,"time":1200,"process":3,"type":"invoke","f":"write","key":"x","value":1}
 *
 * with these fields in this order (key and value may be missing), nothing else and no space. The
 * value may be any JSON. A line that is taken here means exactly what `readLine` would make of it;
 * every other one is left to it. O(length of the line).
 */

import { NO_KEY } from "./columns.js";
import { type CodedEvent, eventTypes } from "./columns-builder.js";
import { parseExact } from "./exact-json.js";
import { UNUSUAL, UsualText } from "./usual-text.js";
import { NULL_ID, type ValueTable } from "./values.js";

const [RETURN, QUOTE, COMMA, OPEN, CLOSE, END, LETTER_F, LETTER_N, LETTER_T] = [
  13, 34, 44, 91, 93, 125, 102, 110, 116,
];

export class UsualJson extends UsualText {
  /** The event that was read last; overwritten by the next. */
  readonly event: CodedEvent = {
    index: 0,
    time: 0,
    process: 0,
    type: 0,
    f: 0,
    key: NO_KEY,
    value: NULL_ID,
  };
  readonly #functions: readonly string[];

  /** @param functions the names that are known; a new one is unusual. */
  constructor(values: ValueTable, functions: readonly string[]) {
    super(values);
    this.#functions = functions;
  }

  /** Whether the line is in the usual shape; then `event` holds it. */
  read(text: string, start: number, lineEnd: number): boolean {
    const end = text.charCodeAt(lineEnd - 1) === RETURN ? lineEnd - 1 : lineEnd;
    this.text = text;
    this.at = start;
    if (!this.#header() || !this.keyAndValue(end)) return false;
    return this.at === end - 1 && text.charCodeAt(this.at) === END;
  }

  /** The fields before key and value. */
  #header(): boolean {
    const { event } = this;
    if (!this.skip('{"index":')) return false;
    event.index = this.integer();
    if (!(event.index >= 0) || !this.skip(',"time":')) return false;
    event.time = this.nanoseconds();
    if (Number.isNaN(event.time) || !this.skip(',"process":')) return false;
    event.process = this.integer();
    if (Number.isNaN(event.process) || !this.skip(',"type":"')) return false;
    event.type = this.#type();
    if (event.type === UNUSUAL || !this.skip(',"f":"')) return false;
    const nameEnd = this.stringEnd();
    if (nameEnd === UNUSUAL) return false;
    event.f = this.placeIn(this.#functions, nameEnd);
    if (event.f < 0) return false;
    this.at = nameEnd + 1;
    return true;
  }

  /** Key and value, of a line that ends at `end`. */
  protected keyAndValue(end: number): boolean {
    const { event } = this;
    event.key = NO_KEY;
    if (this.skip(',"key":')) {
      event.key = this.value();
      if (event.key === UNUSUAL) return false;
    }
    event.value = NULL_ID;
    if (this.skip(',"value":')) {
      event.value = this.#lastValue(end);
      if (event.value === UNUSUAL) return false;
    }
    return true;
  }

  #type(): number {
    if (this.skip('invoke"')) return eventTypes.invoke;
    if (this.skip('ok"')) return eventTypes.ok;
    if (this.skip('fail"')) return eventTypes.fail;
    return this.skip('info"') ? eventTypes.info : UNUSUAL;
  }

  /** The value when it is the last field; UNUSUAL, or not followed by the end, when it is not. */
  #lastValue(end: number): number {
    const start = this.at;
    const usual = this.value();
    if (usual !== UNUSUAL) return usual;
    // The frame of the line is sound: if the rest is one JSON value, it is the field's.
    const text = this.text.slice(start, end - 1);
    if (/"(?:error|final|node|version)":/.test(text)) return UNUSUAL;
    try {
      const id = this.values.id(parseExact(text).exact);
      this.at = end - 1;
      return id;
    } catch (error) {
      if (error instanceof SyntaxError) return UNUSUAL;
      throw error;
    }
  }

  protected override value(): number {
    const code = this.text.charCodeAt(this.at);
    switch (code) {
      case QUOTE:
        this.at += 1;
        return this.string();
      case OPEN:
        this.at += 1;
        return this.list();
      case LETTER_N:
        return this.skip("null") ? NULL_ID : UNUSUAL;
      case LETTER_T:
        return this.skip("true") ? this.values.id(true) : UNUSUAL;
      case LETTER_F:
        return this.skip("false") ? this.values.id(false) : UNUSUAL;
    }
    const number = this.integer();
    if (Number.isNaN(number) || !this.#endsHere()) return UNUSUAL;
    return this.values.numberId(number);
  }

  /** Whether an integer is over, and no fraction or exponent follows. */
  #endsHere(): boolean {
    const code = this.text.charCodeAt(this.at);
    return code === COMMA || code === CLOSE || code === END;
  }

  protected override more(isFirst: boolean): boolean | typeof UNUSUAL {
    const code = this.text.charCodeAt(this.at);
    if (code === CLOSE) {
      this.at += 1;
      return false;
    }
    if (isFirst) return true;
    // After a comma there is no value in a bracket that closes.
    if (code !== COMMA) return UNUSUAL;
    this.at += 1;
    return true;
  }
}
