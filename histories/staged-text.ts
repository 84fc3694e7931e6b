/**
 * Lists of a transaction's reads, straight from the text of a file. Histories mostly hold the same
 * list again and again, a little longer each time: so an integer is first compared with the one
 * that stood in its place when the key was read before, and only looked up when it differs.
 */

import type { TransactionsBuilder } from "./transactions-builder.js";

const [CLOSE, ZERO] = [93, 48];
/** A double holds every integer of so many digits. */
const EXACT_DIGITS = 15;

/**
 * Stages the plain integers that start here, each but the last followed by one `separator` and
 * another digit.
 * @param key the id of the key that was read.
 * @param place how many elements of the list are staged already.
 * @returns behind the last one that was staged; `offset` when there was none.
 */
export function stageIntegers(
  builder: TransactionsBuilder,
  key: number,
  place: number,
  text: string,
  offset: number,
  separator: number,
): number {
  const { values, staged, chains } = builder;
  const { pool } = chains;
  const chain = builder.chainOf(key);
  const start = chain < 0 ? 0 : chains.startOf(chain);
  const end = chain < 0 ? 0 : start + chains.lengthOf(chain);
  for (let at = offset, expected = start + place; ; expected++) {
    const first = at;
    let number = 0;
    for (let digit = 0; (digit = text.charCodeAt(at) - ZERO) >= 0 && digit <= 9; at++) {
      number = number * 10 + digit;
    }
    const digits = at - first;
    const code = text.charCodeAt(at);
    const isPlain = digits > 0 && digits <= EXACT_DIGITS;
    const isOver = code === separator || code === CLOSE;
    if (!isPlain || !isOver || (digits > 1 && text.charCodeAt(first) === ZERO)) return offset;
    const guess = expected < end ? pool[expected]! : -1;
    staged.element(guess >= 0 && values.number(guess) === number ? guess : values.numberId(number));
    offset = at;
    if (code === CLOSE) return at;
    at += 1;
    const next = text.charCodeAt(at) - ZERO;
    if (!(next >= 0 && next <= 9)) return offset;
  }
}
