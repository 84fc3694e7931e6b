/** One algorithm by which a node watches the others; the node around it keeps boots and opinions. */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Opinions } from "./opinions.js";

export interface Detector {
  /** What it promises of its speed and its care; recorded at every boot, for whoever judges it. */
  readonly promise: DetectorPromise;
  start(): void;
  /** A message of a peer, whose life is known and not over. */
  receive(from: string, body: JsonObject): void;
}

export interface DetectorPromise {
  /** A member that stays down is suspected within this time, and one out of reach told so. */
  detectWithinMs: number;
  /** Messages may be so much later than usual without anybody being suspected. */
  toleratesMs: number;
  /** One bad link between two members makes neither suspect the other: others are asked. */
  relays: boolean;
}

/** What a node records: its promise, and whether the world lets it be kept before all faults have ended. */
export interface RecordedPromise extends DetectorPromise {
  /**
   * Where messages have no bound nobody can tell the slow from the dead (Fischer, Lynch, Paterson
   * 1985), and only what is believed in the end is promised.
   */
  timely?: false;
}

export interface Station {
  context: NodeContext;
  opinions: Opinions;
  /** How often this node has booted: its life. */
  boot: number;
  /** By which clock it is known how long ago something was heard. */
  nowMs(): number;
  /** Sends to a peer, in the name of this life. */
  tell(peer: string, body: JsonObject): void;
}
