/** The numbers of a store: how many replicas, how many of them a quorum needs, and who may be in one. */

import type { OptionValue } from "../../src/hosts/ts/node.js";
import { type Quorums, quorumsOf } from "../quorum.js";

export interface Settings extends Quorums {
  /** Replicas of each key. */
  replicas: number;
  /** Stand-ins count as homes. */
  sloppy: boolean;
  /** Who asks for it may get an answer of fewer than R replicas, marked as such. */
  degraded: boolean;
}

/** As asked for by `n`, `r`, `w`, `sloppy` and `degraded`, on so many nodes. */
export function settingsOf(
  options: { readonly [name: string]: OptionValue },
  nodeCount: number,
): Settings {
  const asked = Math.floor(Number(options["n"]));
  const replicas = Math.max(1, Math.min(asked, nodeCount));
  return {
    replicas,
    ...quorumsOf(options, replicas),
    sloppy: options["sloppy"] === true,
    degraded: options["degraded"] === true,
  };
}
