/**
 * A small world for one measurement: the kernel, network, clocks and hosts of any run, without
 * clients, nemeses and checkers around them.
 *
 * Links are exact unless asked for otherwise: no delay, no jitter, no limit of bandwidth.
 */

import type { Json, JsonObject } from "../base/json.js";
import { Fence } from "../hosts/ts/ambient.js";
import type { Node, NodeContext, OptionValue } from "../hosts/ts/node.js";
import { tsHostKind } from "../hosts/ts/ts-host.js";
import type { Random } from "../random/random.js";
import { Streams } from "../random/streams.js";
import { Kernel } from "../sim/kernel.js";
import { type LinkConditions, Network, quietLink } from "../sim/network.js";
import { SimulatedWorld } from "../sim/world.js";

export interface LabOptions {
  seed: number;
  /** How many nodes: n1, n2 … */
  nodes: number;
  create(context: NodeContext): Node;
  /** Of every link. */
  network?: Partial<LinkConditions>;
  options?: { readonly [name: string]: OptionValue };
}

export interface Observation {
  atUs: number;
  node: string;
  f: string;
  value: Json;
}

export class Lab {
  readonly kernel: Kernel;
  readonly network: Network;
  readonly world: SimulatedWorld;
  /** What nodes observed, in order. */
  readonly observations: Observation[] = [];
  readonly #streams: Streams;
  readonly #fence = new Fence();

  constructor({ seed, nodes, create, network = {}, options = {} }: LabOptions) {
    this.#streams = new Streams(seed);
    this.kernel = new Kernel({ streams: this.#streams, hashScope: "bit", fence: this.#fence });
    const exact = { ...quietLink, delayUs: 0, jitterUs: 0 };
    this.network = new Network(this.kernel, { ...exact, ...network });
    this.world = new SimulatedWorld({
      kernel: this.kernel,
      network: this.network,
      nodes: Array.from({ length: nodes }, (_, i) => `n${i + 1}`),
      clocks: {},
      makeHost: tsHostKind({ create }, { options, bugs: [] }).makeHost,
      listener: {
        observed: (node, f, value) => {
          this.observations.push({ atUs: this.kernel.now, node, f, value });
        },
        probe: () => undefined,
        log: () => undefined,
        nemesis: () => undefined,
        misconduct: (node, kind, detail) => {
          throw new Error(`${node} of an experiment ${kind}: ${detail}`);
        },
      },
    });
    this.world.boot();
  }

  /** A stream of its own for whatever the experiment draws. */
  random(purpose: string, ...indexes: number[]): Random {
    return this.#streams.stream(`experiment/${purpose}`, ...indexes);
  }

  /** Joins somebody outside the cluster; what is returned sends in that name. */
  client(
    name: string,
    receive: (body: JsonObject, src: string) => void,
  ): (dest: string, body: JsonObject) => void {
    const port = this.network.attach({
      name,
      kind: "client",
      streamName: name,
      receive: ({ body, src }) => receive(body, src),
    });
    return (dest, body) => {
      port.send(dest, body);
    };
  }

  /** Something happens at a moment of virtual time. */
  at(timeUs: number, action: () => void): void {
    this.kernel.at(timeUs, 0, "harness", "experiment", action);
  }

  /** Lets virtual time go on until then. @throws whatever a node reached out of its world for. */
  async run(untilUs: number): Promise<void> {
    await this.kernel.run(untilUs);
    if (this.#fence.firstUse !== undefined) throw this.#fence.firstUse;
  }
}
