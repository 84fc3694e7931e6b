/**
 * Jepsen's EDN histories: one vector of maps, or maps one after another (history.edn), records and
 * other tags accepted. Read with the same meaning as our own format, and written back.
 *
 * Forgiving where Jepsen is: index and time may be missing, time may go backwards (`toHistory`
 * warns), a client's event without `:f` is a transaction if its value is one. `:final?` is our `final`. Fields that we do not know are kept.
 */

import { type EDNMap, type EDNVal, toEDNString } from "edn-data";
import { UsageError } from "../src/base/errors.js";
import { type Json, jsonEquals } from "../src/base/json.js";
import { assemble, type JepsenOptions, type RecordedEvent } from "./drafts.js";
import { type EdnForm, EdnForms } from "./edn-forms.js";
import { EXACT_TAG } from "./edn-tokens.js";
import { fromJson, namedEntries, nameOf, parseForm, toJson } from "./edn-values.js";
import type { HistoryEvent } from "./history.js";
import { areMicros, TXN } from "./micros.js";
import { at, type Recording, type TextReader } from "./recording.js";
import { readEnd } from "./truncated.js";
import { type Draft, findTuples } from "./tuples.js";

/** Collects the events of a file whose text comes in pieces. */
export class EdnEvents implements TextReader<Recording> {
  readonly #options: JepsenOptions;
  readonly #recorded: RecordedEvent[] = [];
  readonly #forms: EdnForms;

  constructor(options: JepsenOptions) {
    this.#options = options;
    this.#forms = new EdnForms({ source: options.source, unwrap: true });
  }

  push(text: string): void {
    this.#forms.push(text);
    this.#take();
  }

  end(): Recording {
    this.#forms.end();
    const cut = readEnd(() => this.#take(), this.#options);
    const recording = assemble(this.#recorded, this.#options);
    recording.warnings.push(...cut);
    return recording;
  }

  #take(): void {
    for (let form: EdnForm | undefined; (form = this.#forms.next()); ) {
      this.#recorded.push(recordedForm(form, this.#options.source));
    }
  }
}

/**
 * O(length) time; the values of the whole file are in memory at once.
 * @throws UsageError with file, line and reason for malformed EDN or an event that is none.
 */
export function readEdn(text: string, options: JepsenOptions = {}): Recording {
  const reader = new EdnEvents(options);
  reader.push(text);
  return reader.end();
}

/** The event that a form spells. @throws UsageError for a form that is no event. */
export function recordedForm({ text, line }: EdnForm, source: string | undefined): RecordedEvent {
  const where = at(source, line);
  const map = untagged(parseForm(text, where));
  if (!isMap(map)) {
    throw new UsageError(`${where}an event must be a map such as {:process 0, :type :invoke, …}`);
  }
  return recordedEvent(map, line, where);
}

function recordedEvent(map: EDNMap, line: number, where: string): RecordedEvent {
  const fields = new Map(namedEntries(map, where, (value) => value));
  const take = (name: string): EDNVal | undefined => {
    const value = fields.get(name);
    fields.delete(name);
    return value;
  };
  const takeJson = (name: string): Json | undefined => {
    const value = take(name);
    return value === undefined ? undefined : toJson(value, where);
  };

  const [process, time] = [take("process"), take("time")];
  if (process !== undefined && isExact(process)) {
    throw new UsageError(
      `${where}process ${toJson(process, where)} is too great: use small numbers`,
    );
  }
  const value = take("value") ?? null;
  const named = takeJson("f") ?? undefined;
  const isObservation = process !== undefined && process !== null && typeof process !== "number";
  const isTxn = named === undefined && !isObservation && areMicros(toJson(value, where));
  const recorded: RecordedEvent = {
    line,
    client: typeof process === "number" ? process : undefined,
    process: process === undefined ? undefined : toJson(process, where),
    index: takeJson("index") ?? undefined,
    time: time === undefined || time === null ? undefined : nanoseconds(time, where),
    type: takeJson("type"),
    f: isTxn ? TXN : named,
    key: takeJson("key"),
    value,
    rest: [],
  };
  for (const [name, value] of fields) {
    const field = name === "final?" ? "final" : name;
    // Clojure records print a field that is not set as nil.
    if (value === null && (field === "final" || field === "node")) continue;
    recorded.rest.push([field, toJson(value, where)]);
  }
  return recorded;
}

/** Wall nanoseconds are beyond 2^53: rounded to the nearest double, which keeps their order. */
function nanoseconds(time: EDNVal, where: string): Json {
  return isExact(time) ? Number(toJson(time, where)) : toJson(time, where);
}

function isExact(value: EDNVal): boolean {
  return typeof value === "object" && value !== null && "tag" in value && value.tag === EXACT_TAG;
}

function untagged(value: EDNVal): EDNVal {
  return value !== null && typeof value === "object" && "tag" in value
    ? untagged(value.val)
    : value;
}

function isMap(value: EDNVal): value is EDNMap {
  return value !== null && typeof value === "object" && !Array.isArray(value) && "map" in value;
}

/**
 * Jepsen's history.edn: one map a line. Keyed client events have `[k v]` values as `independent`
 * has them. Where `readEdn` would then read something else (a completion without its key, a pair
 * that looks like a tuple), keys become `:key` fields and pairs become lists instead.
 */
export function formatEdn(events: readonly HistoryEvent[]): string {
  const tupled = events.map((event) => draftOf(event, true));
  const faithful = survives(events, tupled);
  let text = "";
  for (const [i, event] of events.entries()) {
    text += `${formatMap(event, faithful ? tupled[i]! : draftOf(event, false))}\n`;
  }
  return text;
}

/** The event as a file would have it, its key inside the value or beside it. */
function draftOf(event: HistoryEvent, tupled: boolean): Draft {
  const { process, type, f, key } = event;
  const client = typeof process === "number" ? process : undefined;
  const draft: Draft = { line: 0, client, type, f, key, value: fromJson(event.value) };
  if (client === undefined) return draft;
  if (tupled && key !== undefined) {
    return { ...draft, key: undefined, value: [fromJson(key), draft.value] };
  }
  const isPair = Array.isArray(draft.value) && draft.value.length === 2;
  return !tupled && isPair ? { ...draft, value: { list: draft.value as EDNVal[] } } : draft;
}

/** Whether the drafts are read as the events they stand for. */
function survives(events: readonly HistoryEvent[], drafts: readonly Draft[]): boolean {
  const { tuples } = findTuples(drafts, "auto");
  return events.every((event, i) => {
    if (typeof event.process === "string") return true;
    return jsonEquals(tuples[i]?.key, event.key);
  });
}

function formatMap(event: HistoryEvent, draft: Draft): string {
  const { index, time, process, type, f, key: _, value: __, error, final, node, ...notes } = event;
  const entries: [EDNVal, EDNVal | undefined][] = [
    [{ key: "index" }, index],
    [{ key: "time" }, { sym: BigInt(time).toString() }],
    [{ key: "process" }, typeof process === "string" ? nameOf(process) : process],
    [{ key: "type" }, { key: type }],
    [{ key: "f" }, nameOf(f)],
    [{ key: "key" }, draft.key === undefined ? undefined : fromJson(draft.key)],
    [{ key: "value" }, draft.value],
    [{ key: "error" }, error === undefined ? undefined : fromJson(error)],
    [{ key: "final?" }, final],
    [{ key: "node" }, node],
  ];
  for (const [name, note] of Object.entries(notes as { [name: string]: Json | undefined })) {
    entries.push([nameOf(name), note === undefined ? undefined : fromJson(note)]);
  }
  const written = entries.filter((entry): entry is [EDNVal, EDNVal] => entry[1] !== undefined);
  return toEDNString({ map: written });
}
