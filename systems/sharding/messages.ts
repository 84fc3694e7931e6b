/** What the nodes of the sharded store say to each other. Types only. */

import type { Json, JsonObject } from "../../src/base/json.js";
import type { Table } from "./table.js";

export type Operation =
  | { type: "read"; key: string }
  | { type: "write"; key: string; value: Json }
  | { type: "cas"; key: string; from: Json; to: Json };

/** A client's request on its way to the owner of its shard. */
export type Request = {
  client: string;
  /** Numbers the client's requests: a client has one open at a time. */
  number: number;
  operation: Operation;
};

/** What a key has, and the last answer to each client that changed it. */
export type Cell = {
  key: string;
  value: Json;
  answered: { [client: string]: { number: number; reply: JsonObject } };
};

/** To the owner of the shard, in the epoch in which the sender's table has it. */
export type Serve = { type: "serve"; request: Request; epoch: number; version: number };
/** The answer for the client. */
export type Served = { type: "served"; reply: JsonObject };
/** Not here, or not now; with a newer table, where there is one. */
export type Elsewhere = { type: "elsewhere"; table?: Table };

/** The shard is to be handed over: whoever has it in an earlier epoch stops, and sends what it has. */
export type Release = {
  from: string;
  /** The epoch in which the receiver would own it. */
  epoch: number;
  to: string;
  /** The life of the receiver that is meant. */
  life: number;
};

/** From the coordinator, again and again: how things are to be. */
export type Order = {
  type: "order";
  /** The life of the receiver that is meant; 0 where it is not known. */
  life: number;
  /** Left out where the receiver has it. */
  table?: Table;
  releases: Release[];
};

/** To the coordinator: how things are, durably. */
export type Status = {
  type: "status";
  life: number;
  /** The version of the table that is obeyed. */
  version: number;
  /** Copies that wait for their epoch. */
  staged: { from: string; epoch: number }[];
  /** Shards that are served no more, by the epoch in which they were. */
  frozen: { from: string; epoch: number }[];
  /** Operations since the last status, by key. */
  heat: { [key: string]: number };
};

/** From the owner to the next one: all of a shard, frozen. */
export type Copy = {
  type: "copy";
  from: string;
  to: string | null;
  epoch: number;
  life: number;
  cells: Cell[];
};

/** A change of the members, from a node that was asked for it to the coordinator. */
export type Change = { type: "change"; node: string; add: boolean; number: number };

export type PeerMessage = Serve | Order | Status | Copy | Change;
