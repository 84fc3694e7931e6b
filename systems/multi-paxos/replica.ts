/** What all parts of a replica share: its disk, its settings, who leads, and how to talk to others. */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import { Ballots } from "../paxos/ballots.js";
import type { Lives, PeerMessage } from "./messages.js";
import { type Settings, settingsOf } from "./settings.js";
import { Storage } from "./storage.js";

export type Role = "follower" | "candidate" | "leader";

export class Replica {
  readonly context: NodeContext;
  readonly settings: Settings;
  readonly storage: Storage;
  readonly ballots: Ballots;
  role: Role = "follower";
  /** Who leads in the highest ballot heard of, once known. */
  leader: string | undefined;
  /** Hands over what a replica says to itself: to its own acceptor, learner and leader. */
  toItself: (message: PeerMessage) => void = () => undefined;

  constructor(context: NodeContext) {
    const { bugs } = context;
    this.context = context;
    this.settings = settingsOf(context);
    this.storage = new Storage(context.disk, { forgetPromises: bugs.has("promise-not-durable") });
    this.ballots = new Ballots(context.nodes, { shared: bugs.has("ballots-collide") });
  }

  get id(): string {
    return this.context.id;
  }

  nowMs(): number {
    return this.context.clock.monotonicMs();
  }

  bug(name: string): boolean {
    return this.context.bugs.has(name);
  }

  send(to: string, message: PeerMessage): void {
    if (to === this.id) this.toItself(message);
    else this.context.send(to, message);
  }

  sendToAll(message: PeerMessage): void {
    for (const replica of this.context.nodes) this.send(replica, message);
  }

  /** Lives beyond the first, as votes tell them. */
  get livesToTell(): Lives {
    return Object.fromEntries(Object.entries(this.storage.lives).filter(([, life]) => life > 0));
  }
}
