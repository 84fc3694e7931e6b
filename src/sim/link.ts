/** One directed link of the network, what may be laid over it, and who stands at its ends. */

import { mix, thresholdOfPpm } from "../random/mix.js";
import type { KernelEvent } from "./kernel.js";
import type { Message } from "./message.js";
import type { Warden } from "./warden.js";

export type EndpointKind = "node" | "client" | "service";

export interface Endpoint {
  readonly name: string;
  readonly kind: EndpointKind;
  /** Names its links in the random streams; clients that succeed each other share one. */
  readonly streamName: string;
  receive(message: Message): void;
}

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
  /** How many messages in a million arrive altered. */
  corruptPpm: number;
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
  corruptPpm: 0,
  bytesPerSecond: 0,
};

/** Acts on the links that it covers for as long as it lies over the network. */
export interface LinkRule {
  covers(src: Endpoint, dest: Endpoint): boolean;
  /** What it makes of the link's conditions. */
  change?(conditions: LinkConditions): void;
  /** Decides on each message alone. */
  warden?: Warden;
}

export class Link {
  readonly lane: number;
  readonly who: string;
  /** What the trace calls the draws for its messages. */
  readonly drawName: string;
  key: number;
  count = 0;
  lastArrival = 0;
  conditions: LinkConditions = quietLink;
  lossThreshold = 0;
  duplicateThreshold = 0;
  reorderThreshold = 0;
  corruptThreshold = 0;
  /** Those who see each message; undefined on nearly all links at nearly all times. */
  wardens: readonly Warden[] | undefined;

  constructor(
    readonly src: Endpoint,
    readonly dest: Endpoint,
    key: number,
    readonly arrive: (event: KernelEvent) => void,
    /** Arrival of the second copy of a message. */
    readonly arriveAgain: (event: KernelEvent) => void,
  ) {
    this.key = key;
    // Kept when the key changes at a branch: what is under way stays in line with what follows.
    this.lane = mix(key, 1);
    this.who = `${src.name}->${dest.name}`;
    this.drawName = linkStream(src, dest);
  }

  set(conditions: LinkConditions, wardens: readonly Warden[]): void {
    this.conditions = conditions;
    this.lossThreshold = thresholdOfPpm(conditions.lossPpm);
    this.duplicateThreshold = thresholdOfPpm(conditions.duplicatePpm);
    this.reorderThreshold = thresholdOfPpm(conditions.reorderPpm);
    this.corruptThreshold = thresholdOfPpm(conditions.corruptPpm);
    this.wardens = wardens.length === 0 ? undefined : wardens;
  }
}

export function isBetweenNodes({ src, dest }: { src: Endpoint; dest: Endpoint }): boolean {
  return src.kind === "node" && dest.kind === "node";
}

/** The purpose under which a link's messages are drawn for. */
export function linkStream(src: Endpoint, dest: Endpoint): string {
  return `link/${src.streamName}/${dest.streamName}`;
}
