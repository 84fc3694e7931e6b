/**
 * Broadcast: every acknowledged message reaches every reader in the end, once. A set whose elements
 * are messages; see set.ts for the terms.
 */

import { setAccounting } from "./set.js";

export const broadcast = setAccounting({
  name: "broadcast",
  summary: "acknowledged messages are read in the end, once each, and nothing else is",
  add: "broadcast",
  read: "read",
});
