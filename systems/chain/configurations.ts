/**
 * The configuration service: all nodes keep it, and decide by majority.
 *
 * The paper has a master outside the chain, itself replicated by Paxos. Here a node that wants a new
 * configuration claims the next epoch. A grant is a durable promise to take part in no earlier epoch,
 * to grant this one to nobody else, and tells how far the granter's log reaches. With a majority of
 * grants an epoch has one owner, and every earlier epoch is over: each chain is at least a majority, so
 * one of its nodes has left it, and nothing passes it any more. The owner makes a chain of those who
 * granted (chains.ts), and heartbeats carry it to everybody.
 *
 * Who claims: a node of the chain that has lost contact with a neighbour, a head whose updates do not come
 * back, a tail that has brought a spare up to date, and whoever waits too long for a configuration. But
 * only in contact with a majority: others could only do harm.
 */

import { majorityOf } from "../../src/base/majority.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Journal } from "../primary-backup/journal.js";
import type { Extent } from "../primary-backup/messages.js";
import { chainOf } from "./chains.js";
import { Contacts } from "./contacts.js";
import type { Claim, Configuration, Grant, Heartbeat, Outdated } from "./messages.js";

export const HEARTBEAT_MS = 80;
/** In heartbeats, drawn anew each time: how long a neighbour, or a configuration, is waited for. */
const PATIENCE = { min: 5, max: 8 };
/** How long a claimant with a majority waits for the grants of others that it is in contact with. */
const GRACE_MS = 20;

export interface ConfigurationHooks {
  /** The node takes part in this configuration from now on. */
  entered(configuration: Configuration): void;
  /** The node has promised a later epoch, the configuration of which it has yet to learn. */
  left(): void;
  /** Does the node, as one of the chain, want a new one? */
  wantsNext(): boolean;
}

interface Candidacy {
  epoch: number;
  grants: Map<string, Extent>;
  isDeciding: boolean;
}

export class Configurations {
  readonly contacts = new Contacts();
  readonly #context: NodeContext;
  readonly #journal: Journal;
  readonly #hooks: ConfigurationHooks;
  readonly #majority: number;
  #latest: Configuration;
  #candidacy: Candidacy | undefined;
  /** The highest epoch that anybody was heard to have promised. */
  #seen = 0;
  #patience: number;
  #waited = 0;

  constructor(context: NodeContext, journal: Journal, hooks: ConfigurationHooks) {
    this.#context = context;
    this.#journal = journal;
    this.#hooks = hooks;
    this.#majority = majorityOf(context.nodes.length);
    const known = context.disk.read("configuration") as Configuration | undefined;
    this.#latest = known ?? { epoch: 0, owner: "", chain: [...context.nodes] };
    // Of the two, a crash may have kept the configuration alone.
    if (this.#latest.epoch > journal.epoch) journal.promise(this.#latest.epoch, this.#latest.owner);
    this.#patience = this.#drawPatience();
  }

  /** What the node takes part in; undefined while it has promised a later epoch. */
  get active(): Configuration | undefined {
    return this.#latest.epoch === this.#journal.epoch ? this.#latest : undefined;
  }

  isInContact(peer: string): boolean {
    return this.contacts.silence(peer) < PATIENCE.min;
  }

  beat(): void {
    this.contacts.next();
    this.#greet();
    if (this.#candidacy !== undefined) this.#ask(this.#candidacy);
    this.#watch();
  }

  onHeartbeat(src: string, message: Heartbeat): void {
    this.contacts.hear(src, message);
    this.#seen = Math.max(this.#seen, message.promised);
    this.learn(message.configuration);
  }

  learn(configuration: Configuration): void {
    const { epoch, owner } = configuration;
    if (epoch <= this.#latest.epoch || epoch < this.#journal.epoch) return;
    if (this.active !== undefined) this.#hooks.left();
    this.#candidacy = undefined;
    this.#latest = configuration;
    this.#rest();
    this.#context.disk.write("configuration", configuration);
    this.#journal.promise(epoch, owner);
    this.#hooks.entered(configuration);
  }

  onClaim(src: string, { epoch }: Claim): void {
    if (!this.#journal.mayPromise(epoch, src)) {
      this.#context.probe(
        "a claim was refused: a later epoch, or this one, is promised to another",
      );
      this.refuse(src);
      return;
    }
    this.#promise(epoch, src);
    this.#journal.whenDurable(() => {
      if (this.#journal.epoch !== epoch) return;
      const message: Grant = { type: "grant", epoch, extent: this.#journal.extent };
      this.#context.send(src, message);
    });
  }

  onGrant(src: string, { epoch, extent }: Grant): void {
    const candidacy = this.#candidacy;
    if (candidacy?.epoch !== epoch) return;
    candidacy.grants.set(src, extent);
    if (candidacy.grants.size < this.#majority) return;
    if (candidacy.grants.size === this.#context.nodes.length) this.#decide(candidacy);
    else if (!candidacy.isDeciding) {
      candidacy.isDeciding = true;
      this.#context.after(GRACE_MS, () => this.#decide(candidacy));
    }
  }

  onOutdated({ epoch }: Outdated): void {
    this.#seen = Math.max(this.#seen, epoch);
  }

  /** Tells a node that its epoch is over. */
  refuse(peer: string): void {
    const message: Outdated = { type: "outdated", epoch: this.#journal.epoch };
    this.#context.send(peer, message);
  }

  #greet(): void {
    for (const peer of this.#context.peers) {
      const message: Heartbeat = {
        type: "heartbeat",
        configuration: this.#latest,
        promised: this.#journal.epoch,
        beat: this.contacts.beat,
        echo: this.contacts.echoFor(peer),
      };
      this.#context.send(peer, message);
    }
  }

  #watch(): void {
    this.#waited++;
    const { peers } = this.#context;
    const reached = peers.filter((peer) => this.isInContact(peer)).length + 1;
    if (reached >= this.#majority && this.#wantsNext()) this.#claim();
  }

  #wantsNext(): boolean {
    const { active } = this;
    if (active === undefined) return this.#waited >= this.#patience;
    if (this.#neighbours(active).some((peer) => this.contacts.silence(peer) >= this.#patience)) {
      this.#context.probe("a node of the chain lost contact with a neighbour");
      return true;
    }
    return this.#waited >= this.#patience && this.#hooks.wantsNext();
  }

  #neighbours({ chain }: Configuration): string[] {
    const place = chain.indexOf(this.#context.id);
    return place < 0
      ? []
      : [chain[place - 1], chain[place + 1]].filter((name) => name !== undefined);
  }

  #claim(): void {
    const epoch = Math.max(this.#journal.epoch, this.#seen) + 1;
    this.#promise(epoch, this.#context.id);
    const candidacy: Candidacy = { epoch, grants: new Map(), isDeciding: false };
    // Nobody hears of the claim before it is durable: the epoch is never claimed again after a crash.
    this.#journal.whenDurable(() => {
      if (this.#journal.epoch !== epoch || this.active !== undefined) return;
      this.#candidacy = candidacy;
      this.#ask(candidacy);
      this.onGrant(this.#context.id, { type: "grant", epoch, extent: this.#journal.extent });
    });
  }

  #ask({ epoch, grants }: Candidacy): void {
    const message: Claim = { type: "claim", epoch };
    for (const peer of this.#context.peers) {
      if (!grants.has(peer)) this.#context.send(peer, message);
    }
  }

  #promise(epoch: number, to: string): void {
    if (epoch > this.#journal.epoch) {
      const { active } = this;
      this.#journal.promise(epoch, to);
      this.#candidacy = undefined;
      this.#rest();
      if (active !== undefined) this.#hooks.left();
    } else this.#journal.promise(epoch, to);
  }

  #decide({ epoch, grants }: Candidacy): void {
    if (this.#candidacy?.epoch !== epoch) return;
    const { chain: before } = this.#latest;
    const { id, nodes } = this.#context;
    const order = [...before, ...nodes.filter((node) => !before.includes(node))];
    const granters = order.flatMap((node): [string, Extent][] => {
      const extent = grants.get(node);
      return extent === undefined ? [] : [[node, extent]];
    });
    const chain = chainOf(new Map(granters), this.#majority);
    if (before.some((node) => !chain.includes(node))) {
      this.#context.probe("a node was taken out of the chain");
    }
    if (chain.some((node) => !before.includes(node))) {
      this.#context.probe("a node came back into the chain");
    }
    this.learn({ epoch, owner: id, chain });
    this.#greet();
  }

  #rest(): void {
    this.#waited = 0;
    this.#patience = this.#drawPatience();
  }

  #drawPatience(): number {
    return this.#context.random.between(PATIENCE.min, PATIENCE.max);
  }
}
