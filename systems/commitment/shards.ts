/** Which node keeps a key: each node is one shard, and keys are spread over them by a hash. */

import { hashText, scale } from "../../src/random/mix.js";

export function shardOf(key: string, nodes: readonly string[]): string {
  return nodes[scale(hashText(key), nodes.length)] as string;
}
