/**
 * Columns of a Jepsen history whose keys may be inside its values, `[k v]`. Which values are such
 * tuples is known only when the whole history has been seen (tuples.ts says by what rule), and what
 * comes from a pipe cannot be read twice: so values go into the columns whole, two bits with each
 * say what it could be, and the keys are taken out at the end. O(1) an event.
 */

import { UsageError } from "../src/base/errors.js";
import { NO_KEY } from "./columns.js";
import { type CodedEvent, type ColumnsBuilder, eventTypes, TYPES } from "./columns-builder.js";
import { at } from "./recording.js";
import { type Keyed, KeyedRule, needsTuple } from "./tuples.js";
import { doubled, NULL_ID } from "./values.js";

/** What a value is to the rule. */
export interface Shape {
  /** Why it can be a tuple: it is a vector of two, or a tag says so. */
  tuple: "none" | "vector" | "tagged";
  /** The id of its first element. */
  key: number;
  /** Its second element. */
  second: "nil" | "pair" | "other";
}

export const NO_TUPLE: Shape = { tuple: "none", key: NO_KEY, second: "other" };

/** Two bits for the input of an operation, and two above them for its output. */
const bits = { none: 0, vector: 1, tagged: 2 } as const;
const OUTPUT_SHIFT = 2;

export class KeyedColumns {
  readonly #builder: ColumnsBuilder;
  readonly #keyed: Keyed;
  readonly #source: string | undefined;
  readonly #rule = new KeyedRule<number>((left, right) => left === right);
  #shapes = new Uint8Array(64);
  /** Keys that clients invoked with last, where values are known to hold them. */
  readonly #open = new Map<number, number>();
  /** The first completion whose tag names another key than its invocation's. */
  #strayKey: { position: number; reason: string } | undefined;

  constructor(builder: ColumnsBuilder, keyed: Keyed, source: string | undefined) {
    this.#builder = builder;
    this.#keyed = keyed;
    this.#source = source;
  }

  /** Whether nothing yet to come can change the keys of the events so far. */
  get settled(): boolean {
    return this.#keyed !== "auto" || this.#rule.settled;
  }

  /**
   * Takes a client's event, whose `key` is that of the `:key` field.
   * @throws UsageError as `ColumnsBuilder.addClient`, and for a value without the key it must hold.
   */
  add(event: CodedEvent, shape: Shape, line: number): void {
    const builder = this.#builder;
    if (this.#keyed === "auto") this.#watch(event, shape, line);
    else builder.addClient(this.#keyed ? this.#untupled(event, shape, line) : event);
  }

  /** Takes the keys out of the values that hold them. Warnings, one line each. */
  end(): string[] {
    if (this.#keyed !== "auto") return [];
    const { keys } = this.#rule;
    if (keys === "tuples") this.#takeKeys(bits.vector | bits.tagged);
    if (keys === "tagged") {
      if (this.#strayKey) this.#builder.refuse(this.#strayKey.position, this.#strayKey.reason);
      this.#takeKeys(bits.tagged);
    }
    return this.#rule.warnings(this.#source);
  }

  #watch(event: CodedEvent, shape: Shape, line: number): void {
    const builder = this.#builder;
    const { tuple, key, second } = shape;
    this.#rule.see({
      line,
      client: event.process,
      type: TYPES[event.type]!,
      f: builder.functions[event.f]!,
      hasKeyField: event.key !== NO_KEY,
      isNil: event.value === NULL_ID,
      tuple: tuple === "none" ? undefined : { key, isTagged: tuple === "tagged", second },
    });
    const position = builder.eventCount;
    const operation = builder.addClient(event);
    while (operation >= this.#shapes.length) this.#shapes = doubled(this.#shapes, Uint8Array);
    if (event.type === eventTypes.invoke) {
      this.#shapes[operation] = bits[tuple];
      return;
    }
    this.#shapes[operation]! |= bits[tuple] << OUTPUT_SHIFT;
    if (tuple !== "tagged" || this.#strayKey) return;
    const invokedKey = this.#keyIn(builder.inputOf(operation), operation, bits.tagged);
    if (key !== invokedKey) {
      this.#strayKey = { position, reason: builder.keyFault(operation, key, invokedKey) };
    }
  }

  /** The key in an operation's input when its shape is one of `shapes`. */
  #keyIn(input: number, operation: number, shapes: number): number {
    return (this.#shapes[operation]! & shapes) === 0 ? NO_KEY : this.#elements(input)[0]!;
  }

  #takeKeys(shapes: number): void {
    const { size, input, output, key } = this.#builder.snapshot();
    for (let i = 0; i < size; i++) {
      const whole = input[i]!;
      key[i] = this.#keyIn(whole, i, shapes);
      if (key[i] !== NO_KEY) input[i] = this.#elements(whole)[1]!;
      if ((this.#shapes[i]! & (shapes << OUTPUT_SHIFT)) === 0) continue;
      const [outputKey, value] = this.#elements(output[i]!);
      if (outputKey === key[i]) output[i] = value!;
    }
  }

  /** The event of a history that is known to have its keys in its values. */
  #untupled(event: CodedEvent, shape: Shape, line: number): CodedEvent {
    const { process, type, value } = event;
    const isInvocation = type === eventTypes.invoke;
    const mustHaveOne = isInvocation || type === eventTypes.ok;
    if (shape.tuple === "none") {
      if (isInvocation) this.#open.delete(process);
      if (!mustHaveOne || value === NULL_ID) return event;
      const spelled = this.#builder.values.value(value);
      throw new UsageError(`${at(this.#source, line)}${needsTuple(spelled)}`);
    }
    const [key, second] = this.#elements(value) as unknown as [number, number];
    if (isInvocation) this.#open.set(process, key);
    const holdsKey = mustHaveOne || key === this.#open.get(process);
    return holdsKey ? { ...event, key, value: second } : event;
  }

  #elements(list: number): Int32Array {
    return this.#builder.values.elements(list);
  }
}
