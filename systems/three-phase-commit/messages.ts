/** What follows the vote. */

import type { Outcome } from "../commitment/log.js";
import type { Voted } from "../commitment/messages.js";
import type { State } from "./quorums.js";

/** Join the quorum for an outcome, once and for all. Answered by `Stands`. */
export type Join = { type: "join"; transaction: string; toward: Outcome };

/** How far is the transaction at your place? Answered by `Stands`. */
export type Ask = { type: "ask"; transaction: string };

export type Stands = {
  type: "stands";
  transaction: string;
  state: State;
  /** It has crashed since it voted, and may have missed something. */
  recovered: boolean;
};

export type Decide = { type: "decide"; transaction: string; outcome: Outcome };

export type ProtocolMessage = Voted | Join | Ask | Stands | Decide;
