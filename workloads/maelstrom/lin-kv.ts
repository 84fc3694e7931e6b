/**
 * Maelstrom's `lin-kv`: a linearizable key-value store with compare-and-set. Keys and values are
 * integers on the wire, as programs with types expect them; 0 is never written.
 */

import { linearizable } from "../../checkers/index.js";
import { registerWorkload } from "../register-family.js";

export const linKv = registerWorkload({
  name: "lin-kv",
  summary: "Maelstrom: a linearizable key-value store with compare-and-set",
  keys: [0, 1, 2],
  requires: ["read", "write", "cas"],
  unseen: 0,
  checkers: () => [linearizable({ type: "kv" })],
});
