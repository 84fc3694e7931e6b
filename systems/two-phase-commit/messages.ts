/** What follows the vote. */

import type { Outcome } from "../commitment/log.js";
import type { Voted } from "../commitment/messages.js";

/** To a participant, unasked or asked: the outcome. */
export type Decide = { type: "decide"; transaction: string; outcome: Outcome };

/** From a participant: its commit is durable, and need not be told again. */
export type Ack = { type: "ack"; transaction: string };

/** From a participant in doubt, to the coordinator or to another participant. */
export type Inquire = { type: "inquire"; transaction: string; coordinator: string };

export type ProtocolMessage = Voted | Decide | Ack | Inquire;
