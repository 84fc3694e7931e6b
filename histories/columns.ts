/**
 * A history as columns: one typed array per field, one place per client operation, in order of
 * invocation. A million operations take about 50 MB; as objects they would take ten times that.
 *
 * Values, keys and function names are ids. Real-time order is the order of the positions of events
 * (`invoked`, `completed`), never that of the clocks.
 */

import { UsageError } from "../src/base/errors.js";
import type { History, HistoryEvent, Operation } from "./history.js";
import { ValueTable } from "./values.js";

/** `completed` of an operation that never returned: later than every position. */
export const PENDING = 0x7fff_ffff;

/** `key` of an operation without one. */
export const NO_KEY = -1;

/** `node` of an operation whose node is not known; so is every place beyond the end. */
export const NO_NODE = -1;

export const outcomes = { ok: 0, fail: 1, info: 2 } as const;

export interface Columns {
  size: number;
  /** Events in the whole file, those of nodes and nemeses included. */
  eventCount: number;
  /** Names of functions; `f` holds places in this list. */
  functions: readonly string[];
  values: ValueTable;
  f: Uint8Array;
  /** Ids in `values`, or NO_KEY. */
  key: Int32Array;
  input: Int32Array;
  output: Int32Array;
  /** One of `outcomes`. */
  outcome: Uint8Array;
  process: Float64Array;
  /** Positions of the two events; `completed` is PENDING unless the outcome is ok or fail. */
  invoked: Int32Array;
  completed: Int32Array;
  /** Nanoseconds; `completedAt` is Infinity when there is no completion. */
  invokedAt: Float64Array;
  completedAt: Float64Array;
  /** What nodes and nemeses recorded, for people to see: of a big file only the first of it. */
  observations?: readonly HistoryEvent[];
  /** 1 for operations whose invocation has no value, not even null; absent where all have one. */
  valueless?: Uint8Array;
  /** Operations made after quiescence. */
  final?: ReadonlySet<number>;
  /** The node that the client talked to: ids in `values`, or NO_NODE; absent where none is known. */
  node?: Int32Array;
  /** The store's numbers for the versions written or read, NaN for none; absent where none is known. */
  versions?: Float64Array;
}

/** The columns of a history in memory. O(operations). */
export function columnsOf({ events, operations, observations }: History): Columns {
  const columns = emptyColumns(operations.length);
  const functions = new Map<string, number>();
  for (const [i, operation] of operations.entries()) {
    let f = functions.get(operation.f);
    if (f === undefined) functions.set(operation.f, (f = functions.size));
    if (f > 255) throw new UsageError(`more than 256 functions: ${operation.f} is one too many`);
    columns.f[i] = f;
    setOperation(columns, i, operation);
  }
  return {
    ...columns,
    functions: [...functions.keys()],
    eventCount: events.length,
    observations,
    final: new Set(operations.flatMap(({ final }, i) => (final ? [i] : []))),
    ...nodesOf(operations, columns.values),
    ...versionsOf(operations),
  };
}

function nodesOf(operations: readonly Operation[], values: ValueTable): Pick<Columns, "node"> {
  if (!operations.some(({ node }) => node !== undefined)) return {};
  const idOf = ({ node }: Operation): number => (node === undefined ? NO_NODE : values.id(node));
  return { node: Int32Array.from(operations, idOf) };
}

function versionsOf(operations: readonly Operation[]): Pick<Columns, "versions"> {
  if (!operations.some(({ version }) => version !== undefined)) return {};
  return { versions: Float64Array.from(operations, ({ version = Number.NaN }) => version) };
}

function setOperation(columns: Columns, i: number, operation: Operation): void {
  const { values } = columns;
  columns.key[i] = operation.key === undefined ? NO_KEY : values.id(operation.key);
  columns.input[i] = values.id(operation.input);
  columns.output[i] = values.id(operation.output);
  columns.outcome[i] = outcomes[operation.outcome];
  columns.process[i] = operation.process;
  columns.invoked[i] = operation.invoked;
  columns.completed[i] = operation.completed === Infinity ? PENDING : operation.completed;
  columns.invokedAt[i] = operation.invokedAt;
  columns.completedAt[i] = operation.completedAt;
}

export function emptyColumns(size: number): Columns {
  return {
    size,
    eventCount: 0,
    functions: [],
    values: new ValueTable(),
    f: new Uint8Array(size),
    key: new Int32Array(size),
    input: new Int32Array(size),
    output: new Int32Array(size),
    outcome: new Uint8Array(size),
    process: new Float64Array(size),
    invoked: new Int32Array(size),
    completed: new Int32Array(size),
    invokedAt: new Float64Array(size),
    completedAt: new Float64Array(size),
  };
}

const OUTCOMES = ["ok", "fail", "info"] as const;

/** One operation of the columns as an object, for what speaks to people. */
export function operationAt(columns: Columns, i: number): Operation {
  const { values, functions } = columns;
  const operation: Operation = {
    id: i,
    process: columns.process[i]!,
    f: functions[columns.f[i]!]!,
    input: values.value(columns.input[i]!),
    output: values.value(columns.output[i]!),
    outcome: OUTCOMES[columns.outcome[i]!]!,
    final: columns.final?.has(i) ?? false,
    invoked: columns.invoked[i]!,
    completed: columns.completed[i] === PENDING ? Infinity : columns.completed[i]!,
    invokedAt: columns.invokedAt[i]!,
    completedAt: columns.completedAt[i]!,
  };
  const version = columns.versions?.[i] ?? Number.NaN;
  if (!Number.isNaN(version)) operation.version = version;
  const node = columns.node?.[i] ?? NO_NODE;
  if (node !== NO_NODE) operation.node = String(values.value(node));
  if (columns.key[i] !== NO_KEY) operation.key = values.value(columns.key[i]!);
  return operation;
}
