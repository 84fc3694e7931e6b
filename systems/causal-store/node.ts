/**
 * One node: a replica, the home of some sessions, which tells the others what it has.
 *
 * A new write is sent to each peer after a moment; what is lost on the way is made up for by
 * anti-entropy: a node tells a peer its vector, and gets what it lacks.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import { type Reply, type SessionRequest, Sessions } from "../sessions/sessions.js";
import { Replica, type Vector, type Write } from "./replica.js";

/** A write is sent to each peer after so long: what makes replicas differ enough to be told apart. */
const LAG_MS = { min: 1, max: 60 };
const ANTI_ENTROPY_MS = 100;
const WRITES_MAX = 200;
/** Writes that came too early; what does not fit comes again. */
const EARLY_MAX = 1000;

export class CausalNode implements Node {
  readonly #context: NodeContext;
  readonly #sessions: Sessions;
  #replica: Replica;
  #early: Write[] = [];

  constructor(context: NodeContext) {
    this.#context = context;
    const follow = !context.bugs.has("session-forgotten");
    this.#sessions = new Sessions(context, (request) => this.#serve(request), { follow });
    this.#replica = new Replica(context.disk);
  }

  start(): void {
    if (this.#replica.time > 0) this.#context.probe("a replica restarted with its writes");
    this.#gossip();
  }

  onMessage(message: Message): Promise<Reply> | Reply {
    const asked = this.#sessions.onMessage(message);
    if (asked !== null) return asked;
    const { src, body } = message;
    switch (body["type"]) {
      case "writes":
        this.#onWrites(body["writes"] as Write[]);
        return undefined;
      case "applied": {
        const writes = this.#replica.lackedBy(body["vector"] as Vector, WRITES_MAX);
        if (writes.length > 0) {
          this.#context.probe("anti-entropy sent what a replica lacked");
          this.#send(src, writes);
        }
        return undefined;
      }
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }

  // Sessions ----------------------------------------------------------------------------------

  async #serve({ session, number, body }: SessionRequest): Promise<Reply> {
    const key = String(body["key"]);
    switch (body["type"]) {
      case "read":
        return { type: "read_ok", value: this.#replica.read(key) };
      case "write":
        return this.#write(session, number, key, body["value"] ?? null);
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }

  async #write(session: string, number: number, key: string, value: Json): Promise<Reply> {
    const { id, peers, random, after } = this.#context;
    // Taken before this boot: nobody waits for it any more.
    if (number <= this.#replica.numberOf(session)) return undefined;
    const write: Write = {
      origin: id,
      place: (this.#replica.staged[id] ?? 0) + 1,
      after: { ...this.#replica.staged },
      stamp: { time: this.#time(), node: id },
      key,
      value,
      session,
      number,
    };
    await this.#replica.take(write);
    for (const peer of peers) {
      after(random.magnitude(LAG_MS.min, LAG_MS.max), () => this.#send(peer, [write]));
    }
    return { type: "write_ok" };
  }

  /** Later than everything here. */
  #time(): number {
    const { bugs, clock } = this.#context;
    if (bugs.has("lww-by-wall-clock")) return clock.wallMs();
    if (bugs.has("clock-not-merged")) return (this.#replica.staged[this.#context.id] ?? 0) + 1;
    return this.#replica.time + 1;
  }

  // Replication -------------------------------------------------------------------------------

  #onWrites(writes: readonly Write[]): void {
    const { bugs } = this.#context;
    const room = EARLY_MAX - this.#early.length;
    this.#early.push(...writes.slice(0, Math.max(0, room)));
    for (let went = true; went; ) {
      went = false;
      for (const write of this.#early) {
        const may = bugs.has("ignores-dependencies")
          ? this.#replica.mayTake({ ...write, after: {} })
          : this.#replica.mayTake(write);
        if (!may) continue;
        void this.#replica.take(write);
        went = true;
      }
      this.#early = this.#early.filter((write) => !this.#replica.has(write));
    }
    if (this.#early.length > 0) this.#context.probe("a write came before its causes");
  }

  #gossip(): void {
    const { after, peers, random } = this.#context;
    after(ANTI_ENTROPY_MS, () => this.#gossip());
    if (peers.length === 0) return;
    const vector: JsonObject = { ...this.#replica.applied };
    this.#context.send(random.pick(peers), { type: "applied", vector });
  }

  #send(peer: string, writes: readonly Write[]): void {
    this.#context.send(peer, { type: "writes", writes: writes as unknown as Json });
  }
}
