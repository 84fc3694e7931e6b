/**
 * The coordinator's side: it collects the votes, decides, and sees to it that everybody hears.
 *
 * Presumed abort (Mohan, Lindsay and Obermarck, 1986): of a transaction that it does not know, it says
 * that it was aborted. So an abort needs neither a record nor an answer, and a crash before the
 * decision is one. A commit is in the log, forced, before anybody hears of it, and is kept there until
 * all participants have said that they have it too.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import { Balloting } from "../commitment/balloting.js";
import type { LogRecord, Outcome, Part } from "../commitment/log.js";
import type { ProtocolParts } from "../commitment/node.js";
import type { Ack, Inquire } from "./messages.js";

const RESEND_MS = 120;

export class Coordinator {
  readonly #parts: ProtocolParts;
  readonly #context: NodeContext;
  readonly balloting: Balloting;
  /** Commits on their way to the log: decided, and not to be told yet. */
  readonly #deciding = new Set<string>();
  /** Commits, and who has not acknowledged them. */
  readonly #unacknowledged = new Map<string, Set<string>>();

  constructor(parts: ProtocolParts) {
    this.#parts = parts;
    this.#context = parts.context;
    this.balloting = new Balloting(parts);
  }

  /** Takes up again what was decided before a crash. */
  recover(records: readonly LogRecord[]): void {
    if (this.#context.bugs.has("no-coordinator-recovery")) return;
    const open = new Map<string, string[]>();
    for (const record of records) {
      if (record.kind === "decision") open.set(record.transaction, record.participants);
      if (record.kind === "end") open.delete(record.transaction);
    }
    if (open.size > 0) this.#context.probe("a coordinator restarted with commits to be told");
    for (const [transaction, participants] of open) this.#spread(transaction, participants);
  }

  async commit(parts: ReadonlyMap<string, Part>): Promise<Outcome> {
    const [first] = parts.values();
    if (first === undefined) return "commit";
    const { transaction } = first;
    const bound = await this.balloting.collect(parts);
    if (bound === undefined) {
      for (const node of parts.keys()) this.#tell(node, transaction, "abort");
      return "abort";
    }
    if (bound.length > 0) await this.#decide(transaction, bound);
    return "commit";
  }

  /** A participant is in doubt. */
  onInquire(src: string, { transaction }: Inquire): void {
    if (this.balloting.has(transaction) || this.#deciding.has(transaction)) return;
    if (this.#unacknowledged.has(transaction)) this.#tell(src, transaction, "commit");
    else if (!this.#context.bugs.has("no-coordinator-recovery")) {
      this.#context.probe("an abort was presumed");
      this.#tell(src, transaction, "abort");
    }
  }

  onAck(src: string, { transaction }: Ack): void {
    const missing = this.#unacknowledged.get(transaction);
    if (missing === undefined) return;
    missing.delete(src);
    if (missing.size > 0) return;
    this.#unacknowledged.delete(transaction);
    this.#parts.log.append({ kind: "end", transaction });
  }

  async #decide(transaction: string, participants: readonly string[]): Promise<void> {
    const { log } = this.#parts;
    this.#deciding.add(transaction);
    log.append({ kind: "decision", transaction, participants: [...participants] });
    if (!this.#context.bugs.has("decision-not-durable")) await log.force();
    this.#deciding.delete(transaction);
    this.#context.observe("outcome", { transaction, outcome: "commit" });
    this.#spread(transaction, participants);
  }

  #spread(transaction: string, participants: readonly string[]): void {
    const missing = new Set(participants);
    this.#unacknowledged.set(transaction, missing);
    const tell = (): void => {
      for (const node of missing) this.#tell(node, transaction, "commit");
      this.#context.after(RESEND_MS, () => {
        if (missing.size === 0) return;
        this.#context.probe("a commit was told again");
        tell();
      });
    };
    tell();
  }

  #tell(node: string, transaction: string, outcome: Outcome): void {
    this.#parts.tell(node, { type: "decide", transaction, outcome });
  }
}
