/**
 * Digests and signatures, modelled: hashes of 32 bits over what is said and a secret of the signer.
 *
 * They are not cryptographic, and need not be: no fault computes a hash, so that content that was
 * altered by chance does not match (but once in four billion times). What a Byzantine replica cannot do
 * is a rule of this directory: it signs in its own name only (perjury.ts), and a client's requests are
 * signed before it could touch them, as PBFT's clients do with keys that no replica has.
 */

import type { Json } from "../../src/base/json.js";
import { hashText, mix } from "../../src/random/mix.js";
import { seal } from "../../src/sim/seal.js";
import type { Command } from "../raft/messages.js";
import type { Request, Signed, Statement } from "./messages.js";

export function digestOf(value: Json): number {
  return seal(value).hash;
}

/** Of the request that does nothing. */
export const NULL_DIGEST = digestOf(null);

/** A statement in somebody's name: to be called with one's own only. O(size). */
export function sign<T extends Statement>(by: string, statement: T): Signed<T> {
  return { ...statement, by, sig: signatureOf(by, contentOf(statement)) };
}

/** Whether the statement is what its signer has signed. O(size). */
export function isSigned(statement: Signed<Statement>): boolean {
  return statement.sig === signatureOf(statement.by, contentOf(statement));
}

export function signRequest(command: Command, via: string): Request {
  const { client, requestId, operation } = command;
  return {
    client,
    requestId,
    operation,
    via,
    sig: signatureOf(client, digestOf([requestId, operation, via])),
  };
}

export function isRequestSigned({ client, requestId, operation, via, sig }: Request): boolean {
  return sig === signatureOf(client, digestOf([requestId, operation, via]));
}

function signatureOf(by: string, content: number): number {
  return mix(hashText(by) ^ SECRET, content);
}

/** What nobody can make signatures without who does not call `sign`. */
const SECRET = hashText("a secret");
const PRE_PREPARE = hashText("pre-prepare");
const PREPARE = hashText("prepare");
const CHECKPOINT = hashText("checkpoint");

/** Small statements are many: their few numbers are mixed without a walk over them. */
function contentOf(statement: Statement): number {
  switch (statement.kind) {
    case "pre-prepare":
      return mixed(PRE_PREPARE, statement.view, statement.seq, statement.digest);
    case "prepare":
      return mixed(PREPARE, statement.view, statement.seq, statement.digest);
    case "checkpoint":
      return mixed(CHECKPOINT, 0, statement.seq, statement.digest);
    case "view-change":
      return digestOf([statement.kind, statement.view, statement.stable, statement.prepared]);
    case "new-view":
      return digestOf([
        statement.kind,
        statement.view,
        statement.viewChanges,
        statement.prePrepares,
      ]);
  }
}

function mixed(kind: number, view: number, seq: number, digest: number): number {
  return mix(mix(mix(kind, view), seq), digest);
}
