/**
 * A transaction's event in the shape that `formatEvent` writes, straight from the text of a file
 * into the builder's stage:
 *
 *     {"index":1,"time":3400,"process":3,"type":"ok","f":"txn","value":[["r","x",[1,2]],["append","x",3]]}
 *
 * Whatever is spelled otherwise, or wrong, is left to the careful reader. O(length of the line).
 */

import { TXN } from "./micros.js";
import { stageIntegers } from "./staged-text.js";
import { microKinds } from "./transactions.js";
import type { TransactionsBuilder } from "./transactions-builder.js";
import { UsualJson } from "./usual-json.js";
import { UNUSUAL } from "./usual-text.js";
import { NULL_ID } from "./values.js";

const [COMMA, OPEN] = [44, 91];

export class UsualTransactionsJson extends UsualJson {
  readonly #builder: TransactionsBuilder;

  constructor(builder: TransactionsBuilder) {
    super(builder.values, [TXN]);
    this.#builder = builder;
  }

  protected override keyAndValue(): boolean {
    this.#builder.staged.clear();
    if (!this.skip(',"value":[')) return false;
    if (this.skip("]")) return true;
    do {
      if (!this.#micro()) return false;
    } while (this.skip(","));
    return this.skip("]");
  }

  #micro(): boolean {
    const { staged } = this.#builder;
    const kind = this.#kind();
    if (kind < 0) return false;
    const key = this.value();
    if (key === UNUSUAL) return false;
    if (!this.skip(",")) {
      staged.add(kind, key, NULL_ID);
      return kind === microKinds.read && this.skip("]");
    }
    const isList = this.text.charCodeAt(this.at) === OPEN;
    if (kind === microKinds.read && isList) {
      staged.add(kind, key, NULL_ID);
      this.at += 1;
      return this.#list(key) && this.skip("]");
    }
    if (kind === microKinds.write && isList) return false;
    const value = this.value();
    if (value === UNUSUAL || (value === NULL_ID && kind !== microKinds.read)) return false;
    staged.add(kind, key, value);
    return this.skip("]");
  }

  #kind(): number {
    if (this.skip('["r",')) return microKinds.read;
    if (this.skip('["append",')) return microKinds.append;
    return this.skip('["w",') ? microKinds.write : UNUSUAL;
  }

  #list(key: number): boolean {
    const { staged } = this.#builder;
    const before = staged.elementCount;
    for (let isFirst = true; ; isFirst = false) {
      const more = this.more(isFirst);
      if (more === UNUSUAL) return false;
      if (!more) break;
      const place = staged.elementCount - before;
      const end = stageIntegers(this.#builder, key, place, this.text, this.at, COMMA);
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
