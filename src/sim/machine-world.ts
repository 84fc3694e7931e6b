/** What a machine is told when it is set up, and what it needs of the world around it. */

import type { Json } from "../base/json.js";
import type { Misconduct } from "./host.js";
import type { Kernel } from "./kernel.js";
import type { Moments } from "./moments.js";
import type { Network } from "./network.js";

export interface MachineIdentity {
  id: string;
  ordinal: number;
  /** What the wall clock shows when the run begins. */
  wallStartUs: number;
}

/** What a machine needs of the world it stands in. */
export interface MachineWorld {
  readonly kernel: Kernel;
  readonly network: Network;
  readonly nodes: readonly string[];
  /** Those of them that make up the cluster at the beginning. */
  readonly members: readonly string[];
  readonly listener: WorldListener;
  readonly moments: Moments;
  observe(node: string, f: string, value: Json): void;
}

/** Where a world tells what happened: the recorder of the run. */
export interface WorldListener {
  observed(node: string, f: string, value: Json): void;
  misconduct(node: string, kind: Misconduct, detail: string): void;
  probe(name: string): void;
  log(who: string, text: string, data?: Json): void;
  /** What is done to the cluster beside the faults themselves, as the history has it. */
  nemesis(f: string, value: Json): void;
}
