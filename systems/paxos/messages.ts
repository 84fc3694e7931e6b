/** What the nodes say to each other, by Lamport's names; `key` names the instance. Types only. */

import type { Json } from "../../src/base/json.js";

/** A proposal that an acceptor has accepted. */
export type Accepted = { ballot: number; value: Json };

/** Phase 1a. */
export type Prepare = { type: "prepare"; key: string; ballot: number };
/** Phase 1b: the promise to accept nothing of a lower ballot, and the latest accepted so far. */
export type Promised = { type: "promise"; key: string; ballot: number; accepted: Accepted | null };
/** Phase 2a. */
export type Accept = { type: "accept"; key: string; ballot: number; value: Json };
/** Phase 2b, to all learners. */
export type AcceptedMessage = { type: "accepted"; key: string; ballot: number; value: Json };
/** Neither: a higher ballot was promised. */
export type Refused = { type: "refused"; key: string; ballot: number; promised: number };
/** To a proposer that does not know yet. */
export type Decided = { type: "decided"; key: string; value: Json };

export type PeerMessage = Prepare | Promised | Accept | AcceptedMessage | Refused | Decided;
