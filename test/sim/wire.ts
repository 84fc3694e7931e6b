/** A network without nodes: the test itself sends, and sees what arrives where and when. */

import type { JsonObject } from "../../src/base/json.js";
import { Streams } from "../../src/random/streams.js";
import { type HashScope, Kernel } from "../../src/sim/kernel.js";
import {
  type LinkConditions,
  type LinkRule,
  type Manner,
  Network,
  quietLink,
} from "../../src/sim/network.js";

export interface Arrival {
  link: string;
  atUs: number;
  body: JsonObject;
}

export interface WireOptions {
  seed?: number;
  nodes?: readonly string[];
  clients?: readonly string[];
  link?: Partial<LinkConditions>;
  hashScope?: HashScope;
  manner?: Manner;
}

export class Wire {
  readonly kernel: Kernel;
  readonly network: Network;
  readonly arrivals: Arrival[] = [];

  constructor(options: WireOptions = {}) {
    const { seed = 1, nodes = ["n1", "n2", "n3"], clients = [], link, hashScope, manner } = options;
    this.kernel = new Kernel({
      streams: new Streams(seed),
      ...(hashScope === undefined ? {} : { hashScope }),
    });
    this.network = new Network(this.kernel, { ...quietLink, ...link }, manner);
    for (const name of nodes) this.#attach(name, "node");
    for (const name of clients) this.#attach(name, "client");
  }

  /** Sends later on, from an event of its own. */
  send(atUs: number, src: string, dest: string, body: JsonObject, number?: number): void {
    this.at(atUs, () => this.network.send(src, dest, body, number));
  }

  at(atUs: number, action: () => void): void {
    this.kernel.at(atUs, 0, "harness", "test", action);
  }

  /** Lays a rule over some links, from one moment to another. */
  disturb(
    [fromUs, untilUs]: readonly [number, number],
    covers: (src: string, dest: string) => boolean,
    change: Partial<LinkConditions>,
  ): void {
    const rule: LinkRule = {
      covers: (src, dest) => covers(src.name, dest.name),
      change: (conditions) => Object.assign(conditions, change),
    };
    this.at(fromUs, () => {
      const lift = this.network.overlay(rule);
      this.at(untilUs, lift);
    });
  }

  async run(untilUs = 3_600_000_000): Promise<Arrival[]> {
    await this.kernel.run(untilUs);
    return this.arrivals;
  }

  #attach(name: string, kind: "node" | "client"): void {
    this.network.attach({
      name,
      kind,
      streamName: name,
      receive: ({ src, dest, body }) => {
        this.arrivals.push({ link: `${src}->${dest}`, atUs: this.kernel.now, body });
      },
    });
  }
}

export const everywhere = (): boolean => true;
