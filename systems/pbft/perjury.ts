/**
 * How a Byzantine replica lies so that it is believed: in its own name, and with its own signature.
 *
 * Faults make a lie of what the replica has said before, which is a signed statement of another moment,
 * or of altered content, which no signature fits. Here the lie is made about the moment at hand and
 * signed anew. What others have signed stays as it is: requests of clients, votes in certificates.
 */

import { isJsonObject, type Json, type JsonObject } from "../../src/base/json.js";
import type { NewView, PrePrepare, Prepare, Request, Signed } from "./messages.js";
import { digestOf, NULL_DIGEST, sign } from "./signatures.js";

/**
 * What `liar` says in the place of `truth`.
 * @param lie what a fault has made of it: another message of its type, or one with other content.
 * @param word which of several lies it is.
 */
export function perjure(
  liar: string,
  truth: JsonObject,
  lie: JsonObject,
  word: number,
): JsonObject {
  const { statement } = truth;
  if (!isJsonObject(statement) || statement["by"] !== liar) return lie;
  switch (truth["type"]) {
    case "pre-prepare":
      return anotherRequest(liar, statement as Signed<PrePrepare>, lie, word);
    case "prepare": {
      const said = statement as Signed<Prepare>;
      const digest = digestIn(lie["statement"]);
      return { ...truth, statement: digest === undefined ? said : sign(liar, { ...said, digest }) };
    }
    case "new-view":
      return { ...truth, statement: nothingPrepared(liar, statement as Signed<NewView>) };
    default:
      return lie;
  }
}

/** The same number for another request; now and then under the digest of the first. */
function anotherRequest(
  liar: string,
  { kind, view, seq, digest }: Signed<PrePrepare>,
  lie: JsonObject,
  word: number,
): JsonObject {
  const request = (lie["request"] ?? null) as Request | null;
  const isHonestDigest = word >>> 30 !== 0;
  const named = isHonestDigest ? digestOf(request) : digest;
  return {
    type: "pre-prepare",
    statement: sign(liar, { kind, view, seq, digest: named }),
    request,
  };
}

function digestIn(statement: Json | undefined): number | undefined {
  const digest = isJsonObject(statement) ? statement["digest"] : undefined;
  return typeof digest === "number" ? digest : undefined;
}

/** The new primary conceals what the others have told it. */
function nothingPrepared(liar: string, statement: Signed<NewView>): Signed<NewView> {
  const prePrepares = statement.prePrepares.map(({ kind, view, seq }) =>
    sign<PrePrepare>(liar, { kind, view, seq, digest: NULL_DIGEST }),
  );
  const { kind, view, viewChanges } = statement;
  return sign<NewView>(liar, { kind, view, viewChanges, prePrepares });
}
