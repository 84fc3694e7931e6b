/** Where a generated load goes: into columns, or into a file of JSON Lines or of Jepsen's EDN. */

import { closeSync, openSync, writeSync } from "node:fs";
import { eventTypes } from "../../histories/columns-builder.js";
import type { Transactions } from "../../histories/transactions.js";
import { TransactionsBuilder } from "../../histories/transactions-builder.js";
import type { Micro, Sink } from "./store.js";

const PIECE_LENGTH = 1 << 20;

/** Columns, as a recorder in this process would fill them. */
export class ColumnsSink implements Sink {
  readonly #builder: TransactionsBuilder;
  #ids = new Int32Array(1024);

  constructor(transactions: number) {
    this.#builder = new TransactionsBuilder({}, transactions);
  }

  invoke(process: number, timeNs: number, micros: readonly Micro[], count: number): void {
    const builder = this.#builder;
    const { values } = builder;
    for (let i = 0; i < count; i++) {
      const { isRead, key, value } = micros[i]!;
      if (isRead) builder.read(values.numberId(key));
      else builder.append(values.numberId(key), values.numberId(value));
    }
    builder.invoke(process, timeNs);
  }

  complete(
    process: number,
    outcome: "ok" | "fail" | "info",
    timeNs: number,
    micros: readonly Micro[],
    count: number,
    elementsOf: (key: number) => ArrayLike<number>,
  ): void {
    const builder = this.#builder;
    const { values } = builder;
    for (let i = 0; i < count; i++) {
      const { isRead, key, value, length } = micros[i]!;
      if (!isRead) builder.append(values.numberId(key), values.numberId(value));
      else if (outcome !== "ok") builder.read(values.numberId(key));
      else {
        const elements = elementsOf(key);
        while (this.#ids.length < length) this.#ids = new Int32Array(this.#ids.length * 2);
        for (let at = 0; at < length; at++) this.#ids[at] = values.numberId(elements[at]!);
        builder.readList(values.numberId(key), this.#ids, length);
      }
    }
    builder.complete(process, eventTypes[outcome], timeNs);
  }

  transactions(): Transactions {
    return this.#builder.finish();
  }
}

export type TextFormat = "jsonl" | "edn";

/** A file, written in pieces. */
export class TextSink implements Sink {
  readonly #descriptor: number;
  readonly #isEdn: boolean;
  #piece = "";
  #index = 0;

  constructor(file: string, format: TextFormat) {
    this.#descriptor = openSync(file, "w");
    this.#isEdn = format === "edn";
  }

  invoke(process: number, timeNs: number, micros: readonly Micro[], count: number): void {
    const nil = this.#isEdn ? "nil" : "null";
    this.#line(process, "invoke", timeNs, micros, count, () => nil);
  }

  complete(
    process: number,
    outcome: "ok" | "fail" | "info",
    timeNs: number,
    micros: readonly Micro[],
    count: number,
    elementsOf: (key: number) => ArrayLike<number>,
  ): void {
    const nil = this.#isEdn ? "nil" : "null";
    const separator = this.#isEdn ? " " : ",";
    this.#line(process, outcome, timeNs, micros, count, ({ key, length }) => {
      if (outcome !== "ok") return nil;
      const elements = elementsOf(key);
      let text = "";
      for (let at = 0; at < length; at++)
        text += at === 0 ? elements[at] : separator + elements[at];
      return `[${text}]`;
    });
  }

  close(): void {
    writeSync(this.#descriptor, this.#piece);
    closeSync(this.#descriptor);
  }

  #line(
    process: number,
    type: string,
    timeNs: number,
    micros: readonly Micro[],
    count: number,
    read: (micro: Micro) => string,
  ): void {
    const index = this.#index++;
    let value = "";
    for (let i = 0; i < count; i++) {
      const micro = micros[i]!;
      if (this.#isEdn) {
        value += i === 0 ? "" : " ";
        value += micro.isRead
          ? `[:r ${micro.key} ${read(micro)}]`
          : `[:append ${micro.key} ${micro.value}]`;
      } else {
        value += i === 0 ? "" : ",";
        value += micro.isRead
          ? `["r",${micro.key},${read(micro)}]`
          : `["append",${micro.key},${micro.value}]`;
      }
    }
    this.#piece += this.#isEdn
      ? `{:type :${type}, :f :txn, :value [${value}], :time ${timeNs}, :process ${process}, :index ${index}}\n`
      : `{"index":${index},"time":${timeNs},"process":${process},"type":"${type}","f":"txn","value":[${value}]}\n`;
    if (this.#piece.length < PIECE_LENGTH) return;
    writeSync(this.#descriptor, this.#piece);
    this.#piece = "";
  }
}
