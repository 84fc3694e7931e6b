/**
 * One leadership: from winning an election to stepping down.
 *
 * It takes commands from servers that clients talk to, and answers when they are applied. When it
 * ends, it forgets who asked: whether its last entries will be committed is not for it to say, so
 * it says nothing, and the server that the client talks to asks the next leader.
 */

import type { JsonObject, Timer } from "../../src/hosts/ts/node.js";
import { Membership } from "./membership.js";
import { type Appended, type Change, type Command, requestName } from "./messages.js";
import { Reads } from "./reads.js";
import { Replication } from "./replication.js";
import type { Server } from "./server.js";

export interface LeaderEvents {
  /** The reply to a command, for the server through which it came. */
  answer(via: string, command: Command, reply: JsonObject): void;
  /** It leads no longer: no majority has been heard for too long, or it has been removed. */
  over(): void;
  /** The answer to a change of membership, for the server through which it came. */
  changed?(via: string, change: Change, reply: JsonObject): void;
}

export class Leader {
  readonly #server: Server;
  readonly #events: LeaderEvents;
  readonly #replication: Replication;
  readonly #reads: Reads;
  readonly #membership: Membership;
  readonly #electedMs: number;
  /** Through which server each command came that is not answered yet, by request name. */
  readonly #asked = new Map<string, string>();
  #heartbeat: Timer | undefined;

  constructor(server: Server, events: LeaderEvents) {
    this.#server = server;
    this.#events = events;
    this.#electedMs = server.nowMs();
    this.#replication = new Replication(server, {
      committed: () => {
        this.#reads.committed();
        this.#membership.committed();
      },
      confirmed: () => this.#reads.confirmed(),
      learned: () => this.#membership.learned(),
    });
    this.#reads = new Reads(server, this.#replication, server.log.lastIndex + 1);
    this.#membership = new Membership(server, this.#replication, {
      answer: (via, change, reply) => events.changed?.(via, change, reply),
      removed: () => events.over(),
    });
  }

  /** Opens the term with a no-op, which commits what earlier leaders left. */
  begin(): void {
    this.#replication.append({ command: null });
    this.#beat();
  }

  end(): void {
    this.#heartbeat?.cancel();
    this.#membership.end();
    const { commitIndex, context, log } = this.#server;
    if (log.lastIndex > commitIndex) context.probe("stepped down with uncommitted entries");
  }

  onAppended(follower: string, answer: Appended): void {
    this.#replication.onAppended(follower, answer);
  }

  submit(via: string, command: Command): void {
    const server = this.#server;
    const name = requestName(command);
    if (this.#asked.has(name)) {
      server.context.probe("suppressed a copy of a request in progress");
      return;
    }
    const reply = server.machine.replyTo(command);
    if (reply !== undefined) {
      server.context.probe("answered a copy of a request from its session");
      this.#events.answer(via, command, reply);
      return;
    }
    this.#asked.set(name, via);
    const { operation } = command;
    if (operation.type === "read" && server.settings.reads !== "log") {
      this.#reads.request(() => this.#answer(command, server.machine.read(operation.key)));
      return;
    }
    this.#replication.append({ command });
    if (operation.type === "write" && server.bug("ack-before-commit")) {
      this.#answer(command, { type: "write_ok" });
    }
  }

  /** An administrator's request, by way of one of the servers. */
  change(via: string, change: Change): void {
    this.#membership.request(via, change);
  }

  /** A command was applied; `reply` is undefined when its client has moved on. */
  applied(command: Command, reply: JsonObject | undefined): void {
    if (reply === undefined) this.#asked.delete(requestName(command));
    else this.#answer(command, reply);
  }

  #answer(command: Command, reply: JsonObject): void {
    const name = requestName(command);
    const via = this.#asked.get(name);
    if (via === undefined) return;
    this.#asked.delete(name);
    this.#events.answer(via, command, reply);
  }

  /** Thesis §6.2: a leader that has no majority steps down, so that its clients look elsewhere. */
  #beat(): void {
    const server = this.#server;
    const { checkQuorum, electionTimeoutMs, heartbeatMs } = server.settings;
    const heardMs = this.#replication.rounds.confirmedBeganMs ?? this.#electedMs;
    if (checkQuorum && server.nowMs() - heardMs >= 2 * electionTimeoutMs) {
      server.context.probe("a leader without a majority stepped down");
      this.#events.over();
      return;
    }
    this.#heartbeat = server.context.after(heartbeatMs, () => this.#beat());
    this.#replication.beginRound();
  }
}
