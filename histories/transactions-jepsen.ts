/**
 * Jepsen's EDN histories and its logs into transactional columns, their text coming in pieces: maps
 * in the usual shape by the quick reader, all others by the careful one, with the same meaning.
 * Values never hold keys here (`[k v]`): a list of two is a transaction of two micro-operations.
 */

import type { JepsenOptions, RecordedEvent } from "./drafts.js";
import { recordedForm } from "./edn.js";
import { type EdnForm, EdnForms } from "./edn-forms.js";
import { JepsenLogLines } from "./jepsen-log.js";
import { JepsenOrder } from "./jepsen-order.js";
import { TXN } from "./micros.js";
import { TransactionsBuilder } from "./transactions-builder.js";
import type { TransactionsReader } from "./transactions-reader.js";
import { readEnd } from "./truncated.js";
import { NOBODY } from "./uninvoked.js";
import { UNUSUAL } from "./usual-text.js";
import { UsualTransactionsEdn } from "./usual-transactions-edn.js";

/** Events of either format, one after another. */
class JepsenTransactions {
  readonly builder: TransactionsBuilder;
  readonly lineOf: (position: number) => number;
  readonly #order: JepsenOrder;

  constructor(source: string | undefined) {
    this.#order = new JepsenOrder(source);
    const { lines, pairing } = this.#order;
    this.builder = new TransactionsBuilder(pairing);
    this.lineOf = (position) => lines.lineOf(this.builder.recordedAt(position));
  }

  /** A client's event whose micro-operations are staged; time and index are NaN without one. */
  addStaged(index: number, process: number, type: number, time: number, line: number): void {
    const { builder } = this;
    const placed = this.#order.place(builder, index, time, line);
    builder.addStaged(builder.eventCount, process, type, placed);
  }

  /**
   * What clients do without saying so is a transaction here.
   * @throws UsageError for an event that is malformed, or that does not fit those before it.
   */
  addDraft(draft: RecordedEvent): void {
    const { process, f = TXN } = draft;
    const isClient = typeof process !== "string";
    const isNobodys = f === TXN && (process === undefined || process === null);
    const given = { ...draft, f: isClient ? f : draft.f, process: isNobodys ? 0 : process };
    const event = this.#order.eventOf(this.builder, given);
    this.builder.add(isNobodys ? { ...event, process: NOBODY } : event);
  }

  /** Warnings. */
  end(cut: string[]): string[] {
    this.builder.finishOrder();
    return this.#order.warnings([], cut);
  }
}

export class EdnTransactions implements TransactionsReader {
  readonly builder: TransactionsBuilder;
  readonly lineOf: (position: number) => number;
  readonly #events: JepsenTransactions;
  readonly #forms: EdnForms;
  readonly #options: JepsenOptions;
  /** What follows the last line end. */
  #rest = "";

  constructor(options: JepsenOptions) {
    const events = new JepsenTransactions(options.source);
    const usual = new UsualTransactionsEdn(events.builder);
    this.#events = events;
    this.#options = options;
    this.builder = events.builder;
    this.lineOf = events.lineOf;
    this.#forms = new EdnForms({
      source: options.source,
      unwrap: true,
      shortcut: (text, offset, line) => {
        const end = usual.read(text, offset);
        if (end === UNUSUAL) return UNUSUAL;
        const { index, process, type, time } = usual.event;
        events.addStaged(index, process, type, time, line);
        return end;
      },
    });
  }

  push(text: string): void {
    // An event that is cut needs the careful reader; mostly there is one on a line.
    const cut = text.lastIndexOf("\n") + 1 || text.length;
    this.#forms.push(this.#rest + text.slice(0, cut));
    this.#rest = text.slice(cut);
    this.#take();
  }

  end(): string[] {
    this.#forms.push(this.#rest);
    this.#forms.end();
    return this.#events.end(readEnd(() => this.#take(), this.#options));
  }

  #take(): void {
    for (let form: EdnForm | undefined; (form = this.#forms.next()); ) {
      this.#events.addDraft(recordedForm(form, this.#options.source));
    }
  }
}

export class JepsenLogTransactions implements TransactionsReader {
  readonly builder: TransactionsBuilder;
  readonly lineOf: (position: number) => number;
  readonly #events: JepsenTransactions;
  readonly #lines: JepsenLogLines;

  constructor(options: JepsenOptions) {
    const events = new JepsenTransactions(options.source);
    this.#events = events;
    this.builder = events.builder;
    this.lineOf = events.lineOf;
    this.#lines = new JepsenLogLines(options, (draft) => events.addDraft(draft));
  }

  push(text: string): void {
    this.#lines.push(text);
  }

  end(): string[] {
    return this.#events.end(this.#lines.end());
  }
}
