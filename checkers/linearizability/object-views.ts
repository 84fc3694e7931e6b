/**
 * From a history to the views of its objects: one per key, in order of first use. What an operation
 * may ask of the type is checked on the way, because what a client did wrong is no verdict.
 */

import { type Columns, columnsOf, NO_KEY, outcomes, PENDING } from "../../histories/columns.js";
import type { Operation } from "../../histories/history.js";
import { NULL_ID, type ValueTable } from "../../histories/values.js";
import { EventError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import type { ObjectView } from "./view.js";

/** A view that knows which object it is, and where its operations stand in the history. */
export interface NamedView extends ObjectView {
  /** Undefined for operations without a key. */
  key: Json | undefined;
  /** Per operation, its place in the columns. */
  ids: Int32Array;
}

/** What the views of a type need to know of it. */
export interface Vocabulary {
  name: string;
  /** The type's functions; `ObjectView.f` holds places in this list. */
  functions: readonly string[];
  /** Other names for them. */
  aliases: { readonly [name: string]: string };
  /** Functions that change nothing: pending ones are left out. */
  reads: readonly string[];
  /** The input that the function really has, such as 1 for an increment without value. */
  rewrite?(f: string, input: Json): Json;
  /** What is wrong with an operation that a client asked for; undefined when nothing is. */
  refuse(f: string, input: Json): string | undefined;
  /** What is wrong with operations that would be sound one by one. */
  refuseObject?(view: ObjectView): { operation: number; reason: string } | undefined;
}

/** A barrier of its session: real-time order implies it. */
export const FENCE = "fence";

/** Functions that mean nothing without a value. */
const NEEDING: ReadonlySet<string> = new Set([
  "write",
  "cas",
  "append",
  "add",
  "remove",
  "contains",
  "enqueue",
  "push",
  "insert",
  "fetch-and-add",
]);

const VAIN = -2;
const UNKNOWN = -1;

/**
 * @throws EventError naming the first operation that the type does not offer or that makes no sense.
 * @param advise what to say after "a register offers read, write, not dequeue".
 */
export function viewsOf(
  columns: Columns,
  vocabulary: Vocabulary,
  init: Json,
  advise: () => string,
): NamedView[] {
  const places = new Places(columns, vocabulary);
  const codeOf = columns.functions.map((name) => codeIn(vocabulary, name));
  const isRead = vocabulary.functions.map((name) => vocabulary.reads.includes(name));
  for (let i = 0; i < columns.size; i++) {
    const code = codeOf[columns.f[i]!]!;
    if (code === VAIN) continue;
    if (code === UNKNOWN) refuseFunction(columns, vocabulary, i, advise());
    if (columns.valueless?.[i] === 1 && NEEDING.has(vocabulary.functions[code]!)) {
      const f = columns.functions[columns.f[i]!]!;
      if (vocabulary.rewrite?.(f, null) === null || vocabulary.rewrite === undefined) {
        const needs = `process ${columns.process[i]}: ${f} needs a value`;
        throw new EventError(columns.invoked[i]!, `${needs}: say what it is, if only null`);
      }
    }
    places.admit(i, advise);
    if (columns.outcome[i] === outcomes.fail) continue;
    if (columns.outcome[i] === outcomes.info && isRead[code] === true) continue;
    places.add(i);
  }
  const views = places.views(codeOf, columns.values.id(init));
  for (const view of views) {
    const wrong = vocabulary.refuseObject?.(view);
    if (wrong === undefined) continue;
    const process = view.process[wrong.operation]!;
    throw new EventError(view.invoked[wrong.operation]!, `process ${process}: ${wrong.reason}`);
  }
  return views;
}

function codeIn({ functions, aliases }: Vocabulary, name: string): number {
  if (name === FENCE) return VAIN;
  const known = functions.indexOf(Object.hasOwn(aliases, name) ? aliases[name]! : name);
  return known === -1 ? UNKNOWN : known;
}

function refuseFunction(
  columns: Columns,
  vocabulary: Vocabulary,
  i: number,
  advice: string,
): never {
  const { name, functions } = vocabulary;
  const used = columns.functions[columns.f[i]!]!;
  const offers = `a ${name} offers ${functions.join(", ")}, not ${used}${advice}`;
  throw new EventError(columns.invoked[i]!, `process ${columns.process[i]}: ${offers}`);
}

/** Sorts operations by key, counting first and placing then. */
class Places {
  /** Per operation of the columns, its object; -1 when it is left out. */
  readonly #objectOf: Int32Array;
  readonly #objects = new Map<number, number>();
  readonly #sizes: number[] = [];
  /** Inputs that were found sound, per function, as `f * inputs + input`. */
  readonly #sound = new Set<number>();
  readonly #checks: boolean[];

  constructor(
    private readonly columns: Columns,
    private readonly vocabulary: Vocabulary,
  ) {
    this.#objectOf = new Int32Array(columns.size).fill(-1);
    // Most functions take anything; those are not asked a million times.
    this.#checks = columns.functions.map((name) => name !== FENCE);
  }

  admit(i: number, advise: () => string): void {
    const { f, input, values, functions } = this.columns;
    const code = f[i]!;
    if (this.#checks[code] !== true) return;
    const question = code * 0x8000_0000 + input[i]!;
    if (this.#sound.has(question)) return;
    const { aliases, refuse } = this.vocabulary;
    const name = functions[code]!;
    const wrong = refuse(Object.hasOwn(aliases, name) ? aliases[name]! : name, this.input(i));
    if (wrong !== undefined) {
      const { invoked, process } = this.columns;
      throw new EventError(invoked[i]!, `process ${process[i]}: ${wrong}${advise()}`);
    }
    // Numbers are sound or not by their kind: remembering them all would be a copy of the table.
    if (!values.isNumber(input[i]!)) this.#sound.add(question);
  }

  add(i: number): void {
    const key = this.columns.key[i]!;
    let object = this.#objects.get(key);
    if (object === undefined) {
      object = this.#sizes.push(0) - 1;
      this.#objects.set(key, object);
    }
    this.#objectOf[i] = object;
    this.#sizes[object]! += 1;
  }

  input(i: number): Json {
    const { f, functions, input, values } = this.columns;
    const asked = values.value(input[i]!);
    return this.vocabulary.rewrite?.(functions[f[i]!]!, asked) ?? asked;
  }

  views(codeOf: readonly number[], init: number): NamedView[] {
    const { columns } = this;
    const { values } = columns;
    const views = [...this.#objects].map(([key, object]) =>
      emptyView(this.#sizes[object]!, key === NO_KEY ? undefined : values.value(key), values, init),
    );
    const rewritten = columns.functions.map((name) => Object.hasOwn(this.vocabulary.aliases, name));
    const filled = new Int32Array(views.length);
    for (let i = 0; i < columns.size; i++) {
      const object = this.#objectOf[i]!;
      if (object === -1) continue;
      const view = views[object]!;
      const at = filled[object]!++;
      const f = columns.f[i]!;
      view.ids[at] = i;
      view.f[at] = codeOf[f]!;
      view.input[at] = rewritten[f] === true ? values.id(this.input(i)) : columns.input[i]!;
      view.invoked[at] = columns.invoked[i]!;
      // What a recorder notes of an operation without outcome is no answer.
      const pending = columns.outcome[i] === outcomes.info;
      view.output[at] = pending ? NULL_ID : columns.output[i]!;
      view.completed[at] = pending ? PENDING : columns.completed[i]!;
      view.process[at] = columns.process[i]!;
    }
    return views;
  }
}

function emptyView(
  size: number,
  key: Json | undefined,
  values: ValueTable,
  init: number,
): NamedView {
  return {
    size,
    key,
    values,
    init,
    ids: new Int32Array(size),
    f: new Uint8Array(size),
    input: new Int32Array(size),
    output: new Int32Array(size),
    invoked: new Int32Array(size),
    completed: new Int32Array(size),
    process: new Float64Array(size),
  };
}

/** Some operations of a view, in order of invocation. */
export function selected(view: NamedView, operations: Int32Array): NamedView {
  const part = emptyView(operations.length, view.key, view.values, view.init);
  for (let at = 0; at < operations.length; at++) {
    const i = operations[at]!;
    part.ids[at] = view.ids[i]!;
    part.f[at] = view.f[i]!;
    part.input[at] = view.input[i]!;
    part.output[at] = view.output[i]!;
    part.invoked[at] = view.invoked[i]!;
    part.completed[at] = view.completed[i]!;
    part.process[at] = view.process[i]!;
  }
  return part;
}

/** The view of one object's operations, which were admitted before; `ids` are places among them. */
export function viewOfObject(
  operations: readonly Operation[],
  vocabulary: Vocabulary,
  init: Json,
): NamedView {
  const columns = columnsOf({ events: [], operations, observations: [] });
  const [view] = viewsOf(columns, vocabulary, init, () => "");
  return view ?? emptyView(0, undefined, columns.values, columns.values.id(init));
}

/** Operations of one object with the functions as they are called; what failed is left out. */
export function viewOfOperations(operations: readonly Operation[]): {
  view: NamedView;
  functions: readonly string[];
} {
  const happened = operations.filter(({ outcome }) => outcome !== "fail");
  const columns = columnsOf({ events: [], operations: happened, observations: [] });
  const { size, values, f, input, output, invoked, process } = columns;
  const completed = columns.completed.map((end, i) =>
    columns.outcome[i] === outcomes.info ? PENDING : end,
  );
  const ids = Int32Array.from(happened, (_, i) => i);
  const key = happened[0]?.key;
  const view: NamedView = {
    size,
    key,
    values,
    init: values.id(null),
    ids,
    f,
    input,
    output,
    invoked,
    completed,
    process,
  };
  return { view, functions: columns.functions };
}
