/**
 * Random transactions, as Elle's generators make them: micro-operations over a few active keys, each
 * key replaced by a fresh one after so many writes, so that lists stay short and keys stay contended.
 * Values count up from 1 on each key: every write of a key is unique.
 */

import { type Checker, tolerated, transactional } from "../checkers/index.js";
import { UsageError } from "../src/base/errors.js";
import type { Json, JsonObject } from "../src/base/json.js";
import type { Random } from "../src/random/random.js";
import { isMemoryPromise, type OptionSpec, type Service } from "../systems/system.js";
import { listField, wrong } from "./maelstrom/replies.js";
import { choose, type Mix, type Mixable } from "./mix.js";
import { wholeNumber } from "./settings.js";
import {
  expectType,
  type OperationDraft,
  type Workload,
  type WorkloadOptions,
  type WorkloadScope,
} from "./workload.js";

/** `["r", key, null]`, `["append", key, element]`, `["w", key, value]`. */
type Micro = ["r" | "append" | "w", number, Json];

export const keyDistributions = ["exponential", "uniform", "zipf"] as const;

export const transactionOptions = {
  keys: {
    summary: "keys in use at a time; 0 draws 5 to 10 from the seed",
    default: 0,
    range: [0, 10_000],
  },
  writesPerKey: {
    summary: "writes to a key before a fresh one takes its place",
    default: 24,
    range: [1, 1_000_000_000],
  },
  keyDistribution: {
    summary: "how often each key in use is chosen",
    default: "exponential",
    values: keyDistributions,
  },
  microOpsMin: {
    summary: "micro-operations of a transaction, at least",
    default: 1,
    range: [1, 1_000],
  },
  microOpsMax: {
    summary: "micro-operations of a transaction, at most",
    default: 4,
    range: [1, 1_000],
  },
  readPercent: {
    summary: "how many of a hundred micro-operations read",
    default: 50,
    range: [0, 100],
  },
  readModifyWritePercent: {
    summary: "how many of a hundred writes follow a read of their key in the same transaction",
    default: 50,
    range: [0, 100],
  },
} as const satisfies { [name: string]: OptionSpec };

/** Keys that one final transaction reads. */
const FINAL_KEYS = 8;

export interface TransactionsOptions {
  name: string;
  summary: string;
  write: "append" | "w";
  checkers: Workload["checkers"];
}

/** A workload of transactions on lists or on registers. */
export function transactionsWorkload({ write, ...about }: TransactionsOptions): Workload {
  const mixable = mixableWith(write);
  return {
    ...about,
    requires: ["txn"],
    readOnly: [],
    options: transactionOptions,
    mixable,
    plan: (scope) => {
      const generator = new TransactionGenerator(write, {
        ...scope,
        mix: scope.mix ?? mixable.usual(scope),
      });
      return Array.from({ length: scope.operations }, () => ({
        f: "txn",
        value: generator.next(),
      }));
    },
    finals,
    invoke: ({ value }) => ({ value, body: { type: "txn", txn: value } }),
    complete: (_draft, value, reply) => results(value as Micro[], reply),
  };
}

/** Micro-operations are mixed, not transactions. */
function mixableWith(write: "append" | "w"): Mixable {
  const writes = write === "w" ? "write" : write;
  return {
    usual: ({ options }) => {
      const reads = wholeNumber(options, transactionOptions, "readPercent");
      return { read: reads, [writes]: 100 - reads };
    },
    needed: ["read", writes],
    setting: "readPercent",
  };
}

/** The isolation that is promised; one atomic copy, applied to transactions, is the strictest. */
export function isolationAsPromised({ consistency }: Service): Checker[] {
  if (isMemoryPromise(consistency)) {
    return [tolerated(transactional("read-committed"), `the service is ${consistency}`)];
  }
  switch (consistency) {
    case "linearizable":
      return [transactional("strict-serializable")];
    case "eventual":
    case "lossy":
      return [tolerated(transactional("read-committed"), `the service is ${consistency}`)];
    default:
      return [transactional(consistency)];
  }
}

/** Reads every key that was ever used: what was acknowledged must still be there. */
function finals(drafts: readonly OperationDraft[]): OperationDraft[] {
  const used = drafts.flatMap(({ value }) => (value as Micro[]).map(([, key]) => key));
  const keys = [...new Set(used)].sort((a, b) => a - b);
  const chunks = Array.from({ length: Math.ceil(keys.length / FINAL_KEYS) }, (_, i) =>
    keys.slice(i * FINAL_KEYS, (i + 1) * FINAL_KEYS),
  );
  return chunks.map((chunk) => ({ f: "txn", value: chunk.map((key) => ["r", key, null]) }));
}

/** What a reply says was done: the micro-operations asked for, with what was read. @throws BadReply */
function results(asked: readonly Micro[], reply: JsonObject): Json {
  expectType(reply, "txn_ok");
  const done = listField(reply, "txn");
  const fits =
    done.length === asked.length &&
    asked.every(([f, key, value], i) => {
      const micro = done[i];
      if (!Array.isArray(micro) || micro.length !== 3) return false;
      return micro[0] === f && micro[1] === key && (f === "r" || micro[2] === value);
    });
  if (!fits) throw wrong(reply, "txn", "the micro-operations asked for, in their order");
  return done;
}

export class TransactionGenerator {
  readonly #write: "append" | "w";
  readonly #random: Random;
  readonly #settings: Settings;
  readonly #mix: Mix;
  readonly #weights: readonly number[];
  /** The keys in use; a place keeps its share of the choices when its key is replaced. */
  readonly #keys: number[];
  readonly #written: number[];
  #fresh: number;

  /** @throws UsageError for settings that make no sense. */
  constructor(
    write: "append" | "w",
    { random, options, mix }: Pick<WorkloadScope, "random" | "options"> & { mix: Mix },
  ) {
    this.#write = write;
    this.#random = random;
    this.#mix = mix;
    this.#settings = settingsOf(options, random);
    const { keys, keyDistribution } = this.#settings;
    this.#weights = weightsOf(keyDistribution, keys);
    this.#keys = Array.from({ length: keys }, (_, key) => key);
    this.#written = this.#keys.map(() => 0);
    this.#fresh = keys;
  }

  next(): Micro[] {
    const { microOpsMin, microOpsMax, readModifyWritePercent } = this.#settings;
    const random = this.#random;
    const length = random.between(microOpsMin, microOpsMax);
    const micros: Micro[] = [];
    while (micros.length < length) {
      const place = this.#choose();
      const key = this.#keys[place] as number;
      const read: Micro = ["r", key, null];
      if (choose(random, this.#mix) === "read") {
        micros.push(read);
        continue;
      }
      const unread = micros.every((micro) => micro[1] !== key);
      const room = micros.length + 2 <= length;
      if (unread && room && random.chance(readModifyWritePercent, 100)) micros.push(read);
      micros.push([this.#write, key, this.#value(place)]);
    }
    return micros;
  }

  #choose(): number {
    const total = this.#weights.at(-1) as number;
    const draw = this.#random.int(total);
    return this.#weights.findIndex((weight) => draw < weight);
  }

  /** The next value of the key at a place, which has served when it was written often enough. */
  #value(place: number): number {
    const value = (this.#written[place] as number) + 1;
    this.#written[place] = value;
    if (value >= this.#settings.writesPerKey) {
      this.#keys[place] = this.#fresh++;
      this.#written[place] = 0;
    }
    return value;
  }
}

interface Settings {
  keys: number;
  writesPerKey: number;
  keyDistribution: (typeof keyDistributions)[number];
  microOpsMin: number;
  microOpsMax: number;
  readModifyWritePercent: number;
}

function settingsOf(options: WorkloadOptions, random: Random): Settings {
  const whole = (name: Exclude<keyof typeof transactionOptions, "keyDistribution">): number =>
    wholeNumber(options, transactionOptions, name);
  const drawn = random.between(5, 10);
  const microOpsMin = whole("microOpsMin");
  const microOpsMax = whole("microOpsMax");
  if (microOpsMax < microOpsMin) {
    throw new UsageError(
      `microOpsMax (${microOpsMax}) is at least microOpsMin (${microOpsMin}): raise it, or lower the other`,
    );
  }
  const distribution = options["keyDistribution"];
  return {
    keys: whole("keys") || drawn,
    writesPerKey: whole("writesPerKey"),
    keyDistribution: keyDistributions.find((name) => name === distribution) ?? "exponential",
    microOpsMin,
    microOpsMax,
    readModifyWritePercent: whole("readModifyWritePercent"),
  };
}

/** The least common multiple of 1 to 16. */
const ZIPF_SCALE = 720_720;
/** Places beyond have the least share, all of them. */
const HALVINGS_MAX = 16;

/** Running sums of the shares of places 0, 1, …: equal, 1/2 1/4 1/8 …, or 1/1 1/2 1/3 …. */
function weightsOf(distribution: Settings["keyDistribution"], count: number): number[] {
  let sum = 0;
  return Array.from({ length: count }, (_, place) => {
    switch (distribution) {
      case "uniform":
        sum += 1;
        break;
      case "exponential":
        sum += 1 << Math.max(0, HALVINGS_MAX - place);
        break;
      case "zipf":
        sum += Math.max(1, Math.floor(ZIPF_SCALE / (place + 1)));
        break;
    }
    return sum;
  });
}
