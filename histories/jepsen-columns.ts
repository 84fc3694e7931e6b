/**
 * Jepsen's EDN histories and its logs into columns, their text coming in pieces: maps in the usual
 * shape by the quick reader, all others by the careful one. The meaning is that of edn.ts and
 * jepsen-log.ts; what those do with the whole history at hand (drafts.ts) is done here event by
 * event, and put right where a later event demands it.
 */

import { NO_KEY } from "./columns.js";
import { type CodedEvent, ColumnsBuilder, eventTypes } from "./columns-builder.js";
import type { ColumnsReader } from "./columns-reader.js";
import { eventOf, type JepsenOptions, type RecordedEvent, renumbering } from "./drafts.js";
import { recordedForm } from "./edn.js";
import { type EdnForm, EdnForms } from "./edn-forms.js";
import { JepsenLogLines } from "./jepsen-log.js";
import { KeyedColumns, NO_TUPLE, type Shape } from "./keyed-columns.js";
import { LineIndex } from "./lines.js";
import { at } from "./recording.js";
import { pair, tupleOf } from "./tuples.js";
import { UsualEdn } from "./usual-edn.js";
import { UNUSUAL } from "./usual-text.js";
import type { ValueTable } from "./values.js";

/** Events of either format, one after another. */
class JepsenEvents {
  readonly builder: ColumnsBuilder;
  readonly keyed: KeyedColumns;
  readonly lines = new LineIndex();
  /** What was put up with while reading. */
  readonly #backwards: string[] = [];
  readonly #source: string | undefined;
  #renumbered: number | undefined;
  #isTimed = false;
  #time = 0;

  constructor({ source, keyed = "auto" }: JepsenOptions) {
    this.#source = source;
    this.builder = new ColumnsBuilder({
      source,
      lineOf: this.lines.lineOf,
      warn: (message) => this.#backwards.push(message),
    });
    this.keyed = new KeyedColumns(this.builder, keyed, source);
  }

  /** A client's event; time and index are NaN where it has none. */
  addClient(event: CodedEvent, shape: Shape, line: number): void {
    const position = this.builder.eventCount;
    if (!Number.isNaN(event.index)) this.#checkIndex(event.index, line);
    event.time = this.#timeOf(Number.isNaN(event.time) ? undefined : event.time);
    event.index = position;
    this.lines.note(position, line);
    this.keyed.add(event, shape, line);
  }

  /** @throws UsageError for an event that is malformed, or that does not fit those before it. */
  addDraft(draft: RecordedEvent): void {
    const { builder } = this;
    const { line } = draft;
    const position = builder.eventCount;
    const time = draft.time ?? (this.#isTimed ? this.#time : position);
    const event = eventOf(draft, position, time, at(this.#source, line));
    if (draft.index !== undefined) this.#checkIndex(draft.index as number, line);
    event.time = this.#timeOf(draft.time as number | undefined);
    this.lines.note(position, line);
    if (typeof event.process === "string") {
      builder.add(event);
      return;
    }
    const { values } = builder;
    const coded = {
      index: position,
      time: event.time,
      process: event.process,
      type: eventTypes[event.type],
      f: builder.functionId(event.f),
      final: event.final,
      node: event.node,
      key: event.key === undefined ? NO_KEY : values.id(event.key),
      value: values.id(event.value),
    };
    this.keyed.add(coded, shapeOf(draft, values), line);
  }

  /** Warnings, in the order in which readers of whole files give them. */
  end(cut: string[] = []): string[] {
    const tuples = this.keyed.end();
    const renumbered =
      this.#renumbered === undefined ? [] : [renumbering(this.#source, this.#renumbered)];
    this.builder.finish();
    return [...tuples, ...renumbered, ...cut, ...this.#backwards];
  }

  #checkIndex(index: number, line: number): void {
    if (index !== this.builder.eventCount) this.#renumbered ??= line;
  }

  /** A missing time is that of the event before; without any, times are positions. */
  #timeOf(time: number | undefined): number {
    if (time === undefined) return this.#isTimed ? this.#time : this.builder.eventCount;
    if (!this.#isTimed) this.builder.restartTimes();
    this.#isTimed = true;
    this.#time = time;
    return time;
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
  readonly #source: string | undefined;

  constructor(options: JepsenOptions) {
    const events = new JepsenEvents(options);
    const usual = new UsualEdn(events.builder.values, events.builder.functions);
    this.#events = events;
    this.builder = events.builder;
    this.lineOf = events.lines.lineOf;
    this.#source = options.source;
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
    this.#take();
    return this.#events.end();
  }

  #take(): void {
    for (let form: EdnForm | undefined; (form = this.#forms.next()); ) {
      this.#events.addDraft(recordedForm(form, this.#source));
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
    this.lineOf = events.lines.lineOf;
    this.#lines = new JepsenLogLines(options.source, (draft) => events.addDraft(draft));
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
