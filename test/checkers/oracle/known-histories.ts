/** Histories whose verdict a person can see, for the oracle and for the checkers alike. */

import { knownCollections } from "./known-collections.js";
import { knownContainers } from "./known-containers.js";
import type { KnownHistory } from "./known-history.js";
import { knownRegisters } from "./known-registers.js";

export const knownHistories: readonly KnownHistory[] = [
  ...knownRegisters,
  ...knownCollections,
  ...knownContainers,
];
