/** All types of object, by name. The order decides which one is inferred where several would fit. */

import { lookUp } from "../../src/base/names.js";
import type { ObjectType } from "./object-type.js";
import { collections } from "./types/collections.js";
import { locks } from "./types/locks.js";
import { numbers } from "./types/numbers.js";
import { registers } from "./types/registers.js";

export type { ObjectType } from "./object-type.js";

export const types: ReadonlyMap<string, ObjectType> = new Map(
  [...registers, ...numbers, ...locks, ...collections].map((type) => [type.name, type]),
);

/** @throws UsageError naming the nearest types. */
export function typeNamed(name: string): ObjectType {
  return lookUp("type", name, types);
}
