/**
 * The simulated network: directed links between named endpoints, with faults laid over them.
 *
 * A message on a link draws everything that happens to it (loss, delay, duplicate) from words keyed
 * by the link and the message's number, so that removing one message or one fault leaves the fate
 * of the others alone. Healthy links keep their order (like TCP without resets); a reordering fault
 * lets messages overtake. Latency is alpha + size / beta plus an exponential jitter. A cut drops
 * what is sent through it and what arrives while it lasts.
 */

import type { JsonObject } from "../base/json.js";
import { hashText, mix, thresholdOfPpm } from "../random/mix.js";
import type { Kernel, KernelEvent } from "./kernel.js";
import { exponential } from "./latency.js";
import type { Message } from "./message.js";
import { copyOf, seal } from "./seal.js";

export type EndpointKind = "node" | "client" | "service";

/** How a link behaves; defaults are a quiet local network. */
export interface LinkConditions {
  cut: boolean;
  /** alpha: the least one-way delay, microseconds. */
  delayUs: number;
  /** Mean of the exponential jitter added to it, microseconds. */
  jitterUs: number;
  lossPpm: number;
  duplicatePpm: number;
  /** How many messages in a million may leave the order, and by how much they are late. */
  reorderPpm: number;
  reorderUs: number;
  /** 1 / beta: bytes a second; 0 means no limit. */
  bytesPerSecond: number;
}

export const quietLink: LinkConditions = {
  cut: false,
  delayUs: 200,
  jitterUs: 300,
  lossPpm: 0,
  duplicatePpm: 0,
  reorderPpm: 0,
  reorderUs: 0,
  bytesPerSecond: 0,
};

/** Changes the conditions of the links that it covers for as long as it lies over the network. */
export interface LinkRule {
  covers(src: Endpoint, dest: Endpoint): boolean;
  change(conditions: LinkConditions): void;
}

export interface Endpoint {
  readonly name: string;
  readonly kind: EndpointKind;
  /** Names its links in the random streams; clients that succeed each other share one. */
  readonly streamName: string;
  receive(message: Message): void;
}

/** An endpoint's own way to send. */
export interface Port {
  /**
   * Sends a body, which is copied. `number` names the message on its link; left out, it is the
   * count of messages sent there so far. False when there is no such destination.
   * @throws NotPlainData when the body is not plain JSON data.
   */
  send(dest: string, body: JsonObject, number?: number): boolean;
}

class Link {
  readonly lane: number;
  readonly who: string;
  count = 0;
  lastArrival = 0;
  conditions: LinkConditions = quietLink;
  lossThreshold = 0;
  duplicateThreshold = 0;
  reorderThreshold = 0;

  constructor(
    readonly src: Endpoint,
    readonly dest: Endpoint,
    readonly key: number,
    readonly arrive: (event: KernelEvent) => void,
  ) {
    this.lane = mix(key, 1);
    this.who = `${src.name}->${dest.name}`;
  }

  set(conditions: LinkConditions): void {
    this.conditions = conditions;
    this.lossThreshold = thresholdOfPpm(conditions.lossPpm);
    this.duplicateThreshold = thresholdOfPpm(conditions.duplicatePpm);
    this.reorderThreshold = thresholdOfPpm(conditions.reorderPpm);
  }
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

  constructor(kernel: Kernel, base: LinkConditions = quietLink) {
    this.#kernel = kernel;
    this.#base = base;
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
    };
  }

  #send(link: Link, body: JsonObject, number = link.count): void {
    const { conditions } = link;
    const sealed = seal(body);
    this.#kernel.absorb(sealed.hash);
    this.counters.sent++;
    link.count++;
    if (conditions.cut) {
      this.counters.cut++;
      this.#effect(link, body, "cut off");
      return;
    }
    const word = mix(link.key, number);
    if (link.lossThreshold > 0 && mix(word, 1) >>> 0 < link.lossThreshold) {
      this.counters.lost++;
      this.#effect(link, body, "lost");
      return;
    }
    const message: Message = { src: link.src.name, dest: link.dest.name, body: sealed.value };
    const arrival = this.#arrivalTime(link, word, sealed.size);
    this.#schedule(link, message, arrival);
    if (link.duplicateThreshold > 0 && mix(word, 3) >>> 0 < link.duplicateThreshold) {
      this.counters.duplicated++;
      this.#effect(link, body, "duplicated");
      const late = exponential(mix(word, 4), 4 * (conditions.delayUs + conditions.jitterUs));
      this.#schedule(link, { ...message, body: copyOf(message.body) }, arrival + late);
    }
  }

  #effect(link: Link, body: JsonObject, what: string): void {
    this.#kernel.recorder?.effect(`${link.who} ${String(body["type"])}: ${what}`);
  }

  #arrivalTime(link: Link, word: number, size: number): number {
    const { conditions } = link;
    let delay = conditions.delayUs + exponential(mix(word, 2), conditions.jitterUs);
    if (conditions.bytesPerSecond > 0) {
      delay += Math.ceil((size * 1_000_000) / conditions.bytesPerSecond);
    }
    const arrival = this.#kernel.now + delay;
    if (link.reorderThreshold > 0 && mix(word, 5) >>> 0 < link.reorderThreshold) {
      this.counters.reordered++;
      return arrival + exponential(mix(word, 6), conditions.reorderUs);
    }
    link.lastArrival = Math.max(link.lastArrival, arrival);
    return link.lastArrival;
  }

  #schedule(link: Link, message: Message, arrival: number): void {
    this.#kernel.at(arrival, link.lane, "message", link.who, link.arrive, message);
  }

  #arrival(link: Link, message: Message): void {
    if (link.conditions.cut) {
      this.counters.cut++;
      this.#kernel.recorder?.effect("cut off on arrival");
      return;
    }
    this.counters.delivered++;
    this.#kernel.absorbSchedule(mix(link.key, hashText(String(message.body["type"]))));
    link.dest.receive(message);
  }

  #connect(src: string, dest: string): Link | undefined {
    const source = this.#endpoints.get(src);
    const target = this.#endpoints.get(dest);
    if (source === undefined || target === undefined) return undefined;
    const key = this.#kernel.streams.key(`link/${source.streamName}/${target.streamName}`);
    const link: Link = new Link(source, target, key, (event) =>
      this.#arrival(link, event.data as Message),
    );
    this.#links.get(src)?.set(dest, link);
    this.#apply(link);
    return link;
  }

  #refresh(): void {
    for (const links of this.#links.values()) for (const link of links.values()) this.#apply(link);
  }

  #apply(link: Link): void {
    const conditions = { ...this.#base };
    for (const rule of this.#rules) {
      if (rule.covers(link.src, link.dest)) rule.change(conditions);
    }
    link.set(conditions);
  }
}
