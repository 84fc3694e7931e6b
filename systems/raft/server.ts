/**
 * What every server keeps, whatever its role: the box "State" of figure 2, and what both its sides
 * (election and replication) do with it.
 */

import { assert } from "../../src/base/errors.js";
import type { JsonObject, NodeContext } from "../../src/hosts/ts/node.js";
import { RaftLog } from "./log.js";
import type { Command, PeerMessage } from "./messages.js";
import type { VoterView } from "./rules.js";
import { type Settings, settingsOf } from "./settings.js";
import { KeyValueMachine } from "./state-machine.js";
import { type HardState, StableStorage } from "./storage.js";

export type Role = "follower" | "candidate" | "leader";

export class Server {
  readonly context: NodeContext;
  readonly settings: Settings;
  readonly storage: StableStorage;
  readonly log: RaftLog;
  readonly machine: KeyValueMachine;
  role: Role = "follower";
  /** Who leads this term, once known. */
  leader: string | undefined;
  /** Told of each command applied, with the reply to its client. */
  onApplied: (command: Command, reply: JsonObject | undefined) => void = () => undefined;
  #hardState: HardState;
  #commitIndex = 0;
  #appliedIndex = 0;

  constructor(context: NodeContext) {
    const { bugs } = context;
    this.context = context;
    this.settings = settingsOf(context);
    this.storage = new StableStorage(context.disk, { neverSync: bugs.has("ack-unsynced") });
    this.#hardState = this.storage.loadHardState();
    this.log = new RaftLog(this.storage);
    if (this.log.lastIndex > 0) context.probe("a server restarted with a log");
    this.machine = new KeyValueMachine({ forgetSessions: bugs.has("apply-twice") });
  }

  get id(): string {
    return this.context.id;
  }

  get term(): number {
    return this.#hardState.term;
  }

  get commitIndex(): number {
    return this.#commitIndex;
  }

  get appliedIndex(): number {
    return this.#appliedIndex;
  }

  get voterView(): VoterView {
    return { ...this.#hardState, lastLog: this.log.last };
  }

  nowMs(): number {
    return this.context.clock.monotonicMs();
  }

  bug(name: string): boolean {
    return this.context.bugs.has(name);
  }

  send(to: string, message: PeerMessage): void {
    this.context.send(to, message);
  }

  broadcast(message: PeerMessage): void {
    for (const peer of this.context.peers) this.send(peer, message);
  }

  /** Enters a later term, in which this server has not voted yet. */
  enterTerm(term: number): void {
    assert(term > this.term, `term ${term} is not after term ${this.term}`);
    this.leader = undefined;
    this.#save({ term, votedFor: null });
  }

  voteFor(candidate: string): void {
    this.#save({ term: this.term, votedFor: candidate });
  }

  /**
   * Everything up to `index` is committed: applies it. Commitment never goes back. O(1) an entry.
   */
  commitTo(index: number): void {
    this.#commitIndex = Math.max(this.#commitIndex, Math.min(index, this.log.lastIndex));
    while (this.#appliedIndex < this.#commitIndex) {
      const entry = this.log.entry(++this.#appliedIndex);
      if (entry?.command) this.onApplied(entry.command, this.machine.apply(entry.command));
    }
  }

  #save(state: HardState): void {
    this.#hardState = state;
    const votedFor = this.bug("vote-not-durable") ? null : state.votedFor;
    this.storage.saveHardState({ term: state.term, votedFor });
  }
}
