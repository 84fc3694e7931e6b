/**
 * Session guarantees, arbitration reading, word by word: every order of the writes, every choice of
 * what each read sees. For three or four writes and reads at most: (2^writes)^reads * writes! choices.
 */

import { isRead, isWrite } from "./accesses.js";
import { allOrders, some } from "./orders.js";
import { type Guarantee, missing, ordersOf } from "./sessions.js";
import { type Explanation, INITIAL } from "./sources.js";

export function holdsLiterally(explanation: Explanation, set: readonly Guarantee[]): boolean {
  const { accesses, sources } = explanation;
  const writes = accesses.map((_, at) => at).filter((at) => isWrite(accesses[at]!));
  return some(allOrders(writes.map(() => 0)), (order) => {
    const rank = new Map(order.map((write, place) => [writes[write]!, place]));
    return some(visible(accesses.map(isRead), writes), (seen) => {
      const isClosed = missing(explanation, set, seen).every(
        (mask, at) => (mask & ~seen[at]!) === 0,
      );
      if (!isClosed) return false;
      const returns = accesses.every((access, at) => {
        if (!isRead(access)) return true;
        const ofKey = writes.filter(
          (write) => accesses[write]!.key === access.key && (seen[at]! & (1 << write)) !== 0,
        );
        const last = ofKey.sort((a, b) => rank.get(a)! - rank.get(b)!).at(-1) ?? INITIAL;
        return last === sources[at];
      });
      if (!returns) return false;
      const after = ordersOf(explanation, set, seen);
      return (
        after !== undefined &&
        writes.every((write) =>
          writes.every(
            (other) => (after[write]! & (1 << other)) === 0 || rank.get(other)! < rank.get(write)!,
          ),
        )
      );
    });
  });
}

function* visible(reads: readonly boolean[], writes: readonly number[]): Generator<number[]> {
  const [first, ...rest] = reads;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const others of visible(rest, writes)) {
    for (let chosen = 0; chosen < (first ? 1 << writes.length : 1); chosen++) {
      const mask = writes.reduce(
        (bits, write, at) => ((chosen & (1 << at)) !== 0 ? bits | (1 << write) : bits),
        0,
      );
      yield [mask, ...others];
    }
  }
}
