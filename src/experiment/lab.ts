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
import type { Fault } from "../plan/fault.js";
import type { Random } from "../random/random.js";
import { Streams } from "../random/streams.js";
import { apply } from "../sim/inject.js";
import { Kernel } from "../sim/kernel.js";
import { type LinkConditions, Network, quietLink } from "../sim/network.js";
import { SimulatedWorld } from "../sim/world.js";

export interface LabOptions {
  seed: number;
  /** How many nodes: n1, n2 … Or their names. */
  nodes: number | readonly string[];
  create(context: NodeContext): Node;
  /** Of every link. */
  network?: Partial<LinkConditions>;
  /** As the nodes have them; what a system leaves to its defaults comes from `defaultsOf`. */
  options?: { readonly [name: string]: OptionValue };
  bugs?: readonly string[];
}

/** A fault as plans have it; when it begins and ends is up to the experiment. */
export type LabFault = Fault extends infer One
  ? One extends Fault
    ? Omit<One, "id" | "atUs" | "untilUs" | "on">
    : never
  : never;

export interface Observation {
  atUs: number;
  node: string;
  f: string;
  value: Json;
}

const FOREVER = Number.MAX_SAFE_INTEGER;

export class Lab {
  readonly kernel: Kernel;
  readonly network: Network;
  readonly world: SimulatedWorld;
  /** What nodes observed, in order. */
  readonly observations: Observation[] = [];
  readonly #streams: Streams;
  readonly #fence = new Fence();
  #faults = 0;

  constructor({ seed, nodes, create, network = {}, options = {}, bugs = [] }: LabOptions) {
    this.#streams = new Streams(seed);
    this.kernel = new Kernel({ streams: this.#streams, hashScope: "bit", fence: this.#fence });
    const exact = { ...quietLink, delayUs: 0, jitterUs: 0 };
    this.network = new Network(this.kernel, { ...exact, ...network });
    this.world = new SimulatedWorld({
      kernel: this.kernel,
      network: this.network,
      nodes: typeof nodes === "number" ? namesOf(nodes) : [...nodes],
      clocks: {},
      makeHost: tsHostKind({ create }, { options, bugs: [...bugs] }).makeHost,
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

  /** A fault begins now; the returned function lifts it. */
  inject(fault: LabFault): () => void {
    const timed = { ...fault, id: ++this.#faults, atUs: this.kernel.now, untilUs: FOREVER };
    return apply(this.world, timed as Fault);
  }

  /** Ends `run` with the present event. */
  stop(): void {
    this.kernel.stop();
  }

  /** Lets virtual time go on until then. @throws whatever a node reached out of its world for. */
  async run(untilUs: number): Promise<void> {
    await this.kernel.run(untilUs);
    if (this.#fence.firstUse !== undefined) throw this.#fence.firstUse;
  }
}

function namesOf(nodes: number): string[] {
  return Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
}

/** What a system's nodes are given where nobody asks for anything else. */
export function defaultsOf({
  options,
}: {
  readonly options: { readonly [name: string]: { default: OptionValue } };
}): { [name: string]: OptionValue } {
  return Object.fromEntries(Object.entries(options).map(([name, spec]) => [name, spec.default]));
}
