/** All strategies, by name. */

import { random } from "./random.js";
import type { Strategy } from "./strategy.js";

export type { Strategy } from "./strategy.js";

const all: readonly Strategy[] = [random];

export const strategies: ReadonlyMap<string, Strategy> = new Map(
  all.map((strategy) => [strategy.name, strategy]),
);
