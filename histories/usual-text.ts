/**
 * The spellings that nearly all events of a big file have (plain integers, short strings, names),
 * read without building anything. The base of the quick readers of JSON and EDN; whatever is spelled
 * otherwise they leave to the careful readers, so that the two never disagree.
 */

import { doubled, type ValueTable } from "./values.js";

/** Not spelled as usual: to be read with care. No id of a value. */
export const UNUSUAL = -2;

/** Values nested deeper are read with care. */
const DEPTH_MAX = 16;
/** A double holds every integer of so many digits. */
const EXACT_DIGITS = 15;
/** Those of nanoseconds since 1970, and the first of them: below HIGH_MAX, times 5^9 is below 2^53. */
const NANOSECOND_DIGITS = 19;
const HIGH_DIGITS = 10;
const HIGH_MAX = 4_600_000_000;
const POWERS_OF_TEN = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
/** V8 lets longer slices keep the text alive that they were cut from: those are copied first. */
const COPIED_LENGTH = 12;

const [QUOTE, MINUS, ZERO, BACKSLASH, SPACE] = [34, 45, 48, 92, 32];

export abstract class UsualText {
  protected text = "";
  /** Where the next character to be read stands. */
  protected at = 0;
  readonly values: ValueTable;
  #elements = new Int32Array(64);
  #stacked = 0;
  #depth = 0;
  /** Of the list that was closed last. */
  protected length = 0;
  protected first = 0;
  protected second = 0;

  constructor(values: ValueTable) {
    this.values = values;
  }

  /** The id of the value that starts here, or UNUSUAL. */
  protected abstract value(): number;

  protected skip(literal: string): boolean {
    if (!this.text.startsWith(literal, this.at)) return false;
    this.at += literal.length;
    return true;
  }

  /** NaN unless an integer that a double holds starts here, spelled without a needless character. */
  protected integer(): number {
    const { text } = this;
    const negative = text.charCodeAt(this.at) === MINUS;
    const first = negative ? this.at + 1 : this.at;
    let at = first;
    let magnitude = 0;
    for (let digit = 0; (digit = text.charCodeAt(at) - ZERO) >= 0 && digit <= 9; at++) {
      magnitude = magnitude * 10 + digit;
    }
    const digits = at - first;
    if (digits === 0 || digits > EXACT_DIGITS) return Number.NaN;
    if (text.charCodeAt(first) === ZERO && (digits > 1 || negative)) return Number.NaN;
    this.at = at;
    return negative ? -magnitude : magnitude;
  }

  /**
   * A time, not negative: wall nanoseconds, which no double holds, become the nearest double. The
   * high digits times a power of ten are a double still (a number below 2^53 times a power of two),
   * so only the one addition rounds.
   */
  protected nanoseconds(): number {
    const { text } = this;
    const first = this.at;
    let at = first;
    let high = 0;
    let low = 0;
    for (let digit = 0; (digit = text.charCodeAt(at) - ZERO) >= 0 && digit <= 9; at++) {
      if (at - first < HIGH_DIGITS) high = high * 10 + digit;
      else low = low * 10 + digit;
    }
    const digits = at - first;
    if (digits === 0 || digits > NANOSECOND_DIGITS) return Number.NaN;
    if (digits === NANOSECOND_DIGITS && high >= HIGH_MAX) return Number.NaN;
    if (text.charCodeAt(first) === ZERO && digits > 1) return Number.NaN;
    this.at = at;
    return digits <= HIGH_DIGITS ? high : high * POWERS_OF_TEN[digits - HIGH_DIGITS]! + low;
  }

  /** Where the string ends whose first character is next; UNUSUAL when it has an escape or no end. */
  protected stringEnd(): number {
    const { text } = this;
    for (let at = this.at; ; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) return at;
      if (!(code >= SPACE) || code === BACKSLASH) return UNUSUAL;
    }
  }

  /** The id of the string whose first character is next. */
  protected string(): number {
    const end = this.stringEnd();
    if (end === UNUSUAL) return UNUSUAL;
    const id = this.textId(end);
    this.at = end + 1;
    return id;
  }

  /** The id, as a string, of the text from here up to `end`. */
  protected textId(end: number): number {
    const text = this.text.slice(this.at, end);
    if (text.length <= COPIED_LENGTH) return this.values.id(text);
    return this.values.find(text) ?? this.values.id(`.${text}`.slice(1));
  }

  /** The place in `names` of the text from here up to `end`; -1 for a new name. */
  protected placeIn(names: readonly string[], end: number): number {
    const length = end - this.at;
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      if (name.length === length && this.text.startsWith(name, this.at)) return i;
    }
    return -1;
  }

  /** Reads on to the next element of a list: true, past its closing bracket: false, or UNUSUAL. */
  protected abstract more(isFirst: boolean): boolean | typeof UNUSUAL;

  /** The id of the list whose bracket was read. */
  protected list(): number {
    const base = this.#stacked;
    this.#depth += 1;
    let id = UNUSUAL;
    for (let isFirst = true; this.#depth <= DEPTH_MAX; isFirst = false) {
      const next = this.more(isFirst);
      if (next === UNUSUAL) break;
      if (!next) {
        this.length = this.#stacked - base;
        this.first = this.#elements[base]!;
        this.second = this.#elements[base + 1]!;
        id = this.values.listId(this.#elements.subarray(base, this.#stacked));
        break;
      }
      const element = this.value();
      if (element === UNUSUAL) break;
      if (this.#stacked === this.#elements.length)
        this.#elements = doubled(this.#elements, Int32Array);
      this.#elements[this.#stacked++] = element;
    }
    this.#depth -= 1;
    this.#stacked = base;
    return id;
  }
}
