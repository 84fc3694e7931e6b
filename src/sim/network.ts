/**
 * The simulated network: directed links between named endpoints, with faults laid over them.
 *
 * A message on a link draws everything that happens to it (loss, delay, duplicate) from words keyed
 * by the link and the message's number, so that removing one message or one fault leaves the fate
 * of the others alone. Healthy links keep their order (like TCP without resets); a reordering fault
 * lets messages overtake. A cut drops what is sent through it and what arrives while it lasts. How
 * long messages travel stands in `travel.ts`, and what reliable channels make of all this in
 * `channel.ts`.
 */

import type { JsonObject } from "../base/json.js";
import { hashText, mix } from "../random/mix.js";
import { alterBody } from "./alter.js";
import { type Carrier, Segment, troubleUs } from "./channel.js";
import { ReliableChannels } from "./channels.js";
import type { Kernel } from "./kernel.js";
import { exponential } from "./latency.js";
import {
  type Endpoint,
  Link,
  type LinkConditions,
  type LinkRule,
  linkStream,
  quietLink,
} from "./link.js";
import type { Message } from "./message.js";
import type { SimProbe } from "./probes.js";
import { copyOf, seal } from "./seal.js";
import { type Manner, Travel } from "./travel.js";
import type { Parcel, Warden } from "./warden.js";

export {
  type Endpoint,
  type EndpointKind,
  type LinkConditions,
  type LinkRule,
  quietLink,
} from "./link.js";
export type { Manner } from "./travel.js";

/** An endpoint's own way to send. */
export interface Port {
  /**
   * Sends a body, which is copied. `number` names the message on its link; left out, it is the
   * count of messages sent there so far. False when there is no such destination.
   * @throws NotPlainData when the body is not plain JSON data.
   */
  send(dest: string, body: JsonObject, number?: number): boolean;
}

export interface NetworkCounters {
  sent: number;
  delivered: number;
  lost: number;
  cut: number;
  duplicated: number;
  reordered: number;
}

export class Network {
  readonly counters: NetworkCounters = {
    sent: 0,
    delivered: 0,
    lost: 0,
    cut: 0,
    duplicated: 0,
    reordered: 0,
  };
  readonly #kernel: Kernel;
  readonly #base: LinkConditions;
  readonly #endpoints = new Map<string, Endpoint>();
  /** Links by source, then by destination; made when first used. */
  readonly #links = new Map<string, Map<string, Link>>();
  readonly #rules = new Set<LinkRule>();
  /** Whether any message is watched by a warden, so that it matters what caused it. */
  #watched = false;
  /** What was delivered last, and in which of the kernel's steps. */
  #handled: { message: Message; step: number } | undefined;
  /** Messages that faults keep back. */
  readonly #kept = new Set<Parcel>();
  #probe: (name: SimProbe) => void = () => undefined;
  readonly #travel: Travel;
  readonly #reliable: ReliableChannels | undefined;

  constructor(kernel: Kernel, base: LinkConditions = quietLink, manner: Manner = {}) {
    this.#kernel = kernel;
    this.#base = base;
    this.#travel = new Travel(kernel, base, manner);
    this.#reliable =
      manner.channel === "reliable" ? new ReliableChannels(this.#carrier()) : undefined;
    kernel.draws.onBranch(() => {
      for (const link of this.#eachLink()) link.key = this.#keyOf(link.src, link.dest);
    });
  }

  /** Has `probe` told of what should happen sometimes. */
  tell(probe: (name: SimProbe) => void): void {
    this.#probe = probe;
  }

  /** Joins an endpoint to the network; the port returned is its own way to send. */
  attach(endpoint: Endpoint): Port {
    const links = new Map<string, Link>();
    this.#endpoints.set(endpoint.name, endpoint);
    this.#links.set(endpoint.name, links);
    return {
      send: (dest, body, number) => {
        const link = links.get(dest) ?? this.#connect(endpoint.name, dest);
        if (link === undefined) return false;
        this.#send(link, body, number);
        return true;
      },
    };
  }

  endpoint(name: string): Endpoint | undefined {
    return this.#endpoints.get(name);
  }

  /** Sends in the name of any endpoint; see `Port.send`. False when there is no such source. */
  send(src: string, dest: string, body: JsonObject, number?: number): boolean {
    const link = this.#links.get(src)?.get(dest) ?? this.#connect(src, dest);
    if (link === undefined) return false;
    this.#send(link, body, number);
    return true;
  }

  /** Lays a rule over the network; the returned function takes it off again. O(links). */
  overlay(rule: LinkRule): () => void {
    this.#rules.add(rule);
    this.#refresh();
    return () => {
      this.#rules.delete(rule);
      this.#refresh();
      for (const parcel of rule.warden?.release(this.#kernel.now) ?? []) this.#letGo(parcel);
    };
  }

  /**
   * Connections break: what is under way on these links is lost, and what is kept back there. What is
   * sent from now on does not wait behind it. O(pending).
   */
  reset(covers: (src: Endpoint, dest: Endpoint) => boolean): void {
    const broken = new Set<number>();
    for (const link of this.#eachLink()) {
      if (!covers(link.src, link.dest)) continue;
      broken.add(link.lane);
      this.#reliable?.of(link)?.connection.break("reset");
      link.lastArrival = Math.min(link.lastArrival, this.#kernel.now);
    }
    let lost = 0;
    this.#kernel.forEachPending((event) => {
      if (event.kind !== "message" || event.cancelled || !broken.has(event.lane)) return;
      this.#kernel.cancel(event);
      lost++;
    });
    for (const parcel of this.#kept) {
      if (parcel.gone || !broken.has(parcel.link.lane)) continue;
      parcel.gone = true;
      lost++;
    }
    this.counters.lost += lost;
    if (lost > 0) this.#probe("a reset took what was under way");
  }

  /** A node went down: whoever was connected to it is no longer. */
  hangUp(node: string): void {
    this.#reliable?.hangUp(node);
  }

  /**
   * What slow links still carry arrives within a usual delay, in its order: nothing has to wait behind
   * it for longer. O(pending log pending).
   */
  catchUp(): void {
    this.#reliable?.pump();
    const latest = this.#kernel.now + this.#base.delayUs + this.#base.jitterUs;
    this.#kernel.retime((event) =>
      event.kind === "message" && event.time > latest ? latest : undefined,
    );
    for (const link of this.#eachLink()) link.lastArrival = Math.min(link.lastArrival, latest);
  }

  #send(link: Link, body: JsonObject, number = link.count): void {
    const { conditions } = link;
    const sealed = seal(body);
    this.#kernel.absorb(sealed.hash);
    this.counters.sent++;
    link.count++;
    const word = mix(link.key, number);
    const message: Message = { src: link.src.name, dest: link.dest.name, body: sealed.value };
    const parcel =
      link.wardens === undefined ? undefined : this.#inspect(link, message, word, sealed.size);
    const stream = this.#reliable?.of(link);
    if (stream !== undefined) {
      this.#kernel.recorder?.draw(link.drawName);
      stream.send(new Segment(message, word, sealed.size, parcel));
      return;
    }
    if (conditions.cut) {
      this.counters.cut++;
      this.#stopped(link, body, parcel, "cut off");
      return;
    }
    this.#kernel.recorder?.draw(link.drawName);
    if (link.lossThreshold > 0 && mix(word, 1) >>> 0 < link.lossThreshold) {
      this.counters.lost++;
      this.#stopped(link, body, parcel, "lost");
      return;
    }
    if (parcel === undefined) this.#setOut(link, message, word, sealed.size, 0, false);
    else if (parcel.keepers > 0) {
      this.#kept.add(parcel);
      this.#effect(link, body, "held");
    } else parcel.setOut();
  }

  #stopped(link: Link, body: JsonObject, parcel: Parcel | undefined, how: string): void {
    if (parcel !== undefined) parcel.gone = true;
    this.#effect(link, body, how);
  }

  /** Shows a message to the wardens of its link. */
  #inspect(link: Link, message: Message, word: number, size: number): Parcel {
    const handled = this.#handled?.step === this.#kernel.steps ? this.#handled : undefined;
    const parcel: Parcel = {
      link,
      message,
      cause: handled?.message,
      overtaken: false,
      lateUs: 0,
      keepers: 0,
      gone: false,
      setOut: () => {
        const stream = this.#reliable?.of(link);
        if (stream !== undefined) stream.pump();
        else this.#setOut(link, message, word, size, parcel.lateUs, parcel.overtaken);
      },
    };
    for (const warden of link.wardens ?? []) warden.see(parcel);
    return parcel;
  }

  #letGo(parcel: Parcel): void {
    if (--parcel.keepers > 0) return;
    this.#kept.delete(parcel);
    if (parcel.gone) return;
    const { src, dest, body } = parcel.message;
    this.#kernel.recorder?.effect(`${src}->${dest} ${String(body["type"])}: let go`);
    parcel.setOut();
  }

  #setOut(
    link: Link,
    message: Message,
    word: number,
    size: number,
    lateUs: number,
    overtaken: boolean,
  ): void {
    const { conditions } = link;
    const arrival = this.#travel.inTime(this.#arrivalTime(link, word, size, overtaken) + lateUs);
    if (link.corruptThreshold > 0 && mix(word, 7) >>> 0 < link.corruptThreshold) {
      this.#corrupt(message, mix(word, 8));
    }
    this.#kernel.at(arrival, link.lane, "message", link.who, link.arrive, message);
    if (link.duplicateThreshold > 0 && mix(word, 3) >>> 0 < link.duplicateThreshold) {
      this.counters.duplicated++;
      this.#effect(link, message.body, "duplicated");
      const late = exponential(mix(word, 4), 4 * (conditions.delayUs + conditions.jitterUs));
      const again = { ...message, body: copyOf(message.body) };
      this.#kernel.at(
        this.#travel.inTime(arrival + late),
        link.lane,
        "message",
        link.who,
        link.arriveAgain,
        again,
      );
    }
  }

  /** Alters what a message says, not what it is or whom it answers. */
  #corrupt(message: Message, word: number): void {
    const body = alterBody(message.body, word);
    if (body === undefined) return;
    message.body = body;
    this.#probe("a message was altered on its way");
  }

  #effect(link: Link, body: JsonObject, what: string): void {
    this.#kernel.recorder?.effect(`${link.who} ${String(body["type"])}: ${what}`);
  }

  #arrivalTime(link: Link, word: number, size: number, overtaken: boolean): number {
    const arrival = this.#travel.inTime(this.#kernel.now + this.#travel.delayUs(link, word, size));
    if (link.reorderThreshold > 0 && mix(word, 5) >>> 0 < link.reorderThreshold) {
      this.counters.reordered++;
      this.#probe("a message left its order");
      return arrival + exponential(mix(word, 6), link.conditions.reorderUs);
    }
    if (overtaken || !this.#travel.hasOrder(link)) return arrival;
    link.lastArrival = Math.max(link.lastArrival, arrival);
    return link.lastArrival;
  }

  #carrier(): Carrier {
    return {
      kernel: this.#kernel,
      arrivalOf: (link, { word, size, parcel }) => {
        const delay = this.#travel.delayUs(link, word, size) + troubleUs(link, word);
        return this.#travel.inTime(this.#kernel.now + delay + (parcel?.lateUs ?? 0));
      },
      latestTry: () => this.#travel.latestTry(),
      deliver: (link, message) => this.#deliver(link, message),
      lose: (link, { body }, how) => {
        this.counters.lost++;
        this.#effect(link, body, how);
      },
    };
  }

  #arrival(link: Link, message: Message): void {
    if (link.conditions.cut) {
      this.counters.cut++;
      this.#probe("a message was cut off on arrival");
      this.#kernel.recorder?.effect("cut off on arrival");
      return;
    }
    this.#deliver(link, message);
  }

  #deliver(link: Link, message: Message): void {
    this.counters.delivered++;
    this.#kernel.absorbSchedule(mix(link.key, hashText(String(message.body["type"]))));
    if (this.#watched) this.#handled = { message, step: this.#kernel.steps };
    link.dest.receive(message);
  }

  #connect(src: string, dest: string): Link | undefined {
    const source = this.#endpoints.get(src);
    const target = this.#endpoints.get(dest);
    if (source === undefined || target === undefined) return undefined;
    const link: Link = new Link(
      source,
      target,
      this.#keyOf(source, target),
      (event) => this.#arrival(link, event.data as Message),
      (event) => {
        if (!link.conditions.cut) this.#probe("a message was delivered twice");
        this.#arrival(link, event.data as Message);
      },
    );
    this.#links.get(src)?.set(dest, link);
    this.#apply(link);
    if (this.#reliable !== undefined) {
      // The other way is connected with it: who comes second finds both.
      const back = this.#links.get(dest)?.get(src);
      if (back === undefined) this.#connect(dest, src);
      else this.#reliable.join(link, back);
    }
    return link;
  }

  #keyOf(src: Endpoint, dest: Endpoint): number {
    return this.#kernel.draws.streams.key(linkStream(src, dest));
  }

  *#eachLink(): Iterable<Link> {
    for (const links of this.#links.values()) yield* links.values();
  }

  #refresh(): void {
    this.#watched = [...this.#rules].some(({ warden }) => warden !== undefined);
    for (const link of this.#eachLink()) this.#apply(link);
  }

  #apply(link: Link): void {
    const conditions = this.#travel.conditionsOf(link);
    const wardens: Warden[] = [];
    for (const rule of this.#rules) {
      if (!rule.covers(link.src, link.dest)) continue;
      rule.change?.(conditions);
      if (rule.warden !== undefined) wardens.push(rule.warden);
    }
    link.set(conditions, wardens);
    this.#reliable?.changed(link);
  }
}
