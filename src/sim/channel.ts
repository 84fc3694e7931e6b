/**
 * Reliable channels between nodes, as TCP makes them: in order, each message once, and nothing lost
 * while the connection lasts.
 *
 * What the network does to packets is seen as time. A lost or altered one is sent again after a time-
 * out, which doubles (RFC 6298); one that leaves its order waits at the receiver, or makes the others
 * wait behind it; duplicates are dropped. A cut stops both directions of a connection: one carries
 * no data, the other no acknowledgements. What is sent meanwhile waits, and sets out at the next time-
 * out after the cut; but when something has waited for longer than `GIVE_UP_US`, the connection
 * breaks. Then everything is lost that it still held, as after a reset or the crash of either end,
 * and until both directions are open again there is nobody to send to. The next message opens a new
 * connection. Left out: hand-shakes, windows, congestion.
 */

import type { JsonObject } from "../base/json.js";
import { mix } from "../random/mix.js";
import type { Kernel, KernelEvent } from "./kernel.js";
import { exponential } from "./latency.js";
import type { Link } from "./link.js";
import type { Message } from "./message.js";
import type { Parcel } from "./warden.js";

/** The first time-out; each next one is twice as long. */
export const RETRANSMIT_US = 200_000;
/** Nothing is lost more often than that in a row, on a link that lets anything through. */
const RETRANSMITS_MAX = 3;
/** What nobody acknowledges for so long breaks its connection. */
export const GIVE_UP_US = 2_000_000;

/** A message with its place in a stream. */
export class Segment implements Message {
  readonly src: string;
  readonly dest: string;
  readonly body: JsonObject;
  /** Its place in the stream, from 0, in the generation of the connection that it belongs to. */
  number = 0;
  generation = 0;

  constructor(
    { src, dest, body }: Message,
    /** What is drawn for it comes from this word. */
    readonly word: number,
    readonly size: number,
    readonly parcel: Parcel | undefined,
  ) {
    this.src = src;
    this.dest = dest;
    this.body = body;
  }
}

/** What a stream needs of its network. */
export interface Carrier {
  readonly kernel: Kernel;
  /** When a segment arrives that sets out now and meets nobody. */
  arrivalOf(link: Link, segment: Segment): number;
  /** No time-out may be later, where the timing model bounds how long messages are under way. */
  latestTry(): number;
  deliver(link: Link, message: Message): void;
  /** It is gone, for the reason given. */
  lose(link: Link, segment: Segment, how: string): void;
}

/** How much later a segment is for what happens to its packets. */
export function troubleUs(link: Link, word: number): number {
  const threshold = link.lossThreshold + link.corruptThreshold;
  let lateUs = 0;
  for (let n = 0; n < RETRANSMITS_MAX && mix(word, 16 + n) >>> 0 < threshold; n++) {
    lateUs += RETRANSMIT_US << n;
  }
  if (link.reorderThreshold > 0 && mix(word, 5) >>> 0 < link.reorderThreshold) {
    lateUs += exponential(mix(word, 6), link.conditions.reorderUs);
  }
  return lateUs;
}

/** The two streams between two nodes, which live and die together. */
export class Connection {
  generation = 0;
  readonly streams: readonly [Stream, Stream];
  readonly #carrier: Carrier;
  /** Since when something waits to be acknowledged. */
  #stalledAtUs: number | undefined;
  #broken = false;

  constructor(carrier: Carrier, there: Link, back: Link) {
    this.#carrier = carrier;
    this.streams = [new Stream(this, carrier, there), new Stream(this, carrier, back)];
  }

  /** Nothing can be sent: it gave up, and the way is not open yet. */
  get broken(): boolean {
    return this.#broken;
  }

  get #isOpen(): boolean {
    return this.streams.every(({ isCut }) => !isCut);
  }

  /** Something was sent that is not acknowledged, because one of the ways is cut. */
  stall(): void {
    if (this.#stalledAtUs !== undefined || this.#isOpen) return;
    const { kernel } = this.#carrier;
    const sinceUs = kernel.now;
    this.#stalledAtUs = sinceUs;
    const { who, lane } = this.streams[0].link;
    kernel.at(sinceUs + GIVE_UP_US, lane, "timer", who, () => {
      if (this.#stalledAtUs === sinceUs) this.break("the connection gave up");
    });
  }

  /** The first time-out of what has waited that is not over yet. */
  nextTry(): number {
    const { now } = this.#carrier.kernel;
    let atUs = this.#stalledAtUs ?? now;
    for (let n = 0; atUs < now; n++) atUs += RETRANSMIT_US << n;
    return Math.min(atUs, this.#carrier.latestTry());
  }

  /** One of its ways was cut or opened. */
  changed(): void {
    if (!this.#isOpen) return;
    this.#stalledAtUs = undefined;
    this.#broken = false;
  }

  /** Everything that it holds is lost. O(held). */
  break(how: string): void {
    this.generation++;
    this.#stalledAtUs = undefined;
    this.#broken = !this.#isOpen;
    for (const stream of this.streams) stream.clear(how);
  }
}

/** One direction of a connection. */
export class Stream {
  readonly connection: Connection;
  readonly link: Link;
  readonly #carrier: Carrier;
  /** What has not set out, or did in vain, in order. */
  #waiting: Segment[] = [];
  /** What arrived ahead of something earlier. */
  readonly #early = new Map<number, Segment>();
  #next = 0;
  #expected = 0;
  #wasCut = false;

  constructor(connection: Connection, carrier: Carrier, link: Link) {
    this.connection = connection;
    this.#carrier = carrier;
    this.link = link;
    this.#wasCut = this.isCut;
  }

  /** A link that loses everything is cut, too. */
  get isCut(): boolean {
    const { cut, lossPpm } = this.link.conditions;
    return cut || lossPpm >= 1_000_000;
  }

  send(segment: Segment): void {
    if (this.connection.broken) {
      this.#lose(segment, "no connection");
      return;
    }
    segment.number = this.#next++;
    segment.generation = this.connection.generation;
    this.#waiting.push(segment);
    this.pump();
  }

  /** Sends what may set out: everything up to the first that is kept back. */
  pump(): void {
    for (let [head] = this.#waiting; head !== undefined; [head] = this.#waiting) {
      if (head.parcel !== undefined && head.parcel.keepers > 0) return;
      if (this.isCut) {
        this.connection.stall();
        return;
      }
      this.#waiting.shift();
      this.#transmit(head);
    }
  }

  /** The conditions of its link are others than before. */
  changed(): void {
    const { isCut } = this;
    if (isCut === this.#wasCut) return;
    this.#wasCut = isCut;
    if (!isCut && this.#waiting.length > 0) {
      const { lane, who } = this.link;
      const atUs = this.connection.nextTry();
      this.#carrier.kernel.at(atUs, lane, "timer", who, () => this.pump());
    }
    this.connection.changed();
  }

  clear(how: string): void {
    const lost = [...this.#waiting, ...this.#early.values()];
    this.#waiting = [];
    this.#early.clear();
    this.#next = 0;
    this.#expected = 0;
    this.link.lastArrival = Math.min(this.link.lastArrival, this.#carrier.kernel.now);
    for (const segment of lost) this.#lose(segment, how);
  }

  #transmit(segment: Segment): void {
    const { link } = this;
    link.lastArrival = Math.max(link.lastArrival, this.#carrier.arrivalOf(link, segment));
    const { lastArrival, lane, who } = link;
    this.#carrier.kernel.at(lastArrival, lane, "message", who, this.#arrive, segment);
    // Where the other way is cut, nobody acknowledges it.
    this.connection.stall();
  }

  readonly #arrive = (event: KernelEvent): void => {
    const segment = event.data as Segment;
    if (segment.generation !== this.connection.generation) {
      this.#lose(segment, "of a connection that is gone");
    } else if (this.isCut) {
      const behind = this.#waiting.findIndex(({ number }) => number > segment.number);
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, segment);
      this.connection.stall();
    } else if (segment.number !== this.#expected) {
      this.#early.set(segment.number, segment);
    } else this.#deliver(segment);
  };

  #deliver({ src, dest, body }: Segment): void {
    const next = this.#early.get(++this.#expected);
    if (next !== undefined) {
      this.#early.delete(this.#expected);
      const { kernel } = this.#carrier;
      kernel.at(kernel.now, this.link.lane, "message", this.link.who, this.#arrive, next);
    }
    this.#carrier.deliver(this.link, { src, dest, body });
  }

  #lose(segment: Segment, how: string): void {
    if (segment.parcel !== undefined) segment.parcel.gone = true;
    this.#carrier.lose(this.link, segment, how);
  }
}
