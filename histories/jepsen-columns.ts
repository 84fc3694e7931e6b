/**
 * Jepsen's EDN histories and its logs into columns, their text coming in pieces: maps in the usual
 * shape by the quick reader, all others by the careful one. The meaning is that of edn.ts and
 * jepsen-log.ts; what those do with the whole history at hand (drafts.ts) is done here event by
 * event, and put right where a later event demands it.
 */

import { NO_KEY } from "./columns.js";
import { type CodedEvent, ColumnsBuilder, eventTypes } from "./columns-builder.js";
import type { ColumnsReader } from "./columns-reader.js";
import type { JepsenOptions, RecordedEvent } from "./drafts.js";
import { recordedForm } from "./edn.js";
import { type EdnForm, EdnForms } from "./edn-forms.js";
import { JepsenLogLines } from "./jepsen-log.js";
import { JepsenOrder } from "./jepsen-order.js";
import { KeyedColumns, NO_TUPLE, type Shape } from "./keyed-columns.js";
import { readEnd } from "./truncated.js";
import { pair, tupleOf } from "./tuples.js";
import { UsualEdn } from "./usual-edn.js";
import { UNUSUAL } from "./usual-text.js";
import type { ValueTable } from "./values.js";

/** Events of either format, one after another. */
class JepsenEvents {
  readonly builder: ColumnsBuilder;
  readonly keyed: KeyedColumns;
  readonly lineOf: (position: number) => number;
  readonly #order: JepsenOrder;

  constructor({ source, keyed = "auto" }: JepsenOptions) {
    this.#order = new JepsenOrder(source);
    this.lineOf = this.#order.lines.lineOf;
    this.builder = new ColumnsBuilder(this.#order.pairing);
    this.keyed = new KeyedColumns(this.builder, keyed, source);
  }

  /** A client's event; time and index are NaN where it has none. */
  addClient(event: CodedEvent, shape: Shape, line: number): void {
    const position = this.builder.eventCount;
    event.time = this.#order.place(this.builder, event.index, event.time, line);
    event.index = position;
    this.keyed.add(event, shape, line);
  }

  /** @throws UsageError for an event that is malformed, or that does not fit those before it. */
  addDraft(draft: RecordedEvent): void {
    const { builder } = this;
    const event = this.#order.eventOf(builder, draft);
    if (typeof event.process === "string") {
      builder.add(event);
      return;
    }
    const { values } = builder;
    const coded = {
      index: event.index,
      time: event.time,
      process: event.process,
      type: eventTypes[event.type],
      f: builder.functionId(event.f),
      final: event.final,
      node: event.node,
      version: event.version,
      key: event.key === undefined ? NO_KEY : values.id(event.key),
      value: values.id(event.value),
    };
    this.keyed.add(coded, shapeOf(draft, values), draft.line);
  }

  /** Warnings. */
  end(cut: string[] = []): string[] {
    const tuples = this.keyed.end();
    this.builder.finish();
    return this.#order.warnings(tuples, cut);
  }
}

function shapeOf(draft: RecordedEvent, values: ValueTable): Shape {
  const tuple = tupleOf(draft);
  if (tuple === undefined) return NO_TUPLE;
  return {
    tuple: Array.isArray(draft.value) ? "vector" : "tagged",
    key: values.id(tuple.key),
    second: tuple.value === null ? "nil" : pair(tuple.value) ? "pair" : "other",
  };
}

export class EdnColumns implements ColumnsReader {
  readonly builder: ColumnsBuilder;
  readonly lineOf: (position: number) => number;
  readonly #events: JepsenEvents;
  readonly #forms: EdnForms;
  readonly #options: JepsenOptions;

  constructor(options: JepsenOptions) {
    const events = new JepsenEvents(options);
    const usual = new UsualEdn(events.builder.values, events.builder.functions);
    this.#events = events;
    this.builder = events.builder;
    this.lineOf = events.lineOf;
    this.#options = options;
    this.#forms = new EdnForms({
      source: options.source,
      unwrap: true,
      shortcut: (text, offset, line) => {
        const end = usual.read(text, offset);
        if (end !== UNUSUAL) events.addClient(usual.event, usual.shape, line);
        return end;
      },
    });
  }

  get settled(): boolean {
    return this.#events.keyed.settled;
  }

  push(text: string): void {
    this.#forms.push(text);
    this.#take();
  }

  end(): string[] {
    this.#forms.end();
    return this.#events.end(readEnd(() => this.#take(), this.#options));
  }

  #take(): void {
    for (let form: EdnForm | undefined; (form = this.#forms.next()); ) {
      this.#events.addDraft(recordedForm(form, this.#options.source));
    }
  }
}

export class JepsenLogColumns implements ColumnsReader {
  readonly builder: ColumnsBuilder;
  readonly lineOf: (position: number) => number;
  readonly #events: JepsenEvents;
  readonly #lines: JepsenLogLines;

  constructor(options: JepsenOptions) {
    const events = new JepsenEvents(options);
    this.#events = events;
    this.builder = events.builder;
    this.lineOf = events.lineOf;
    this.#lines = new JepsenLogLines(options, (draft) => events.addDraft(draft));
  }

  get settled(): boolean {
    return this.#events.keyed.settled;
  }

  push(text: string): void {
    this.#lines.push(text);
  }

  end(): string[] {
    return this.#events.end(this.#lines.end());
  }
}
