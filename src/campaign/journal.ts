/**
 * What a campaign leaves behind: a directory of its own with `campaign.json` (what was asked for)
 * and `runs.jsonl` (a line a run, in their order, then one that says that it ended).
 *
 * The lines are a prefix of the campaign at any time: a process that is killed loses the runs that
 * were under way, and at most half a line, which is dropped when somebody goes on.
 */

import { closeSync, openSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../base/errors.js";
import { isJsonObject, type Json } from "../base/json.js";
import { version } from "../base/version.js";
import { makeNewFolder, readJson, reasonOf, writeText } from "../store/files.js";
import { readLines } from "../store/lines.js";
import type { Entry } from "./ledger.js";
import { Lock } from "./lock.js";

export const CAMPAIGN_FORMAT = "faultline-campaign/1";

const HEAD = "campaign.json";
const RUNS = "runs.jsonl";

/** A campaign as it was left. */
export interface Kept {
  dir: string;
  version: string;
  request: Json;
  /** It ran to its end, with nothing left to do. */
  ended: boolean;
  /** Real time spent until the last line. */
  spentMs: number;
  /** Where the last whole line ends. */
  bytes: number;
  /** Reads from the file: a long campaign need not fit into memory. */
  entries(): Generator<Entry>;
}

/** @throws UsageError when there is no campaign in `dir`, or not one that this version can read. */
export function readKept(dir: string): Kept {
  const head = readHead(dir);
  const file = join(dir, RUNS);
  const kept = { dir, ...head, ended: false, spentMs: 0, bytes: 0, entries: () => entriesOf(file) };
  for (const { record, end } of recordsOf(file)) {
    kept.bytes = end;
    kept.ended = "end" in record;
    kept.spentMs = record.atMs;
  }
  return kept;
}

/** The journal of a campaign that runs: nobody else writes to it. */
export class Journal {
  readonly dir: string;
  readonly #file: string;
  readonly #lock: Lock;
  readonly #since: number;
  #descriptor: number;

  private constructor(dir: string, lock: Lock, spentMs: number) {
    this.dir = dir;
    this.#file = join(dir, RUNS);
    this.#lock = lock;
    this.#since = performance.now() - spentMs;
    this.#descriptor = attempt(this.#file, () => openSync(this.#file, "a"));
  }

  /** Begins one below `above`. @throws UsageError when it cannot be written. */
  static begin(above: string, name: string, request: Json): Journal {
    const dir = makeNewFolder(above, name);
    const head = { format: CAMPAIGN_FORMAT, version, request };
    writeText(join(dir, HEAD), `${JSON.stringify(head, null, 2)}\n`);
    return new Journal(dir, Lock.take(dir), 0);
  }

  /**
   * Goes on after the last whole line.
   * @throws UsageError when another process writes it, or it cannot be read or written.
   */
  static goOn(dir: string): { journal: Journal; kept: Kept } {
    readHead(dir);
    const lock = Lock.take(dir);
    try {
      const kept = readKept(dir);
      const journal = new Journal(dir, lock, kept.spentMs);
      attempt(journal.#file, () => truncateSync(journal.#file, kept.bytes));
      return { journal, kept };
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Real time that the campaign has taken, what was spent before it was resumed included. */
  get spentMs(): number {
    return Math.round(performance.now() - this.#since);
  }

  /** @throws UsageError when it cannot be written. */
  append(entry: Entry): void {
    this.#write(entry);
  }

  /** Says that nothing is left to do. @throws UsageError when it cannot be written. */
  end(): void {
    this.#write({ end: true, atMs: this.spentMs });
  }

  close(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
    this.#lock.release();
  }

  #write(record: object): void {
    let bytes = Buffer.from(`${JSON.stringify(record)}\n`);
    attempt(this.#file, () => {
      while (bytes.length > 0) bytes = bytes.subarray(writeSync(this.#descriptor, bytes));
    });
  }
}

function attempt<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new UsageError(`${file}: cannot write: ${reasonOf(error)}`);
  }
}

function readHead(dir: string): { version: string; request: Json } {
  const file = join(dir, HEAD);
  const head = readJson(file);
  if (!isJsonObject(head) || head["format"] !== CAMPAIGN_FORMAT) {
    throw new UsageError(`${file}: not a campaign of format ${CAMPAIGN_FORMAT}`);
  }
  const { version: made, request } = head;
  if (typeof made !== "string" || request === undefined) {
    throw new UsageError(`${file}: a campaign has a version and a request`);
  }
  return { version: made, request };
}

type Line = Entry | { end: true; atMs: number };

function* entriesOf(file: string): Generator<Entry> {
  for (const { record } of recordsOf(file)) if (!("end" in record)) yield record;
}

/** @throws UsageError for a line that is not one of a journal; a torn last one is left out. */
function* recordsOf(file: string): Generator<{ record: Line; end: number }> {
  let number = 0;
  let last = -1;
  for (const { text, end, whole } of readLines(file)) {
    number++;
    if (!whole) return;
    const record = parsed(text);
    if (record === undefined) {
      throw new UsageError(`${file}: line ${number} is not a run of a campaign`);
    }
    if (!("end" in record)) {
      if (record.ordinal <= last) {
        throw new UsageError(`${file}: line ${number} is run ${record.ordinal}, after run ${last}`);
      }
      last = record.ordinal;
    }
    yield { record, end };
  }
}

function parsed(text: string): Line | undefined {
  try {
    const value = JSON.parse(text) as Json;
    if (!isJsonObject(value) || typeof value["atMs"] !== "number") return undefined;
    const { end, ordinal, probes } = value;
    const run = Number.isSafeInteger(ordinal) && isJsonObject(probes);
    return end === true || run ? (value as unknown as Line) : undefined;
  } catch {
    return undefined;
  }
}
