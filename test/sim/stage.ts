/** A small simulated world whose nodes, faults and requests a test writes itself. */

import type { Json, JsonObject } from "../../src/base/json.js";
import { Fence } from "../../src/hosts/ts/ambient.js";
import type { Node, NodeContext } from "../../src/hosts/ts/node.js";
import { tsHostKind } from "../../src/hosts/ts/ts-host.js";
import type { Fault, FaultDraft } from "../../src/plan/fault.js";
import type { Channel } from "../../src/plan/plan.js";
import { Streams } from "../../src/random/streams.js";
import type { HostFactory } from "../../src/sim/host.js";
import { apply } from "../../src/sim/inject.js";
import { Kernel } from "../../src/sim/kernel.js";
import { type LinkConditions, Network, quietLink } from "../../src/sim/network.js";
import { Recorder } from "../../src/sim/trace.js";
import { SimulatedWorld } from "../../src/sim/world.js";

export interface StageOptions {
  /** Makes the node of each boot; nodes that only listen when left out. */
  create?: (context: NodeContext) => Partial<Node>;
  /** Hosts of another kind, in the place of nodes in this process. */
  makeHost?: HostFactory;
  nodes?: readonly string[];
  /** Those of the nodes that are there from the beginning. */
  members?: readonly string[];
  seed?: number;
  /** Links without jitter, unless said otherwise: a message takes 1 ms. */
  link?: Partial<LinkConditions>;
  clocks?: { [node: string]: { wallOffsetUs: number } };
  channel?: Channel;
  record?: boolean;
  branch?: { atUs: number; seed: number };
}

export const MS = 1_000;
export const SECOND = 1_000_000;

/** Several faults of one kind on one stage need numbers of their own. */
export function numbered(draft: FaultDraft, id: number): FaultDraft {
  return { ...draft, id } as Fault;
}

export class Stage {
  readonly fence = new Fence();
  readonly kernel: Kernel;
  readonly network: Network;
  readonly world: SimulatedWorld;
  readonly recorder: Recorder | undefined;
  /** What nodes observed, as `1200 n1 leader {"term":1}`. */
  readonly observed: string[] = [];
  /** As `n1 threw: Error: why`. */
  readonly misconduct: string[] = [];
  readonly probes: string[] = [];
  /** What was asked of the cluster, as `1200 remove-node {"node":"n1"}`. */
  readonly changes: string[] = [];
  /** What the client `c0` was answered, as `1200 n1 {"type":"read_ok"}`. */
  readonly answers: string[] = [];

  constructor(options: StageOptions = {}) {
    const { nodes = ["n1", "n2", "n3"], seed = 1, create, link, clocks = {} } = options;
    this.recorder = options.record ? new Recorder() : undefined;
    this.kernel = new Kernel({
      streams: new Streams(seed),
      recorder: this.recorder,
      branch: options.branch,
      // As in a run: other hosts live in the real world.
      ...(options.makeHost === undefined ? { fence: this.fence } : {}),
    });
    this.network = new Network(
      this.kernel,
      { ...quietLink, delayUs: MS, jitterUs: 0, ...link },
      { channel: options.channel },
    );
    const system = {
      create: (context: NodeContext): Node => ({
        onMessage: () => undefined,
        ...create?.(context),
      }),
    };
    this.world = new SimulatedWorld({
      kernel: this.kernel,
      network: this.network,
      nodes,
      ...(options.members === undefined ? {} : { members: options.members }),
      clocks,
      makeHost: options.makeHost ?? tsHostKind(system, { options: {}, bugs: [] }).makeHost,
      listener: {
        observed: (node, f, value) => this.observed.push(this.#line(node, f, value)),
        misconduct: (node, kind, detail) => this.misconduct.push(`${node} ${kind}: ${detail}`),
        probe: (name) => this.probes.push(name),
        log: () => undefined,
        nemesis: (f, value) => this.changes.push(this.#line(f, value)),
      },
    });
    this.network.attach({
      name: "c0",
      kind: "client",
      streamName: "client/0",
      receive: ({ src, body }) => this.answers.push(this.#line(src, body)),
    });
    this.world.boot();
  }

  at(atUs: number, action: () => void): void {
    this.kernel.at(atUs, 0, "harness", "test", action);
  }

  /** A request of the client, numbered by its time. */
  ask(atUs: number, node: string, body: JsonObject = { type: "ask" }): void {
    this.at(atUs, () => this.network.send("c0", node, { ...body, msg_id: atUs }, atUs));
  }

  /** Gives one link conditions of its own, for good. */
  link(src: string, dest: string, change: Partial<LinkConditions>): void {
    this.network.overlay({
      covers: (from, to) => from.name === src && to.name === dest,
      change: (conditions) => Object.assign(conditions, change),
    });
  }

  /** Lays a fault over the world from `atUs` to `untilUs`, as a run does. */
  fault(draft: FaultDraft): void {
    this.kernel.at(draft.atUs, 0, "fault", draft.kind, () => {
      const lift = apply(this.world, { id: 0, ...draft } as Fault);
      this.kernel.at(draft.untilUs, 0, "fault", `${draft.kind}-end`, lift);
    });
  }

  async run(untilUs = 10 * SECOND): Promise<this> {
    await this.kernel.run(untilUs);
    return this;
  }

  #line(who: string, ...parts: (string | Json)[]): string {
    const told = parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part)));
    return [this.kernel.now, who, ...told].join(" ");
  }
}
