import type { Accesses } from "./accesses.js";
import type { Step } from "./decision.js";
export interface Shape {
  name: string;
  title: string;
}
export function shapeOf(_accesses: Accesses, _path: readonly Step[]): Shape | undefined {
  return undefined;
}
