/**
 * Columns that grow while events arrive: joins every invocation with its completion as pairing.ts
 * does, by the same rules and with the same messages, without an object per event. About 50 bytes
 * an operation, and its distinct values.
 *
 * Events of named processes (nodes, nemeses) count as positions; the first 10,000 are kept for
 * people to see. Errors of clients are not. O(1) an event on average.
 */

import { UsageError } from "../src/base/errors.js";
import type { Json } from "../src/base/json.js";
import { Chronology, type PairingOptions } from "./chronology.js";
import { Clients, NEVER_SEEN, OPERATIONS_MAX, PHASES, phases } from "./clients.js";
import { type Columns, emptyColumns, NO_KEY, NO_NODE, outcomes, PENDING } from "./columns.js";
import type { EventType, HistoryEvent } from "./history.js";
import { faultOf } from "./pairing.js";
import { isValueless } from "./schema.js";
import { doubled, type ValueTable } from "./values.js";

/** Codes of `EventType`: places in `TYPES`. */
export const eventTypes = { invoke: 0, ok: 1, fail: 2, info: 3 } as const;
export const TYPES: readonly EventType[] = ["invoke", "ok", "fail", "info"];

const FUNCTIONS_MAX = 256;

/** A node that talks all the time must not cost more memory than the operations. */
const OBSERVATIONS_MAX = 10_000;

/** A client's event, ready for the columns. */
export interface CodedEvent {
  index: number;
  time: number;
  process: number;
  /** One of `eventTypes`. */
  type: number;
  /** As `functionId` gives it. */
  f: number;
  /** An id in `values`, or NO_KEY. */
  key: number;
  value: number;
  final?: boolean | undefined;
  node?: string | undefined;
  /** As in HistoryEvent. */
  version?: Json | undefined;
  /** The event has no value, not even null. */
  valueless?: boolean;
}

export class ColumnsBuilder {
  /** Functions known so far; their places are their ids. */
  readonly functions: string[] = [];
  readonly #order: Chronology;
  readonly #columns: Columns;
  #capacity: number;
  #size = 0;
  #events = 0;
  readonly #observations: HistoryEvent[] = [];
  readonly #final = new Set<number>();
  /** Empty until an invocation lacks a value. */
  #valueless = new Uint8Array(0);
  /** Empty until a node is named. */
  #nodes = new Int32Array(0);
  /** Empty until a version is told. */
  #versions = new Float64Array(0);
  #invokingObserver: { position: number; process: string } | undefined;
  readonly #clients = new Clients();

  constructor(options: PairingOptions = {}, capacity = 1024) {
    this.#order = new Chronology(options);
    this.#columns = { ...emptyColumns(capacity), functions: this.functions };
    this.#capacity = capacity;
  }

  get values(): ValueTable {
    return this.#columns.values;
  }

  /** Operations so far. */
  get size(): number {
    return this.#size;
  }

  /** Events so far, observations included: the position of the next one. */
  get eventCount(): number {
    return this.#events;
  }

  /** The first event of a named process that claims to be a client's. */
  get invokingObserver(): { position: number; process: string } | undefined {
    return this.#invokingObserver;
  }

  /** @throws UsageError for more functions than any object has. */
  functionId(name: string): number {
    const known = this.functions.indexOf(name);
    if (known >= 0) return known;
    if (this.functions.length === FUNCTIONS_MAX) {
      this.#order.refuse(
        this.#events,
        `more than ${FUNCTIONS_MAX} different functions: put what varies into the value`,
      );
    }
    return this.functions.push(name) - 1;
  }

  /** @throws UsageError as `toHistory` does, for the first event that it would refuse. */
  add(event: HistoryEvent): void {
    const { index, time, process, type, f, key, value, final, node, version } = event;
    if (typeof process === "string") {
      this.#order.check(this.#events, index, time);
      if (type === "invoke") this.#invokingObserver ??= { position: this.#events, process };
      if (this.#observations.length < OBSERVATIONS_MAX) this.#observations.push(event);
      this.#events += 1;
      return;
    }
    this.addClient({
      index,
      time,
      process,
      type: eventTypes[type],
      f: this.functionId(f),
      key: key === undefined ? NO_KEY : this.values.id(key),
      value: this.values.id(value),
      final,
      node,
      version,
      valueless: isValueless(event),
    });
  }

  /** The number of the operation that this event began or completed. */
  addClient(event: CodedEvent): number {
    const { time, process, type, f, key, value } = event;
    const position = this.#events;
    this.#order.check(position, event.index, time);
    const state = this.#clients.stateOf(process);
    const phase = state & 3;
    const columns = this.#columns;
    let operation = state >>> 2;
    if (type === eventTypes.invoke) {
      if (phase === phases.open || phase === phases.crashed) this.#refuse(event, state);
      operation = this.#size;
      if (operation === this.#capacity) this.#grow();
      columns.f[operation] = f;
      columns.key[operation] = key;
      columns.input[operation] = value;
      columns.outcome[operation] = outcomes.info;
      columns.process[operation] = process;
      columns.invoked[operation] = position;
      columns.completed[operation] = PENDING;
      columns.invokedAt[operation] = time;
      columns.completedAt[operation] = Number.POSITIVE_INFINITY;
      this.#clients.set(process, operation, phases.open);
      this.#size += 1;
    } else {
      const sameKey = key === NO_KEY || key === columns.key[operation];
      if (phase !== phases.open || f !== columns.f[operation] || !sameKey) {
        this.#refuse(event, state);
      }
      columns.output[operation] = value;
      if (type !== eventTypes.info) {
        columns.outcome[operation] = type === eventTypes.ok ? outcomes.ok : outcomes.fail;
        columns.completed[operation] = position;
        columns.completedAt[operation] = time;
      }
      const after = type === eventTypes.info ? phases.crashed : phases.done;
      this.#clients.set(process, operation, after);
    }
    this.#events += 1;
    if (event.valueless === true && type === eventTypes.invoke) this.#noteValueless(operation);
    if (event.final === true) this.#final.add(operation);
    if (event.node !== undefined) this.#noteNode(operation, event.node);
    if (typeof event.version === "number") this.#noteVersion(operation, event.version);
    return operation;
  }

  #noteValueless(operation: number): void {
    if (this.#valueless.length < this.#capacity) {
      const grown = new Uint8Array(this.#capacity);
      grown.set(this.#valueless);
      this.#valueless = grown;
    }
    this.#valueless[operation] = 1;
  }

  /** The first node that is named counts, as in `toHistory`. */
  #noteNode(operation: number, node: string): void {
    if (this.#nodes.length < this.#capacity) {
      const grown = new Int32Array(this.#capacity).fill(NO_NODE);
      grown.set(this.#nodes);
      this.#nodes = grown;
    }
    if (this.#nodes[operation] === NO_NODE) this.#nodes[operation] = this.values.id(node);
  }

  #noteVersion(operation: number, version: number): void {
    if (this.#versions.length < this.#capacity) {
      const grown = new Float64Array(this.#capacity).fill(Number.NaN);
      grown.set(this.#versions);
      this.#versions = grown;
    }
    this.#versions[operation] = version;
  }

  /** Times up to here, all of them positions, turn out to have been 0 (see drafts.ts). */
  restartTimes(): void {
    if (this.#events === 0) return;
    this.#columns.invokedAt.fill(0, 0, this.#size);
    const { completedAt } = this.#columns;
    for (let i = 0; i < this.#size; i++) if (Number.isFinite(completedAt[i]!)) completedAt[i] = 0;
    for (const [i, event] of this.#observations.entries()) {
      this.#observations[i] = { ...event, time: 0 };
    }
    this.#order.restart();
  }

  /**
   * What has been told so far, operations still open counting as pending. It shares the arrays:
   * the next event may change it.
   */
  snapshot(): Columns {
    const columns = this.#columns;
    const size = this.#size;
    return {
      size,
      eventCount: this.#events,
      functions: this.functions,
      values: columns.values,
      f: columns.f.subarray(0, size),
      key: columns.key.subarray(0, size),
      input: columns.input.subarray(0, size),
      output: columns.output.subarray(0, size),
      outcome: columns.outcome.subarray(0, size),
      process: columns.process.subarray(0, size),
      invoked: columns.invoked.subarray(0, size),
      completed: columns.completed.subarray(0, size),
      invokedAt: columns.invokedAt.subarray(0, size),
      completedAt: columns.completedAt.subarray(0, size),
      observations: this.#observations,
      final: this.#final,
      ...(this.#valueless.length === 0 ? {} : { valueless: this.#valueless.subarray(0, size) }),
      ...(this.#nodes.length === 0 ? {} : { node: this.#nodes.subarray(0, size) }),
      ...(this.#versions.length === 0 ? {} : { versions: this.#versions.subarray(0, size) }),
    };
  }

  /** Warns as `toHistory` does; to be called once, after the last event. */
  finish(): void {
    this.#order.finish();
  }

  /** The value of an operation's invocation. */
  inputOf(operation: number): number {
    return this.#columns.input[operation]!;
  }

  /** @throws UsageError naming the event at a position, for readers that learn of a fault late. */
  refuse(position: number, reason: string): never {
    this.#order.refuse(position, reason);
  }

  /** What is wrong with a completion at `key` of an operation that was invoked at another. */
  keyFault(operation: number, key: number, invokedKey: number): string {
    const columns = this.#columns;
    const f = this.functions[columns.f[operation]!]!;
    const fault = faultOf(
      { type: "ok", f, ...this.#keyField(key) },
      {
        operation: { f, invoked: columns.invoked[operation]!, ...this.#keyField(invokedKey) },
        phase: "open",
      },
      this.#order,
    );
    return `process ${columns.process[operation]} ${fault}`;
  }

  #refuse({ process, type, f, key }: CodedEvent, state: number): never {
    const columns = this.#columns;
    const last = state >>> 2;
    const operation = {
      f: this.functions[columns.f[last]!]!,
      invoked: columns.invoked[last]!,
      ...this.#keyField(columns.key[last]!),
    };
    const fault = faultOf(
      { type: TYPES[type]!, f: this.functions[f]!, ...this.#keyField(key) },
      state === NEVER_SEEN ? undefined : { operation, phase: PHASES[state & 3]! },
      this.#order,
    );
    this.#order.refuse(this.#events, `process ${process} ${fault}`);
  }

  #keyField(key: number): Pick<HistoryEvent, "key"> {
    return key === NO_KEY ? {} : { key: this.values.value(key) };
  }

  #grow(): void {
    if (this.#capacity >= OPERATIONS_MAX) {
      throw new UsageError(`more than ${OPERATIONS_MAX} operations: split the history by key`);
    }
    this.#capacity *= 2;
    // One column after another: the old one may go before the next is copied.
    const columns = this.#columns;
    columns.f = doubled(columns.f, Uint8Array);
    columns.key = doubled(columns.key, Int32Array);
    columns.input = doubled(columns.input, Int32Array);
    columns.output = doubled(columns.output, Int32Array);
    columns.outcome = doubled(columns.outcome, Uint8Array);
    columns.process = doubled(columns.process, Float64Array);
    columns.invoked = doubled(columns.invoked, Int32Array);
    columns.completed = doubled(columns.completed, Int32Array);
    columns.invokedAt = doubled(columns.invokedAt, Float64Array);
    columns.completedAt = doubled(columns.completedAt, Float64Array);
  }
}
