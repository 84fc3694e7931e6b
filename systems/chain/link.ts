/**
 * What a node knows of one that comes after it: its successor, or a spare that the tail brings up to date.
 *
 * The entries that were passed on and are not yet known to be held are the sent-list (van Renesse and
 * Schneider 2004). Each message has all of them: it does not matter which is lost or late.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Journal } from "../primary-backup/journal.js";
import { commonLength } from "./chains.js";
import type { Attach, Configuration, Connect, Pass, Run } from "./messages.js";

export interface LinkOptions {
  /** It comes after a node that failed: the bug `sent-list-dropped` forgets what that one had not passed on. */
  replaces: boolean;
}

export class Link {
  readonly #context: NodeContext;
  readonly #journal: Journal;
  readonly #to: string;
  readonly #configuration: Configuration;
  readonly #replaces: boolean;
  #attached = false;
  #held = 0;
  /** How far its log is behind ours for good; nothing but the bug makes that more than 0. */
  #gap = 0;

  constructor(
    context: NodeContext,
    journal: Journal,
    to: string,
    configuration: Configuration,
    { replaces }: LinkOptions,
  ) {
    this.#context = context;
    this.#journal = journal;
    this.#to = to;
    this.#configuration = configuration;
    this.#replaces = replaces;
  }

  /** How many of our entries it holds durably. */
  get held(): number {
    return this.#held;
  }

  get attached(): boolean {
    return this.#attached;
  }

  connect(): void {
    const message: Connect = { type: "connect", configuration: this.#configuration };
    this.#context.send(this.#to, message);
  }

  /** It has told what it has. What we have in common it need not be sent. */
  onAttach({ runs }: Attach): void {
    if (this.#attached) return;
    const { epoch } = this.#configuration;
    const own = runsOf(this.#journal, this.#journal.length);
    const common = commonLength(own, runs);
    const older = own.findLast((run) => run.epoch < epoch)?.end ?? 0;
    const sent = Math.max(0, older - common);
    if (sent > 0) this.#context.probe("a successor was sent what it had missed");
    this.#gap = this.#replaces && this.#context.bugs.has("sent-list-dropped") ? sent : 0;
    this.#held = common + this.#gap;
    this.#attached = true;
  }

  /** Its answer, in our own count. */
  inOurs(length: number): number {
    return length + this.#gap;
  }

  onHeld(length: number): void {
    this.#held = Math.max(this.#held, this.inOurs(length));
  }

  /** Passes on what it does not hold of the first `durable` entries. */
  pass(durable: number): void {
    if (!this.#attached) return;
    const message: Pass = {
      type: "pass",
      epoch: this.#configuration.epoch,
      base: this.#held - this.#gap,
      entries: this.#journal.entries(this.#held, Math.max(0, durable - this.#held)),
    };
    this.#context.send(this.#to, message);
  }
}

/** The runs of the first `length` entries. O(length). */
export function runsOf(journal: Journal, length: number): Run[] {
  const runs: Run[] = [];
  for (let end = 1; end <= length; end++) {
    const epoch = journal.epochAt(end) ?? 0;
    const last = runs.at(-1);
    if (last?.epoch === epoch) last.end = end;
    else runs.push({ epoch, end });
  }
  return runs;
}
