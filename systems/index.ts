/** All reference systems, by name. */

import type { System } from "./system.js";

export type { System } from "./system.js";

const all: readonly System[] = [];

export const systems: ReadonlyMap<string, System> = new Map(all.map((s) => [s.name, s]));
