/** Maelstrom's envelope: the one shape in which anything travels between nodes and clients. */

import type { JsonObject } from "../base/json.js";

/**
 * `body.type` says what it is; `msg_id` asks for an answer, `in_reply_to` is one. Requests and
 * replies of the workloads have the same bodies whatever kind of host the node is.
 */
export interface Message {
  src: string;
  dest: string;
  body: JsonObject;
}
