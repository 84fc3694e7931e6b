/**
 * Clients' requests for transactions, each taken at most once.
 *
 * The network may deliver a request twice. Run again, after its first run was aborted and its client
 * told so, it could commit after all. Hence the note on the disk before anything is done.
 */

import {
  errorCodes,
  type JsonObject,
  type Message,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import type { RequestId } from "./messages.js";

/** A little less than clients wait. */
const PATIENCE_MS = 900;

export interface Request<Procedure> {
  id: RequestId;
  procedure: Procedure;
  /** By the local clock: nobody waits for the answer any longer. */
  untilMs: number;
}

/** Undefined for a copy. `procedureOf` reads the body. @throws Refusal for what is not a request of this service. */
export async function take<Procedure>(
  context: Pick<NodeContext, "clock" | "disk" | "probe">,
  { src, body }: Message,
  procedureOf: (body: JsonObject) => Procedure,
): Promise<Request<Procedure> | undefined> {
  const procedure = procedureOf(body);
  const number = body["msg_id"];
  if (typeof number !== "number") {
    throw new Refusal(errorCodes.malformedRequest, "msg_id is a number");
  }
  const id: RequestId = { client: src, number };
  const untilMs = context.clock.monotonicMs() + PATIENCE_MS;
  if (!note(context, id)) {
    context.probe("a copy of a request was dropped");
    return undefined;
  }
  await context.disk.fsync();
  return { id, procedure, untilMs };
}

/** False when the request, or a later one of its client, was noted before. */
function note({ disk }: Pick<NodeContext, "disk">, { client, number }: RequestId): boolean {
  const file = `taken/${client}`;
  if (number <= Number(disk.read(file) ?? -1)) return false;
  disk.write(file, number);
  return true;
}
