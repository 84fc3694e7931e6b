/**
 * One node: the home of some sessions, with their buffers on its disk; the first node of the cluster
 * keeps the memory, too.
 *
 * A change is durable in its buffer before the session is told, and after a restart the buffers are
 * filled again with everything not known to have left: the memory takes nothing twice.
 */

import type { JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
  RpcTimeout,
} from "../../src/hosts/ts/node.js";
import { type Change, changeOf, make } from "../sessions/changes.js";
import { DurableLog } from "../sessions/durable-log.js";
import { type Reply, type SessionRequest, Sessions } from "../sessions/sessions.js";
import { type Entry, StoreBuffer } from "./buffer.js";
import { Memory } from "./memory.js";

/** A change enters a session's buffer (`change`), or has left it (null). */
type Note = { session: string; place: number; number: number; change: Change | null };

interface Held {
  buffer: StoreBuffer;
  /** How many changes the session has made. */
  places: number;
  /** The last request that made one. */
  number: number;
}

const ATTEMPT_MS = 250;

export class TsoNode implements Node {
  readonly #context: NodeContext;
  readonly #sessions: Sessions;
  readonly #held = new Map<string, Held>();
  /** Who waits for the memory's reply to an entry, by session and place. */
  readonly #asking = new Map<string, (reply: JsonObject) => void>();
  #memory: Memory | undefined;
  #notes: DurableLog<Note> | undefined;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#sessions = new Sessions(context, (request) => this.#serve(request));
  }

  start(): void {
    const { disk, id, nodes } = this.#context;
    if (id === nodes[0]) this.#memory = new Memory(disk);
    const kept = new Map<string, Note>();
    let booting = true;
    this.#notes = new DurableLog(disk, "buffers", (note: Note) => {
      if (!booting) {
        if (note.change !== null) this.#enter(note, false);
        return;
      }
      this.#count(note);
      const name = nameOf(note.session, note.place);
      if (note.change === null) kept.delete(name);
      else kept.set(name, note);
    });
    booting = false;
    for (const note of kept.values()) this.#enter(note, true);
    if (kept.size > 0) this.#context.probe("a node restarted with entries in its buffers");
  }

  onMessage(message: Message): Promise<Reply> {
    const asked = this.#sessions.onMessage(message);
    if (asked !== null) return asked;
    if (this.#memory !== undefined) return this.#memory.onMessage(message.body);
    throw new Refusal(errorCodes.notSupported, "the memory is not here");
  }

  // Sessions ----------------------------------------------------------------------------------

  async #serve({ session, number, body }: SessionRequest): Promise<Reply> {
    const { bugs } = this.#context;
    if (body["type"] === "read") return this.#read(session, String(body["key"]));
    const change = changeOf(body);
    if (change === undefined) {
      throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
    const held = this.#of(session);
    if (change.f === "fence") {
      if (!bugs.has("fence-noop")) {
        await held.buffer.empty(bugs.has("fence-wrong-side") ? "sent" : "stored");
      }
      return { type: "fence_ok" };
    }
    // Taken before this boot: what came of it was told then, or nobody waits for it any more.
    if (number <= held.number) return undefined;
    if (change.f === "write") {
      await this.#note(session, number, change);
      return { type: "write_ok" };
    }
    return bugs.has("exchange-not-atomic") || bugs.has("exchange-not-a-fence")
      ? this.#exchangeInTwoSteps(session, number, change)
      : this.#exchange(session, number, change);
  }

  /** The newest own entry, else the memory's value. */
  async #read(session: string, key: string): Promise<JsonObject> {
    const { bugs } = this.#context;
    const own = bugs.has("no-forwarding") ? undefined : this.#of(session).buffer.newest(key);
    const value = own?.change.f === "write" ? own.change.value : null;
    if (own !== undefined && !own.sent) {
      this.#context.probe("a read was served from its session's buffer");
      return { type: "read_ok", value };
    }
    // What is on its way may be in memory already, and others' values above it: the memory knows.
    const unless = own === undefined ? null : { session, place: own.place };
    const loaded = await this.#ask({ type: "load", key, unless });
    if (loaded["waiting"]) {
      this.#context.probe("a read overtook its session's write on the way to the memory");
      return { type: "read_ok", value };
    }
    return { type: "read_ok", value: loaded["value"] ?? null };
  }

  /** Last in the buffer, and first to hurry: whatever is before it has left when the memory makes it. */
  async #exchange(session: string, number: number, change: Change): Promise<JsonObject> {
    const held = this.#of(session);
    const place = held.places;
    const reply = new Promise<JsonObject>((resolve) => {
      this.#asking.set(nameOf(session, place), resolve);
    });
    await this.#note(session, number, change);
    void held.buffer.empty();
    return reply;
  }

  /** The bugs: reads, decides here, and writes; or leaves even that to the buffer. */
  async #exchangeInTwoSteps(
    session: string,
    number: number,
    change: Exclude<Change, { f: "fence" }>,
  ): Promise<JsonObject> {
    const { buffer } = this.#of(session);
    const waits = !this.#context.bugs.has("exchange-not-a-fence");
    if (waits) await buffer.empty();
    const { key } = change;
    const { value = null } = await this.#read(session, key);
    const values = new Map(value === null ? [] : [[key, value]]);
    const reply = make(change, values);
    if (reply["type"] !== "error") {
      await this.#note(session, number, { f: "write", key, value: values.get(key) ?? null });
      if (waits) await buffer.empty();
    }
    return reply;
  }

  // Buffers -----------------------------------------------------------------------------------

  #of(session: string): Held {
    let held = this.#held.get(session);
    if (held === undefined) {
      const buffer = new StoreBuffer(this.#context, (entry) => this.#store(session, entry));
      held = { buffer, places: 0, number: 0 };
      this.#held.set(session, held);
    }
    return held;
  }

  /** The change is in the buffer, durably, when this resolves. */
  #note(session: string, number: number, change: Change): Promise<void> {
    const note: Note = { session, place: this.#of(session).places, number, change };
    this.#count(note);
    return (this.#notes as DurableLog<Note>).append(note);
  }

  #count({ session, place, number }: Note): void {
    const held = this.#of(session);
    held.places = Math.max(held.places, place + 1);
    held.number = Math.max(held.number, number);
  }

  #enter({ session, place, change }: Note, sent: boolean): void {
    const { buffer } = this.#of(session);
    const stored = this.#asking.get(nameOf(session, place));
    this.#asking.delete(nameOf(session, place));
    const dueMs = sent ? 0 : buffer.drawDueMs();
    buffer.push({ place, change: change as Change, sent, dueMs, ...(stored ? { stored } : {}) });
  }

  async #store(session: string, { place, change }: Entry): Promise<JsonObject> {
    const { reply } = await this.#ask({ type: "store", stored: { session, place, change } });
    const number = this.#of(session).number;
    void this.#notes?.append({ session, place, number, change: null });
    return reply as JsonObject;
  }

  /** Asks the memory until it answers. */
  async #ask(body: JsonObject): Promise<JsonObject> {
    const { nodes, rpc } = this.#context;
    if (this.#memory !== undefined) return this.#memory.onMessage(body);
    for (;;) {
      try {
        return await rpc(nodes[0] as string, body, { timeoutMs: ATTEMPT_MS });
      } catch (error) {
        if (!(error instanceof RpcTimeout)) throw error;
        this.#context.probe("the memory was asked again");
      }
    }
  }
}

function nameOf(session: string, place: number): string {
  return `${session}/${place}`;
}
