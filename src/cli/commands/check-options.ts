/** The options of `faultline check`, and what they are written like. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { type Reading, readings } from "../../../checkers/index.js";
import { FORMATS, type HistoryFormat, type Keyed } from "../../../histories/index.js";
import type { Json } from "../../base/json.js";
import { addCommonOptions, type CommonOptions, positive } from "../options.js";

export const ASSUMPTIONS = ["writes-follow-reads", "sequential-keys", "linearizable-keys"] as const;

type Assumption = (typeof ASSUMPTIONS)[number];

export interface CheckOptions extends CommonOptions {
  /** That which fits the kind of history when left out. */
  model?: string;
  checker?: string;
  strongest?: boolean;
  type?: string;
  init?: Json;
  format?: HistoryFormat;
  keyed?: Keyed;
  allowTruncated?: boolean;
  steps?: number;
  jobs?: number;
  k?: number;
  /** Nanoseconds. */
  delta?: number;
  assume?: Assumption[];
  witness?: boolean;
  claimed?: string;
  reading?: Reading;
  certificate?: string;
  out: string;
  page: boolean;
}

export function checkCommand(program: Command): Command {
  return addCommonOptions(program.command("check").summary("judge histories recorded anywhere"))
    .argument(
      "<histories...>",
      "files or folders (JSONL, Jepsen's EDN or text logs); - for standard input, while it is written",
    )
    .option(
      "--model <name>",
      "what must hold: see `list models` (default: linearizable; of transactions strict-serializable)",
    )
    .option("--strongest", "which models hold, which do not, and why")
    .option("--checker <name>", "a checker of `list checkers` in place of a model")
    .option("--type <type>", "the object's type: see `list types` (default: inferred)")
    .option(
      "--init <json>",
      "what every object starts with, such as a semaphore's permits (default: null)",
      json,
    )
    .option("--steps <n>", "search steps before the answer is unknown", positive)
    .option(
      "--jobs <n>",
      "threads for objects that must be searched (default: all cores)",
      positive,
    )
    .option("--witness", "show the order that explains a valid history (in --json)")
    .option("--k <n>", "for k-atomic: versions that a read may lag behind, plus one", positive)
    .option(
      "--delta <duration>",
      "for delta-atomic: by how much a read may lag behind, such as 300us or 5ms",
      nanoseconds,
    )
    .addOption(
      new Option(
        "--assume <source>",
        `for transactions on registers: where versions are taken to follow each other, too: ${ASSUMPTIONS.join(", ")} (repeatable)`,
      ).argParser(assumption),
    )
    .option(
      "--claimed <file>",
      "the order that the store claims, of commits or of the writes of each key: a JSON object from event indexes to numbers",
    )
    .addOption(
      new Option(
        "--reading <which>",
        "for session guarantees: what a read may see (default: violated only if both forbid it)",
      ).choices([...readings]),
    )
    .option(
      "--certificate <file>",
      "of transactions: save what proves the verdict, itself a history, so that it can be checked alone",
    )
    .option("--allow-truncated", "leave out a last line that was cut off, and judge the rest")
    .option("--out <dir>", "where pages about violations are written", ".faultline")
    .option("--no-page", "write no page about violations")
    .addOption(
      new Option("--format <format>", "the files' format (default: found out)").choices(FORMATS),
    )
    .option(
      "--keyed <when>",
      "whether [k v] values in Jepsen's formats hold keys: auto, true or false (default: auto)",
      keyed,
    );
}

function assumption(text: string, before: Assumption[] = []): Assumption[] {
  const known = ASSUMPTIONS.find((name) => name === text);
  if (known !== undefined) return [...before, known];
  throw new InvalidArgumentError(`expected ${ASSUMPTIONS.join(", ")}`);
}

const NS_PER: { [unit: string]: number } = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9 };

/** Finer than other durations: what a read is late by is often less than a millisecond. */
function nanoseconds(text: string): number {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m)$/.exec(text) ?? [];
  const timeNs = Math.round(Number(count) * (NS_PER[unit] ?? Number.NaN));
  if (Number.isSafeInteger(timeNs)) return timeNs;
  throw new InvalidArgumentError("expected a duration such as 300us, 5ms or 1s");
}

function keyed(text: string): Keyed {
  if (text === "auto") return text;
  if (text === "true" || text === "false") return text === "true";
  throw new InvalidArgumentError("expected auto, true or false");
}

function json(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new InvalidArgumentError("expected JSON, such as 0 or '\"a\"'");
  }
}
