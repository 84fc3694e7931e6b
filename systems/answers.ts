/** Asking another node, where no answer is an answer too: somebody else is asked, or it is asked again. */

import type { JsonObject } from "../src/base/json.js";
import { errorCodes, isRefusal, type NodeContext, RpcTimeout } from "../src/hosts/ts/node.js";

/**
 * Undefined when none came in time, or when the other is not the one to ask at present (error 11): the
 * message may nevertheless have been taken.
 * @throws Refusal any other
 */
export async function answerOf(
  { rpc }: Pick<NodeContext, "rpc">,
  node: string,
  message: JsonObject,
  timeoutMs: number,
): Promise<JsonObject | undefined> {
  try {
    return await rpc(node, message, { timeoutMs });
  } catch (error) {
    if (error instanceof RpcTimeout) return undefined;
    if (isRefusal(error) && error.code === errorCodes.temporarilyUnavailable) return undefined;
    throw error;
  }
}
