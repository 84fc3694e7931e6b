/**
 * What replicas say to each other. Types only.
 *
 * Statements are signed, since certificates relay them; what only its sender vouches for is not: links
 * are authenticated. Nothing that arrives may be taken for what its type says until `certificates.ts`
 * has looked at it: a Byzantine replica signs whatever it likes.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import type { Command } from "../raft/messages.js";

/** A command under its client's signature; `via` is the replica that the client has asked. */
export type Request = Command & { via: string; sig: number };

export type Signed<Statement> = Statement & { by: string; sig: number };

/** Three-phase agreement: `digest` is that of the request, or of the null request. */
export type PrePrepare = { kind: "pre-prepare"; view: number; seq: number; digest: number };
export type Prepare = { kind: "prepare"; view: number; seq: number; digest: number };
/** The state after the execution of request `seq`. */
export type Checkpoint = { kind: "checkpoint"; seq: number; digest: number };

/** That a request was prepared: a quorum has accepted it in that view, its primary included. */
export type Certificate = { prePrepare: Signed<PrePrepare>; prepares: Signed<Prepare>[] };
/** That a checkpoint is stable: a quorum has it. There is none for the beginning, seq 0. */
export type Stable = { seq: number; digest: number; proof: Signed<Checkpoint>[] };

export type ViewChange = {
  kind: "view-change";
  view: number;
  stable: Stable;
  /** For each seq beyond the checkpoint the certificate of the latest view. */
  prepared: Certificate[];
};
export type NewView = {
  kind: "new-view";
  view: number;
  viewChanges: Signed<ViewChange>[];
  prePrepares: Signed<PrePrepare>[];
};
export type Statement = PrePrepare | Prepare | Checkpoint | ViewChange | NewView;

export type PrePrepareMessage = {
  type: "pre-prepare";
  statement: Signed<PrePrepare>;
  request: Request | null;
};
export type PrepareMessage = { type: "prepare"; statement: Signed<Prepare> };
export type Commit = { type: "commit"; view: number; seq: number; digest: number };
export type CheckpointMessage = { type: "checkpoint"; statement: Signed<Checkpoint> };
export type ViewChangeMessage = { type: "view-change"; statement: Signed<ViewChange> };
export type NewViewMessage = { type: "new-view"; statement: Signed<NewView> };

export type RequestMessage = { type: "request"; request: Request };
/** To the replica that the client asked: this replica has executed the request. */
export type Reply = { type: "reply"; client: string; requestId: number; reply: JsonObject };

/** A read that is to be answered from the state as it stands. */
export type ReadOnly = { type: "read-only"; request: Request };

/** Where a replica stands, told now and then: who knows more helps. */
export type Status = {
  type: "status";
  view: number;
  active: boolean;
  executed: number;
  stable: number;
};
/** What one replica knows of one request under way, and has said about it. */
export type SlotNews = {
  /** Null where it does not know the request. */
  proposal: Omit<PrePrepareMessage, "type"> | null;
  prepare: Signed<Prepare> | null;
  commit: Omit<Commit, "type"> | null;
};
export type Slots = { type: "slots"; slots: SlotNews[] };
/** A stable checkpoint, with the state where the other has yet to come to it. */
export type StateMessage = { type: "state"; stable: Stable; snapshot: Json };

export type PeerMessage =
  | PrePrepareMessage
  | PrepareMessage
  | Commit
  | CheckpointMessage
  | ViewChangeMessage
  | NewViewMessage
  | RequestMessage
  | Reply
  | ReadOnly
  | Status
  | Slots
  | StateMessage;
