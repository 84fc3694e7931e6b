/**
 * What every server keeps, whatever its role: the box "State" of figure 2, and what both its sides
 * (election and replication) do with it.
 */

import { majorityOf } from "../../src/base/majority.js";
import type { JsonObject, NodeContext } from "../../src/hosts/ts/node.js";
import { type MajorityRule, serversOf } from "./configuration.js";
import { RaftLog } from "./log.js";
import type { Command, Configuration, Entry, LogMessage, Snapshot } from "./messages.js";
import type { VoterView } from "./rules.js";
import { type Settings, settingsOf } from "./settings.js";
import { KeyValueMachine } from "./state-machine.js";
import { type HardState, StableStorage } from "./storage.js";

/** So many steps of its commit index a follower makes without a word. */
const COMMITS_UNSAID = 8;

export type Role = "follower" | "candidate" | "leader";

export interface ServerOptions {
  /** Takes snapshots; not where the state is kept by somebody else, who reads the whole log. */
  compacts: boolean;
}

export class Server {
  readonly context: NodeContext;
  readonly settings: Settings;
  readonly storage: StableStorage;
  readonly log: RaftLog;
  readonly machine: KeyValueMachine;
  readonly majority: MajorityRule;
  role: Role = "follower";
  /** Who leads this term, once known. */
  leader: string | undefined;
  /** Told of each command applied, with the reply to its client. */
  onApplied: (command: Command, reply: JsonObject | undefined) => void = () => undefined;
  readonly #snapshotEvery: number;
  #hardState: HardState;
  #commitIndex = 0;
  #appliedIndex = 0;
  /** The commit index that was last observed. */
  #saidIndex = 0;
  /** The configuration at the log's base, and those in the log; the last one is in force. */
  #configurations: { index: number; configuration: Configuration }[];

  constructor(context: NodeContext, { compacts }: ServerOptions) {
    const { bugs } = context;
    this.context = context;
    this.settings = settingsOf(context);
    this.#snapshotEvery = compacts ? this.settings.snapshotEvery : 0;
    // Rounded up, half of four servers pass for most of them.
    this.majority = bugs.has("half-is-majority") ? (count) => (count + 1) >> 1 : majorityOf;
    this.storage = new StableStorage(context.disk, {
      neverSync: bugs.has("ack-unsynced"),
      installKeepsLog: bugs.has("install-keeps-log"),
    });
    this.machine = new KeyValueMachine({ forgetSessions: bugs.has("apply-twice") });
    const snapshot = this.storage.loadSnapshot();
    this.log = new RaftLog(this.storage, snapshot);
    this.#hardState = this.storage.loadHardState() ?? this.#firstState();
    this.#configurations = [
      { index: 0, configuration: { voters: [...context.members], asked: {} } },
    ];
    if (snapshot !== undefined) this.#restore(snapshot);
    this.#configurations.push(...this.log.configurationsFrom(1));
    if (this.log.lastIndex > 0) context.probe("a server restarted with a log");
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
    const { term, votedFor } = this.#hardState;
    return { term, votedFor, lastLog: this.log.last };
  }

  /** The latest configuration in the log, committed or not: a server uses it at once (§4.1). */
  get configuration(): Configuration {
    return this.#latest.configuration;
  }

  /** Where in the log it stands; 0 for that of the beginning. */
  get configurationIndex(): number {
    return this.#latest.index;
  }

  /** Came without a disk to a cluster that there was before, and has not caught up with it yet. */
  get isNewcomer(): boolean {
    return this.#hardState.newcomer === true;
  }

  /** May this server stand for election? */
  get isVoter(): boolean {
    return !this.isNewcomer && serversOf(this.configuration).includes(this.id);
  }

  nowMs(): number {
    return this.context.clock.monotonicMs();
  }

  bug(name: string): boolean {
    return this.context.bugs.has(name);
  }

  send(to: string, message: LogMessage): void {
    this.context.send(to, message);
  }

  /** Enters a later term, in which this server has not voted yet. */
  enterTerm(term: number): void {
    this.leader = undefined;
    this.#save({ ...this.#hardState, term, votedFor: null });
    this.context.observe("term", { term });
  }

  /** `null` takes a vote back, which no server should. */
  voteFor(candidate: string | null): void {
    this.#save({ ...this.#hardState, votedFor: candidate });
  }

  /** A newcomer has everything that was committed when its leader began: it is like all others. */
  caughtUp(): void {
    if (!this.isNewcomer) return;
    this.context.probe("a newcomer caught up");
    const { term, votedFor } = this.#hardState;
    this.#save({ term, votedFor });
  }

  append(entry: Entry): void {
    this.log.append(entry);
    const { configuration } = entry;
    if (configuration === undefined) return;
    this.#configurations.push({ index: this.log.lastIndex, configuration });
  }

  truncateAfter(index: number): void {
    this.log.truncateAfter(index);
    const kept = this.#configurations.filter((at) => at.index <= index);
    if (kept.length < this.#configurations.length) {
      this.context.probe("a configuration was rolled back");
    }
    this.#configurations = kept;
  }

  /**
   * Everything up to `index` is committed: applies it. Commitment never goes back. `by`: whose
   * copies a leader counted. O(1) an entry.
   */
  commitTo(index: number, by?: readonly string[]): void {
    const known = Math.min(index, this.log.lastIndex);
    const next = this.bug("commit-goes-back") ? known : Math.max(this.#commitIndex, known);
    if (next === this.#commitIndex) return;
    this.#observeCommit(next, by);
    this.#commitIndex = next;
    while (this.#appliedIndex < this.#commitIndex) {
      const entry = this.log.entry(++this.#appliedIndex);
      if (entry?.command) this.onApplied(entry.command, this.machine.apply(entry.command));
    }
    const behind = this.#appliedIndex - this.log.base.index;
    if (this.#snapshotEvery > 0 && behind >= this.#snapshotEvery) this.#compact();
  }

  /** The state that the log's base stands for. O(state). */
  get snapshot(): Snapshot | undefined {
    return this.storage.loadSnapshot();
  }

  /**
   * A leader's snapshot: everything up to its end is committed. A log that has its last entry has
   * the same entries before it; any other is of no use any more (Raft §7, figure 13).
   */
  install(snapshot: Snapshot): void {
    const { index, term } = snapshot.last;
    if (index <= this.#commitIndex) return;
    if (this.log.termAt(index) === term) {
      this.commitTo(index);
      return;
    }
    this.context.probe("a laggard installed a snapshot");
    this.log.replace(snapshot);
    this.#restore(snapshot);
  }

  get #latest(): { index: number; configuration: Configuration } {
    return this.#configurations.at(-1) as { index: number; configuration: Configuration };
  }

  /** Nothing on the disk: the first boot of a founding member, or somebody who comes later. */
  #firstState(): HardState {
    const { members, id } = this.context;
    const state = { term: 0, votedFor: null };
    if (members.includes(id) || this.bug("newcomer-votes")) return state;
    return { ...state, newcomer: true };
  }

  /** Leaders say every step; followers a few of them, and always where they go back from, and to. */
  #observeCommit(next: number, by: readonly string[] | undefined): void {
    const { context } = this;
    const fell = next < this.#commitIndex;
    if (by === undefined && !fell && next < this.#saidIndex + COMMITS_UNSAID) return;
    if (fell) context.observe("commit", { index: this.#commitIndex });
    context.observe("commit", {
      index: next,
      ...(by === undefined ? {} : { term: this.term, by: [...by] }),
    });
    this.#saidIndex = next;
  }

  #compact(): void {
    const index = this.#appliedIndex;
    const at = this.#configurations.filter((one) => one.index <= index).at(-1) ?? this.#latest;
    this.log.compact({
      last: this.log.position(index),
      configuration: at.configuration,
      configurationIndex: at.index,
      machine: this.machine.snapshot(),
    });
    this.#configurations = this.#configurations.filter((one) => one.index >= at.index);
    this.context.probe("took a snapshot and compacted the log");
  }

  #restore({ last, configuration, configurationIndex, machine }: Snapshot): void {
    this.#commitIndex = last.index;
    this.#appliedIndex = last.index;
    this.#configurations = [{ index: configurationIndex, configuration }];
    this.machine.restore(machine);
  }

  #save(state: HardState): void {
    this.#hardState = state;
    this.storage.saveHardState(this.bug("vote-not-durable") ? { ...state, votedFor: null } : state);
  }
}
