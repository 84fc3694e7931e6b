/**
 * A transaction's event as Jepsen mostly writes it, straight from the text of a file into the
 * builder's stage:
 *
 *     {:type :ok, :f :txn, :value [[:r 5 [1 2]] [:append 5 3]], :process 3, :time 3400, :index 1}
 *
 * Whatever is spelled otherwise, or wrong, is left to the careful reader. O(length of the map).
 */

import { NO_KEY } from "./columns.js";
import { TXN } from "./micros.js";
import { stageIntegers } from "./staged-text.js";
import { microKinds } from "./transactions.js";
import type { TransactionsBuilder } from "./transactions-builder.js";
import { NEEDED_OF_TRANSACTIONS, UsualEdn } from "./usual-edn.js";
import { UNUSUAL } from "./usual-text.js";
import { NULL_ID } from "./values.js";

const [SPACE, OPEN] = [32, 91];

export class UsualTransactionsEdn extends UsualEdn {
  readonly #builder: TransactionsBuilder;

  constructor(builder: TransactionsBuilder) {
    super(builder.values, [TXN], NEEDED_OF_TRANSACTIONS);
    this.#builder = builder;
  }

  override read(text: string, start: number): number {
    const end = super.read(text, start);
    return this.event.key === NO_KEY ? end : UNUSUAL;
  }

  protected override eventValue(): boolean {
    this.#builder.staged.clear();
    if (!this.skip("[")) return false;
    for (this.space(); !this.skip("]"); this.space()) if (!this.#micro()) return false;
    return true;
  }

  #micro(): boolean {
    const { staged } = this.#builder;
    const kind = this.#kind();
    if (kind < 0 || !this.endsHere()) return false;
    this.space();
    const key = this.value();
    if (key === UNUSUAL) return false;
    this.space();
    if (kind === microKinds.read && this.skip("]")) {
      staged.add(kind, key, NULL_ID);
      return true;
    }
    const isList = this.text.charCodeAt(this.at) === OPEN;
    if (kind === microKinds.read && isList) {
      staged.add(kind, key, NULL_ID);
      this.at += 1;
      if (!this.#list(key)) return false;
    } else {
      if (kind === microKinds.write && isList) return false;
      const value = this.value();
      if (value === UNUSUAL || (value === NULL_ID && kind !== microKinds.read)) return false;
      staged.add(kind, key, value);
    }
    this.space();
    return this.skip("]");
  }

  #kind(): number {
    if (this.skip("[:r")) return microKinds.read;
    if (this.skip("[:append")) return microKinds.append;
    return this.skip("[:w") ? microKinds.write : UNUSUAL;
  }

  #list(key: number): boolean {
    const { staged } = this.#builder;
    const before = staged.elementCount;
    while (this.more()) {
      const place = staged.elementCount - before;
      const end = stageIntegers(this.#builder, key, place, this.text, this.at, SPACE);
      if (end > this.at) {
        this.at = end;
        continue;
      }
      const element = this.value();
      if (element === UNUSUAL) return false;
      staged.element(element);
    }
    staged.endList();
    return true;
  }
}
