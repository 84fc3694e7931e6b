/**
 * The side that clients see: the replica that a client asks does what PBFT's client library would do.
 *
 * It sends the request to the primary, and to all where no answer comes; and it believes a result once
 * f + 1 replicas say the same, of whom one is honest. Its own word is one of them. A client must trust
 * the replica that it asks in this, as it would trust its own library.
 */

import { canonical } from "../../src/base/json.js";
import type { JsonObject, Message } from "../../src/hosts/ts/node.js";
import { Clients } from "../raft/clients.js";
import type { Command } from "../raft/messages.js";
import type { Executor } from "./executor.js";
import type { Request } from "./messages.js";
import type { Replica } from "./replica.js";
import { signRequest } from "./signatures.js";

/** The latest request of a client, and who has answered what. */
interface Poll {
  request: Request;
  answers: Map<string, Set<string>>;
}

export interface LibraryEvents {
  /** A request for this replica's own part in the protocol. */
  requested(request: Request): void;
}

export class ClientLibrary {
  readonly #replica: Replica;
  readonly #executor: Executor;
  readonly #events: LibraryEvents;
  readonly #clients: Clients;
  readonly #polls = new Map<string, Poll>();

  constructor(replica: Replica, executor: Executor, events: LibraryEvents) {
    this.#replica = replica;
    this.#executor = executor;
    this.#events = events;
    this.#clients = new Clients(replica, (command) => this.#submit(command));
  }

  /** @throws Refusal for what is not a request of this service. */
  receive(message: Message): void {
    this.#clients.receive(message);
  }

  /** There is another primary. */
  primaryChanged(): void {
    this.#clients.leaderChanged();
  }

  onReply(replica: string, client: string, requestId: number, reply: JsonObject): void {
    const poll = this.#polls.get(client);
    if (poll === undefined || poll.request.requestId !== requestId) return;
    const answer = canonical(reply);
    const voters = poll.answers.get(answer) ?? new Set<string>();
    poll.answers.set(answer, voters.add(replica));
    if (poll.answers.size > 1) this.#replica.context.probe("replicas answered differently");
    if (voters.size < this.#replica.thresholds.witness) return;
    this.#polls.delete(client);
    this.#clients.answer({ client, requestId }, reply);
  }

  /** Answers from the state as it stands. */
  onReadOnly({ client, requestId, operation, via }: Request): void {
    const reply = this.#executor.machine.read(operation.key);
    if (via === this.#replica.id) this.onReply(via, client, requestId, reply);
    else this.#replica.send(via, { type: "reply", client, requestId, reply });
  }

  #submit(command: Command): void {
    const replica = this.#replica;
    const { client, requestId, operation } = command;
    const known = this.#polls.get(client);
    if (known !== undefined && known.request.requestId > requestId) return;
    const isFirst = known?.request.requestId !== requestId;
    const poll = isFirst
      ? { request: signRequest(command, replica.id), answers: new Map() }
      : known;
    this.#polls.set(client, poll);
    const { request } = poll;
    if (isFirst && operation.type === "read" && replica.bug("unordered-reads")) {
      replica.sendToPeers({ type: "read-only", request });
      this.onReadOnly(request);
      return;
    }
    this.#events.requested(request);
    if (!isFirst) {
      replica.context.probe("a request was sent to all replicas");
      replica.sendToPeers({ type: "request", request });
    } else if (replica.primary !== replica.id) {
      replica.send(replica.primary, { type: "request", request });
    }
  }
}
