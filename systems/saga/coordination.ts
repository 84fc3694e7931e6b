/** Who says what comes next in a saga: the seam between the node and the two ways to coordinate. */

import type { JsonObject } from "../../src/base/json.js";
import type { Order, Service } from "./order.js";
import type { Participant } from "./participant.js";

export type Outcome = "confirmed" | "cancelled";

export interface Coordination {
  /** Goes on with what a crash has interrupted. */
  start(): void;
  /** Carries an order through; resolves when it is decided, which may be never. */
  place(order: Order): Promise<Outcome>;
  /** A request of another node; undefined for one that is not its own. */
  receive(body: JsonObject): Promise<JsonObject> | undefined;
}

/** The books that one node keeps. */
export interface Desk {
  participants: ReadonlyMap<Service, Participant>;
  /** How often the node has booted. */
  boot: number;
}
