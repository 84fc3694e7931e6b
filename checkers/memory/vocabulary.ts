/** What operations mean to a memory model: which read, which write, and which value where. */

import { type Columns, outcomes } from "../../histories/columns.js";
import { EventError, UsageError } from "../../src/base/errors.js";
import { show } from "../describe.js";
import { kinds } from "./accesses.js";

const READ = "read";
const WRITE = "write";
const CAS = "cas";
const SWAP = "swap";
const FENCE = "fence";

const functions: { readonly [name: string]: string } = {
  read: READ,
  get: READ,
  write: WRITE,
  put: WRITE,
  cas: CAS,
  "compare-and-set": CAS,
  swap: SWAP,
  exchange: SWAP,
  "get-and-set": SWAP,
  fence: FENCE,
};

const kindOf: { readonly [f: string]: number } = {
  [READ]: kinds.read,
  [WRITE]: kinds.write,
  [CAS]: kinds.update,
  [SWAP]: kinds.update,
  [FENCE]: kinds.fence,
};

/** A value that is not known: what a swap without an answer found. */
export const UNKNOWN_VALUE = -2;

/** An operation without meaning here. */
export const NO_VALUE = -1;

/** What one operation did to its location; ids of values, NO_VALUE or UNKNOWN_VALUE. */
export interface Effect {
  kind: number;
  read: number;
  written: number;
}

/** Whether every function is one that memory models speak of. */
export function isMemory({ functions: names }: Columns): boolean {
  return names.every((name) => Object.hasOwn(functions, name));
}

export class Vocabulary {
  readonly #functions: readonly (string | undefined)[];

  constructor(private readonly columns: Columns) {
    this.#functions = columns.functions.map((name) =>
      Object.hasOwn(functions, name) ? functions[name] : undefined,
    );
  }

  /**
   * Undefined for an operation that leaves no trace: one that failed, a read or a fence without an
   * answer.
   * @throws EventError for functions other than reads, writes, compare-and-sets, swaps and fences,
   *   and for operations that lack the value they need.
   */
  effect(i: number): Effect | undefined {
    const { f, outcome, input, output } = this.columns;
    const name = this.#functions[f[i]!];
    if (name === undefined) this.#refuse(i);
    this.#checkValue(i, name);
    const isOk = outcome[i] === outcomes.ok;
    if (outcome[i] === outcomes.fail) return undefined;
    const kind = kindOf[name]!;
    switch (name) {
      case READ:
        return isOk ? { kind, read: output[i]!, written: NO_VALUE } : undefined;
      case WRITE:
        return { kind, read: NO_VALUE, written: input[i]! };
      case CAS: {
        const [from, to] = this.columns.values.elements(input[i]!);
        return { kind, read: from!, written: to! };
      }
      case SWAP:
        return { kind, read: isOk ? output[i]! : UNKNOWN_VALUE, written: input[i]! };
      default:
        return isOk ? { kind, read: NO_VALUE, written: NO_VALUE } : undefined;
    }
  }

  #checkValue(i: number, name: string): void {
    const { valueless, input, values } = this.columns;
    if (name === CAS) {
      if (values.isList(input[i]!) && values.elements(input[i]!).length === 2) return;
      this.#wrong(i, `cas takes [from, to], not ${show(values.value(input[i]!))}`);
    }
    if (valueless?.[i] !== 1 || (name !== WRITE && name !== SWAP)) return;
    this.#wrong(i, `${name} needs a value: say what it is, if only null`);
  }

  #refuse(i: number): never {
    const { functions: names, f } = this.columns;
    if (names.includes("txn")) {
      throw new UsageError("a history mixes transactions with other operations: split it");
    }
    const offered = "memory models speak of read, write, cas, swap and fence";
    return this.#wrong(i, `${offered}, not of ${names[f[i]!]}`);
  }

  #wrong(i: number, what: string): never {
    const { invoked, process } = this.columns;
    throw new EventError(invoked[i]!, `process ${process[i]}: ${what}`);
  }
}
