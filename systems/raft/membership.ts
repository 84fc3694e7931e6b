/**
 * Changes of membership, the leader's part (thesis §4), one at a time.
 *
 * A server that is added first gets the log without having a vote, so that it does not hold up the
 * commits that it will be needed for (§4.2.1). Then the leader appends an entry with the new
 * configuration, which every server uses from the moment it has it: in one step where the sets of
 * voters differ by one server (§4.1), or by way of a joint configuration (§4.3). A leader that is
 * removed goes on until the change is committed, without counting itself, and then steps down
 * (§4.2.2).
 *
 * No change begins before an entry of the leader's own term is committed (Ongaro, "bug in
 * single-server membership changes", raft-dev 2015): two leaders that each changed the same
 * configuration by one server might have quorums that do not overlap. Who asks is told that a change
 * is done when it is committed, and that it is not while nothing has been appended for it; in between
 * nothing is said. A request that comes after a later one of its sender (clogged somewhere, or a copy)
 * is not taken: its change may have been undone on purpose since.
 */

import { errorCodes, type JsonObject, type Timer } from "../../src/hosts/ts/node.js";
import { votersAfter } from "./configuration.js";
import type { Change } from "./messages.js";
import type { Replication } from "./replication.js";
import type { Server } from "./server.js";

/** A learner that has not caught up in so many election time-outs is given up. */
const CATCH_UP_TIMEOUTS = 8;

export interface MembershipEvents {
  /** The answer to a request, for the server through which it came. */
  answer(via: string, change: Change, reply: JsonObject): void;
  /** This leader is no member any more, and that is committed. */
  removed(): void;
}

interface Pending {
  via: string;
  change: Change;
}

export class Membership {
  readonly #server: Server;
  readonly #replication: Replication;
  readonly #events: MembershipEvents;
  /** Where the leader's own no-op stands. */
  readonly #openingIndex: number;
  /** What was asked of this leader and is not done. */
  #pending: Pending | undefined;
  /** The pending request is for a server that is not in the log yet, but catching up. */
  #teaching = false;
  /** The latest request of each administrator that needed no change. */
  readonly #latest = new Map<string, number>();
  #patience: Timer | undefined;

  constructor(server: Server, replication: Replication, events: MembershipEvents) {
    this.#server = server;
    this.#replication = replication;
    this.#events = events;
    this.#openingIndex = server.log.lastIndex + 1;
  }

  end(): void {
    this.#patience?.cancel();
  }

  request(via: string, change: Change): void {
    const { context, configuration } = this.#server;
    const open = this.#pending?.change;
    if (open?.node === change.node && open.add === change.add) {
      this.#pending = { via, change };
      return;
    }
    const isDone = configuration.voters.includes(change.node) === change.add;
    if (open === undefined && this.#isSettled() && isDone) {
      this.#latest.set(change.client, change.requestId);
      this.#events.answer(via, change, done(change));
      return;
    }
    const why = this.#whyNot(change);
    if (why !== undefined) {
      context.probe("a change of membership was refused for now");
      this.#events.answer(via, change, refusal(errorCodes.temporarilyUnavailable, why));
      return;
    }
    this.#pending = { via, change };
    if (change.add) this.#teach(change.node);
    else this.#propose();
  }

  /** A learner has answered: with all that is committed, it is as good as the others. */
  learned(): void {
    const node = this.#pending?.change.node;
    if (!this.#teaching || node === undefined) return;
    if (!this.#replication.hasAllCommitted(node)) return;
    this.#patience?.cancel();
    this.#teaching = false;
    this.#propose();
    this.#replication.teach(undefined);
  }

  /** The commit index has moved on: perhaps over a configuration. */
  committed(): void {
    const server = this.#server;
    const { configuration, configurationIndex, context } = server;
    if (server.commitIndex < configurationIndex || !this.#maySpeak()) return;
    if (configuration.outgoing !== undefined) {
      context.probe("left a joint configuration");
      const { voters, asked } = configuration;
      this.#replication.append({ command: null, configuration: { voters, asked } });
      return;
    }
    if (this.#pending !== undefined && !this.#teaching) {
      const { via, change } = this.#pending;
      this.#pending = undefined;
      context.probe(change.add ? "a server was added" : "a server was removed");
      this.#events.answer(via, change, done(change));
    }
    if (configurationIndex === 0 || configuration.voters.includes(server.id)) return;
    context.probe("a leader that was removed stepped down");
    this.#events.removed();
  }

  /** Is the configuration in force committed and final? */
  #isSettled(): boolean {
    const { commitIndex, configuration, configurationIndex } = this.#server;
    return this.#maySpeak() && commitIndex >= configurationIndex && !configuration.outgoing;
  }

  /** Is what this leader knows to be committed all that earlier leaders may have committed? */
  #maySpeak(): boolean {
    const { commitIndex } = this.#server;
    return commitIndex >= this.#openingIndex || this.#server.bug("change-before-commit");
  }

  /** Why the change cannot begin now. */
  #whyNot({ client, requestId, node, add }: Change): string | undefined {
    const { configuration, context } = this.#server;
    const { asked, voters } = configuration;
    if (this.#pending !== undefined) return "another change is under way";
    if (!this.#isSettled()) return "the last change is not committed yet";
    const latest = Math.max(asked[client] ?? 0, this.#latest.get(client) ?? 0);
    if (latest > requestId) return "a later request has been taken";
    if (!context.nodes.includes(node)) return `there is no node ${node}`;
    if (!add && voters.length === 1) return "the last server stays";
    return undefined;
  }

  #teach(node: string): void {
    const { context, settings } = this.#server;
    this.#teaching = true;
    this.#replication.teach(node);
    this.#patience = context.after(CATCH_UP_TIMEOUTS * settings.electionTimeoutMs, () => {
      const pending = this.#pending;
      this.#pending = undefined;
      this.#teaching = false;
      this.#replication.teach(undefined);
      if (pending === undefined) return;
      context.probe("a new server did not catch up in time");
      const why = refusal(errorCodes.temporarilyUnavailable, `${node} did not catch up`);
      this.#events.answer(pending.via, pending.change, why);
    });
  }

  #propose(): void {
    const { configuration, settings } = this.#server;
    const { change } = this.#pending as Pending;
    const voters = votersAfter(configuration.voters, change);
    const asked = { ...configuration.asked, [change.client]: change.requestId };
    const joint = settings.membership === "joint" ? { outgoing: configuration.voters } : {};
    this.#replication.append({ command: null, configuration: { voters, asked, ...joint } });
  }
}

function done({ add }: Change): JsonObject {
  return { type: add ? "add_node_ok" : "remove_node_ok" };
}

function refusal(code: number, text: string): JsonObject {
  return { type: "error", code, text };
}
