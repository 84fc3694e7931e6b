/**
 * One node: events that clients ask for, messages to other nodes, and a clock that stamps all of them.
 *
 * An event has happened when it is on disk with its stamp: only then is it recorded, told and, as the
 * sending of a message, seen by others. What a crash leaves on disk of events that nobody was told of has
 * happened as well, and is recorded at the restart.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import { DurableLog } from "../sessions/durable-log.js";
import type { LogicalClock, Reading } from "./clock.js";
import { BoundedHybridClock } from "./hybrid.js";
import { LamportClock } from "./lamport.js";
import { VectorClock } from "./vector.js";

/** Which event: of which node, and which of its events, from 1. */
type Place = { node: string; place: number };

type Entry = Reading & {
  place: number;
  /** Of a receipt: the sending. */
  after?: Place;
  /** How many events of this node had been recorded when it was written. */
  recorded: number;
};

const clocks: { readonly [name: string]: new (context: NodeContext) => LogicalClock } = {
  lamport: LamportClock,
  vector: VectorClock,
  hybrid: BoundedHybridClock,
};

export const clockNames = Object.keys(clocks);

export class ClockNode implements Node {
  readonly #context: NodeContext;
  readonly #clock: LogicalClock;
  #log: DurableLog<Entry> | undefined;

  constructor(context: NodeContext) {
    this.#context = context;
    const Clock = clocks[String(context.options["clock"])] as (typeof clocks)[string];
    this.#clock = new Clock(context);
  }

  start(): void {
    const { disk, probe } = this.#context;
    const kept: Entry[] = [];
    let booting = true;
    this.#log = new DurableLog(disk, "events", (entry: Entry) => {
      if (booting) kept.push(entry);
      else this.#record(entry);
    });
    booting = false;
    const last = kept.at(-1);
    if (last === undefined) return;
    probe("a clock went on after a restart");
    const untold = kept.slice(last.recorded);
    if (untold.length > 1) probe("a crash left events on disk that nobody had been told of");
    for (const entry of untold) this.#record(entry);
    this.#clock.restore(last.stamp);
  }

  async onMessage({ body }: Message): Promise<JsonObject | undefined> {
    switch (body["type"]) {
      case "event": {
        const { stamp } = await this.#happen(this.#clock.tick());
        return { type: "event_ok", stamp };
      }
      case "send": {
        const { peers, send, id } = this.#context;
        const { stamp, place } = await this.#happen(this.#clock.tick());
        const to = peers[Number(body["to"]) % Math.max(1, peers.length)];
        if (to !== undefined) send(to, { type: "message", stamp, from: { node: id, place } });
        return { type: "send_ok", stamp };
      }
      case "message":
        await this.#receive(body["stamp"] ?? null, body["from"] as Place);
        return undefined;
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }

  async #receive(stamp: Json, after: Place): Promise<void> {
    const reading = this.#clock.receive(stamp);
    if (reading === undefined) return;
    this.#context.probe("a message was received and stamped");
    await this.#happen(reading, after);
  }

  /** The event, once it is durable. Events of a node are written in the order of their stamps. */
  async #happen(reading: Reading, after?: Place): Promise<Entry> {
    const log = this.#log as DurableLog<Entry>;
    const entry: Entry = {
      ...reading,
      place: log.length + 1,
      ...(after === undefined ? {} : { after }),
      recorded: log.applied,
    };
    await log.append(entry);
    return entry;
  }

  #record({ recorded: _, ...event }: Entry): void {
    const { boundMs } = this.#clock;
    this.#context.observe("event", { ...event, ...(boundMs === undefined ? {} : { boundMs }) });
  }
}
