/** All strategies, by name. */

import { guided } from "./guided.js";
import { holdOneMessage } from "./hold-one-message.js";
import { pct } from "./pct.js";
import { portfolio } from "./portfolio.js";
import { random } from "./random.js";
import type { Strategy } from "./strategy.js";
import { swizzleClog } from "./swizzle-clog.js";
import { targeted } from "./targeted.js";

export type { Strategy } from "./strategy.js";

const all: readonly Strategy[] = [
  random,
  holdOneMessage,
  pct,
  swizzleClog,
  targeted,
  portfolio,
  guided,
];

export const strategies: ReadonlyMap<string, Strategy> = new Map(
  all.map((strategy) => [strategy.name, strategy]),
);
