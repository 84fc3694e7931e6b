/** What the nodes of a chain say to each other, and what their logs hold. Types only. */

import type { Json, JsonObject } from "../../src/base/json.js";
import type { Entry, Extent, Request } from "../primary-backup/messages.js";

/** Who makes up the chain of an epoch, head first; decided by the epoch's one owner. */
export type Configuration = { epoch: number; owner: string; chain: string[] };

/** A client's request, and the node that the client asked: it is told the reply. */
export type Update = Request & { via: string };

/** Entries of one epoch, and how many entries a log has with them. */
export type Run = { epoch: number; end: number };

/** To everybody: a sign of life, and the latest configuration for those that missed it. */
export type Heartbeat = {
  type: "heartbeat";
  configuration: Configuration;
  /** The highest epoch that the sender has promised. */
  promised: number;
  /** Numbers the sender's heartbeats of this boot. */
  beat: number;
  /** The latest heartbeat that the sender has heard of the receiver. */
  echo: number;
};

/** The sender wants to own the epoch. */
export type Claim = { type: "claim"; epoch: number };
/** A durable promise to take part in no earlier epoch; and how far the granter's log reaches. */
export type Grant = { type: "grant"; epoch: number; extent: Extent };
/** To whoever acts in an epoch that is over. */
export type Outdated = { type: "outdated"; epoch: number };

/** Before a read is answered: is this still the latest epoch that you have promised? */
export type Confirm = { type: "confirm"; epoch: number; life: number; round: number };
export type Confirmed = { type: "confirmed"; epoch: number; life: number; round: number };

/** To a successor that the sender has not met in this epoch: what have you got? */
export type Connect = { type: "connect"; configuration: Configuration };
/** What is durable in the successor's log. */
export type Attach = { type: "attach"; epoch: number; runs: Run[] };
/** Down the chain: entries that follow the first `base` ones of the successor's log. */
export type Pass = { type: "pass"; epoch: number; base: number; entries: Entry[] };
/** Up the chain: how much is durable here, and how much has passed the tail. */
export type Held = { type: "held"; epoch: number; length: number; committed: number };

/** To the head. */
export type Submit = { type: "submit"; update: Update };
/** From the tail, to the node that the client asked. */
export type Result = { type: "result"; client: string; number: number; reply: JsonObject };
/** A request to the tail: a key's value. */
export type Fetch = { type: "fetch"; key: string };
/** A request to the tail: the version of a key that is committed. */
export type VersionQuery = { type: "version"; epoch: number; key: Json };

export type PeerMessage =
  | Heartbeat
  | Claim
  | Grant
  | Outdated
  | Confirm
  | Confirmed
  | Connect
  | Attach
  | Pass
  | Held
  | Submit
  | Result
  | Fetch
  | VersionQuery;
