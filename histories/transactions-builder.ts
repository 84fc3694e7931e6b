/**
 * Transactional columns that grow while events arrive: joins every invocation with its completion
 * by the rules of pairing.ts, numbers the keys, and keeps every list that was read as a prefix of a
 * chain (chains.ts). Whoever calls it stages the micro-operations of an event (`staged`, or `read`,
 * `append` … for those who generate) and then says whose they are:
 *
 *     builder.append(key, value); builder.read(key);            const t = builder.invoke(process, time);
 *     builder.append(key, value); builder.readList(key, [...]); builder.complete(process, ok, time);
 *
 * A history that begins with a completion may hold completions only (uninvoked.ts).
 *
 * Refused is what a client did wrong, never what a database returned. O(1) a micro-operation and
 * element on average; about 13 bytes a micro-operation, 40 a transaction, 20 a distinct value.
 */

import { Chains } from "./chains.js";
import { Chronology, type PairingOptions } from "./chronology.js";
import { Clients, NEVER_SEEN, PHASES, phases } from "./clients.js";
import { outcomes, PENDING } from "./columns.js";
import { eventTypes, TYPES } from "./columns-builder.js";
import { GrowingTransactions, trimmed } from "./growing-transactions.js";
import type { History, HistoryEvent, Operation } from "./history.js";
import { areMicros, brief, MICRO_NAMES, stageMicros, TXN } from "./micros.js";
import { faultOf } from "./pairing.js";
import { NO_LIST, Staging } from "./staging.js";
import { Strangers } from "./strangers.js";
import { microKinds, type TransactionService, type Transactions, UNKNOWN } from "./transactions.js";
import { arranged } from "./uninvoked.js";
import { doubled, NULL_ID, ValueTable } from "./values.js";
import { Writers } from "./writers.js";

const FREE = -1;

/** A node that talks all the time must not cost more memory than the transactions. */
const OBSERVATIONS_MAX = 10_000;

/** Names what a read returned instead of a list. */
const NOT_A_LIST = "not a list";

const APPENDS = "appends to a list";
const WRITES = "writes a register";

export class TransactionsBuilder {
  readonly values = new ValueTable();
  /** The micro-operations of the event to come. */
  readonly staged = new Staging();
  readonly chains = new Chains();
  readonly #order: Chronology;
  readonly #clients = new Clients();
  readonly #strangers = new Strangers();
  readonly #observations: HistoryEvent[] = [];
  #invokingObserver: { position: number; process: string } | undefined;
  #events = 0;

  readonly #columns: GrowingTransactions;
  readonly #writers: Writers;
  #keys = new Int32Array(64);
  #keyCount = 0;
  /** By id of a value: its place in `#keys`. */
  #places = new Int32Array(64).fill(FREE);
  #service: TransactionService | undefined;
  /** Of the first append or write. */
  #decidedAt = 0;
  /** Reads whose service was not known, with the values that they returned, in order of completion. */
  #undecided: number[] = [];
  /** What is wrong with the micro-operations of an event that need not say any. */
  #fault: string | undefined;
  #isBegun = false;
  #isUninvoked = false;
  #recordedAt: Int32Array | undefined;

  /** @param capacity how many transactions are expected. */
  constructor(options: PairingOptions = {}, capacity = 1024) {
    this.#order = new Chronology(options);
    this.#columns = new GrowingTransactions(capacity);
    this.#writers = new Writers(this.#columns);
  }

  /** Transactions so far. */
  get size(): number {
    return this.#columns.size;
  }

  /** Events so far, observations included: the position of the next one. */
  get eventCount(): number {
    return this.#events;
  }

  /** Whether a client's transaction came, though it be refused. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /** Whether there are completions only. */
  get isUninvoked(): boolean {
    return this.#isUninvoked;
  }

  /** Where the event at a position of the finished columns stood among those that were added. */
  recordedAt(position: number): number {
    return this.#recordedAt?.[position] ?? position;
  }

  /** The first event of a named process that claims to be a client's. */
  get invokingObserver(): { position: number; process: string } | undefined {
    return this.#invokingObserver;
  }

  /** Stages a read of which nothing is known, or one that returned null. */
  read(key: number): void {
    this.staged.add(microKinds.read, key, NULL_ID);
  }

  /** Stages a read that returned a value, not a list. */
  readValue(key: number, value: number): void {
    this.staged.add(microKinds.read, key, value);
  }

  /** Stages a read that returned a list: the first `length` of these ids, which are copied. */
  readList(key: number, elements: ArrayLike<number>, length = elements.length): void {
    const { staged } = this;
    staged.add(microKinds.read, key, NULL_ID);
    for (let i = 0; i < length; i++) staged.element(elements[i]!);
    staged.endList();
  }

  append(key: number, value: number): void {
    this.staged.add(microKinds.append, key, value);
  }

  write(key: number, value: number): void {
    this.staged.add(microKinds.write, key, value);
  }

  /** The oldest chain of the key with this id, in `chains`; negative when there is none. */
  chainOf(key: number): number {
    const place = this.#places[key] ?? FREE;
    return place === FREE ? FREE : this.chains.rootOf(place);
  }

  /** Events before this position are none of clients. */
  skipTo(position: number): void {
    this.#events = position;
  }

  /**
   * Any event of a history; a process may be NOBODY.
   * @throws UsageError as `toHistory` does, and for a client that does not keep to transactions.
   */
  add(event: HistoryEvent): void {
    const { index, time, process, type, f, key, value } = event;
    const position = this.#events;
    this.#order.check(position, index, time);
    if (typeof process === "string") {
      if (type === "invoke") this.#invokingObserver ??= { position, process };
      if (this.#observations.length < OBSERVATIONS_MAX) this.#observations.push(event);
      this.#events += 1;
      return;
    }
    // Jepsen's long-fork calls its transactions read and write; who ends one may have no value.
    const isOtherwise = f !== TXN && !areMicros(value) && (type === "invoke" || value !== null);
    if (isOtherwise) {
      const others = "but the clients before it do transactions";
      this.refuse(
        position,
        `${brief(f)} is no transaction, ${others}: record them in files of their own`,
      );
    }
    if (key !== undefined) {
      this.refuse(
        position,
        "a transaction has its keys in its micro-operations: leave out its key",
      );
    }
    this.stageJson(value, eventTypes[type]);
    this.#take(process, eventTypes[type], time);
  }

  /**
   * Stages the micro-operations of the next event.
   * @throws UsageError for malformed ones, where they count.
   */
  stageJson(value: HistoryEvent["value"], type: number): void {
    const fault = stageMicros(value, this.values, this.staged);
    if (fault === undefined) return;
    // A client that learned nothing may say anything instead.
    if (type === eventTypes.invoke || type === eventTypes.ok) this.refuse(this.#events, fault);
    this.#fault = fault;
    this.staged.clear();
  }

  /** An event of a client whose micro-operations are staged. @throws UsageError as `add` does. */
  addStaged(index: number, process: number, type: number, time: number): number {
    this.#order.check(this.#events, index, time);
    return this.#take(process, type, time);
  }

  /**
   * A client invokes the transaction whose micro-operations are staged.
   * @returns its number.
   * @throws UsageError for what no sound client does; so does `complete`.
   */
  invoke(process: number, time: number): number {
    return this.addStaged(this.#events, process, eventTypes.invoke, time);
  }

  /** The transaction that a client has open ends: `type` is one of `eventTypes`, not invoke. */
  complete(process: number, type: number, time: number): number {
    return this.addStaged(this.#events, process, type, time);
  }

  #take(given: number, type: number, time: number): number {
    const position = this.#events;
    this.#isBegun = true;
    const isFirst = this.#columns.size === 0 && type !== eventTypes.invoke;
    if (this.#isUninvoked || isFirst) return this.#takeUninvoked(given, type, time);
    const process = this.#strangers.nameOf(given, type === eventTypes.invoke);
    if (Number.isNaN(process)) this.#refuseNobody(position);
    const state = this.#clients.stateOf(process);
    const phase = state & 3;
    let transaction = state >>> 2;
    if (type === eventTypes.invoke) {
      const isFree = phase !== phases.open && phase !== phases.crashed;
      if (!isFree) this.#refusePairing(process, type, state);
      transaction = this.#begin(process, time);
      this.#clients.set(process, transaction, phases.open);
    } else {
      if (phase !== phases.open) this.#refusePairing(process, type, state);
      this.#end(transaction, type, time);
      const after = type === eventTypes.info ? phases.crashed : phases.done;
      this.#clients.set(process, transaction, after);
    }
    return this.#taken(transaction);
  }

  #taken(transaction: number): number {
    this.staged.clear();
    this.#fault = undefined;
    this.#events += 1;
    return transaction;
  }

  /** An event of a history without invocations. */
  #takeUninvoked(process: number, type: number, time: number): number {
    const position = this.#events;
    this.#isUninvoked = true;
    if (type === eventTypes.invoke) this.#refuseUninvoked();
    if (this.#fault !== undefined) {
      const reason = "nobody else says what was done without an invocation";
      this.refuse(position, `${this.#fault}: ${reason}`);
    }
    const isNamed = !Number.isNaN(process);
    const state = isNamed ? this.#clients.stateOf(process) : NEVER_SEEN;
    if (state !== NEVER_SEEN && (state & 3) === phases.crashed) {
      const crashed = `its ${TXN} of ${this.#order.place(this.#columns.invoked[state >>> 2]!)}`;
      this.refuse(
        position,
        `process ${process} completes ${TXN} after ${crashed} ended in info: go on under a new process number`,
      );
    }
    const transaction = this.#begin(process, time);
    this.#end(transaction, type, time);
    const phase = type === eventTypes.info ? phases.crashed : phases.done;
    if (isNamed) this.#clients.set(process, transaction, phase);
    return this.#taken(transaction);
  }

  /** There are invocations after all. */
  #refuseUninvoked(): never {
    const { process, invoked } = this.#columns;
    const first = invoked[0]!;
    if (Number.isNaN(process[0])) this.#refuseNobody(first);
    this.refuse(first, `process ${process[0]} completes ${TXN} without having invoked anything`);
  }

  #refuseNobody(position: number): never {
    const reason = "without it nobody can tell which completion belongs to which invocation";
    this.refuse(position, `"process" is missing: ${reason}`);
  }

  #begin(process: number, time: number): number {
    const columns = this.#columns;
    const { count, kind, key, value } = this.staged;
    columns.reserve(count);
    const t = columns.size++;
    columns.outcome[t] = outcomes.info;
    columns.process[t] = process;
    columns.invoked[t] = this.#events;
    columns.completed[t] = PENDING;
    columns.invokedAt[t] = time;
    columns.completedAt[t] = Number.POSITIVE_INFINITY;
    columns.from[t] = columns.micros;
    for (let i = 0; i < count; i++) {
      const micro = columns.micros++;
      columns.kind[micro] = kind[i]!;
      columns.key[micro] = this.#placeOf(key[i]!);
      if (kind[i] === microKinds.read) {
        columns.value[micro] = UNKNOWN;
        columns.length[micro] = UNKNOWN;
        continue;
      }
      columns.value[micro] = value[i]!;
      this.#decide(kind[i] === microKinds.append ? "list-append" : "rw-register");
      const earlier = this.#writers.add(micro);
      if (earlier >= 0) this.#refuseTwice(micro, earlier);
    }
    return t;
  }

  #end(t: number, type: number, time: number): void {
    const columns = this.#columns;
    const isOk = type === eventTypes.ok;
    if (this.#repeats(t, isOk) && isOk) {
      let micro = columns.from[t]!;
      for (let i = 0; i < this.staged.count; i++, micro++) {
        if (columns.kind[micro] === microKinds.read) this.#learn(micro, i);
      }
    }
    if (type === eventTypes.info) return;
    columns.outcome[t] = isOk ? outcomes.ok : outcomes.fail;
    columns.completed[t] = this.#events;
    columns.completedAt[t] = time;
  }

  /**
   * Whether the staged micro-operations are those that a transaction was invoked with.
   * @throws UsageError when they should be; without an outcome, only for the same with other values.
   */
  #repeats(t: number, isOk: boolean): boolean {
    const columns = this.#columns;
    const { count, kind, key, value } = this.staged;
    const from = columns.from[t]!;
    const invoked = columns.endOf(t) - from;
    if (invoked !== count) {
      if (!isOk) return false;
      this.#refuseOther(t, `with ${count} micro-operations, but invoked it with ${invoked}`);
    }
    let other = FREE;
    for (let i = 0; i < count; i++) {
      const micro = from + i;
      const isSame = columns.kind[micro] === kind[i] && this.#keys[columns.key[micro]!] === key[i];
      if (!isSame) {
        if (isOk) this.#refuseMicro(t, i);
        return false;
      }
      const isRead = kind[i] === microKinds.read;
      if (!isRead && columns.value[micro] !== value[i] && other === FREE) other = i;
    }
    if (other !== FREE) this.#refuseMicro(t, other);
    return true;
  }

  /** What the read at place i of those staged returned. */
  #learn(micro: number, i: number): void {
    const { staged, values } = this;
    const start = staged.listStart[i]!;
    const length = staged.listLength[i]!;
    if (length !== NO_LIST && this.#service === "list-append") {
      this.#learnList(micro, staged.elements, start, start + length);
      return;
    }
    const isList = length !== NO_LIST;
    const value = isList
      ? values.listId(staged.elements.subarray(start, start + length))
      : staged.value[i]!;
    if (this.#service === "list-append") {
      this.#learnAsList(micro, value);
      return;
    }
    if (this.#service === undefined) this.#undecided.push(micro);
    this.#columns.value[micro] = value;
    this.#columns.length[micro] = 0;
  }

  #learnList(micro: number, elements: Int32Array, from: number, to: number): void {
    this.#columns.value[micro] = this.chains.read(this.#columns.key[micro]!, elements, from, to);
    this.#columns.length[micro] = to - from;
  }

  /** Where a list should have been read: what is none becomes one of an element nobody appended. */
  #learnAsList(micro: number, value: number): void {
    const { values } = this;
    if (values.isList(value) || value === NULL_ID) {
      const elements = values.elements(value);
      this.#learnList(micro, elements, 0, elements.length);
      return;
    }
    const stranger = values.id({ [NOT_A_LIST]: values.value(value) });
    this.#learnList(micro, Int32Array.of(stranger), 0, 1);
  }

  /** The event at hand appends, or writes: what clients do tells the service, not what they read. */
  #decide(service: TransactionService): void {
    if (this.#service === service) return;
    if (this.#service !== undefined) {
      const [is, was] = service === "list-append" ? [APPENDS, WRITES] : [WRITES, APPENDS];
      const before = `that of ${this.#order.place(this.#decidedAt)} ${was}`;
      this.refuse(
        this.#events,
        `the transaction ${is}, but ${before}: record lists and registers in files of their own`,
      );
    }
    this.#decidedAt = this.#events;
    this.#settle(service);
  }

  #settle(service: TransactionService): void {
    this.#service = service;
    if (service === "list-append") {
      for (const micro of this.#undecided) this.#learnAsList(micro, this.#columns.value[micro]!);
    }
    this.#undecided = [];
  }

  /** Clients only read. */
  #settleByReads(): void {
    const isList = (micro: number) => this.values.isList(this.#columns.value[micro]!);
    this.#settle(this.#undecided.some(isList) ? "list-append" : "rw-register");
  }

  /** Times up to here, all of them positions, turn out to have been 0 (see drafts.ts). */
  restartTimes(): void {
    if (this.#events === 0) return;
    const { size, invokedAt, completedAt } = this.#columns;
    invokedAt.fill(0, 0, size);
    for (let t = 0; t < size; t++) if (Number.isFinite(completedAt[t]!)) completedAt[t] = 0;
    for (const [i, event] of this.#observations.entries()) {
      this.#observations[i] = { ...event, time: 0 };
    }
    this.#order.restart();
  }

  /** Warns as `toHistory` does; to be called once, after the last event. */
  finishOrder(): void {
    this.#order.finish();
  }

  /** The columns; the builder is not to be used any more, save for `recordedAt`. */
  finish(): Transactions {
    const columns = this.#columns;
    if (this.#service === undefined) this.#settleByReads();
    if (this.#service !== "list-append") columns.length.fill(0);
    const transactions: Transactions = {
      service: this.#service!,
      eventCount: this.#events,
      values: this.values,
      ...columns.trimmed(),
      keys: trimmed(this.#keys, this.#keyCount),
      ...this.chains.compact(),
      observations: this.#observations,
    };
    if (!this.#isUninvoked) return transactions;
    const put = arranged(transactions);
    this.#recordedAt = put.recordedAt;
    return put.transactions;
  }

  /** @throws UsageError naming the event at a position. */
  refuse(position: number, reason: string): never {
    this.#order.refuse(position, reason);
  }

  #placeOf(id: number): number {
    while (id >= this.#places.length) {
      const grown = new Int32Array(this.#places.length * 2).fill(FREE);
      grown.set(this.#places);
      this.#places = grown;
    }
    const place = this.#places[id]!;
    if (place !== FREE) return place;
    if (this.#keyCount === this.#keys.length) this.#keys = doubled(this.#keys, Int32Array);
    this.#keys[this.#keyCount] = id;
    return (this.#places[id] = this.#keyCount++);
  }

  #refuseTwice(micro: number, before: number): never {
    const columns = this.#columns;
    const writer = columns.transactionOf(before);
    const isOther = writer !== columns.size - 1;
    const earlier = this.#order.place(columns.invoked[writer]!);
    const verb = columns.kind[micro] === microKinds.append ? "appends" : "writes";
    const value = this.#spelled(columns.value[micro]!);
    const what = `${verb} ${value} to ${this.#spelled(this.#keys[columns.key[micro]!]!)}`;
    this.refuse(
      this.#events,
      `the transaction ${what} ${isOther ? `again, after ${earlier}` : "twice"}: every value may be written only once to a key`,
    );
  }

  #refuseMicro(t: number, i: number): never {
    const columns = this.#columns;
    const { kind, key, value } = this.staged;
    const micro = columns.from[t]! + i;
    const invokedKey = this.#keys[columns.key[micro]!]!;
    const was = this.#written(columns.kind[micro]!, invokedKey, columns.value[micro]!);
    const is = this.#written(kind[i]!, key[i]!, value[i]!);
    this.#refuseOther(t, `with ${is} where it was invoked with ${was}`);
  }

  #refuseOther(t: number, difference: string): never {
    const columns = this.#columns;
    const which = `the transaction of ${this.#order.place(columns.invoked[t]!)}`;
    this.refuse(
      this.#events,
      `process ${columns.process[t]} completes ${which} ${difference}: repeat its micro-operations, the reads filled in`,
    );
  }

  #written(kind: number, key: number, value: number): string {
    const start = `${MICRO_NAMES[kind]!} ${this.#spelled(key)}`;
    return kind === microKinds.read ? start : `${start} ${this.#spelled(value)}`;
  }

  #spelled(id: number): string {
    return brief(this.values.value(id));
  }

  #refusePairing(process: number, type: number, state: number): never {
    const operation = { f: TXN, invoked: this.#columns.invoked[state >>> 2]! };
    const fault = faultOf(
      { type: TYPES[type]!, f: TXN },
      state === NEVER_SEEN ? undefined : { operation, phase: PHASES[state & 3]! },
      this.#order,
    );
    this.refuse(this.#events, `process ${process} ${fault}`);
  }
}

/**
 * The columns of a history in memory whose clients do nothing but transactions.
 * O(micro-operations + elements read), and O(n log n) to put the events in order.
 * @throws EventError for what no sound client does.
 */
export function transactionsOf(history: History): Transactions {
  const { events, operations, observations } = history;
  // Whoever paired the operations has said what there is to say about their times.
  const builder = new TransactionsBuilder({ warn: () => {} }, Math.max(16, operations.length));
  const ends = endsOf(history);
  let next = 0;
  const endUntil = (position: number): void => {
    for (; next < ends.length && ends[next]!.position < position; next++) {
      const { position: index, time, operation } = ends[next]!;
      const { process, f, output: value, outcome: type } = operation;
      builder.skipTo(index);
      builder.add({ index, time, process, type, f, value });
    }
  };
  for (const operation of operations) {
    const { process, f, key, input: value, invoked: index, invokedAt: time } = operation;
    endUntil(index);
    builder.skipTo(index);
    const keyField = key === undefined ? {} : { key };
    builder.add({ index, time, process, type: "invoke", f, value, ...keyField });
  }
  endUntil(Number.POSITIVE_INFINITY);
  builder.skipTo(events.length);
  return { ...builder.finish(), observations };
}

interface End {
  position: number;
  time: number;
  operation: Operation;
}

/** The completions of a history, in the order of their positions. */
function endsOf({ events, operations }: History): End[] {
  // A process never acts again after an info, so it has one at most.
  const infos = new Map<number, HistoryEvent>();
  for (const event of events) {
    if (event.type === "info" && typeof event.process === "number") infos.set(event.process, event);
  }
  const ends: End[] = [];
  for (const operation of operations) {
    const { outcome, process, completed, completedAt } = operation;
    if (outcome !== "info") ends.push({ position: completed, time: completedAt, operation });
    else {
      const info = infos.get(process);
      if (info !== undefined) ends.push({ position: info.index, time: info.time, operation });
    }
  }
  return ends.sort((left, right) => left.position - right.position);
}
