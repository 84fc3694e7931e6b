/** What the tests of crashes and pauses share: nodes that say that they live, and faults by name. */

import type { Node, NodeContext } from "../../src/hosts/ts/node.js";
import { MS, type Stage } from "./stage.js";

/** Observes every millisecond of its own clock which of its lives this is. */
export function ticker(): (context: NodeContext) => Partial<Node> {
  const lives = new Map<string, number>();
  return ({ id, observe, after: later }) => {
    const life = (lives.get(id) ?? 0) + 1;
    lives.set(id, life);
    const tick = (): void => {
      observe("tick", life);
      later(1, tick);
    };
    return { start: tick };
  };
}

const of = (stage: Stage, node: string): string[] =>
  stage.observed.filter((line) => line.split(" ")[1] === node);
export const timesOf = (stage: Stage, node: string): number[] =>
  of(stage, node).map((line) => Number(line.split(" ")[0]));
export const livesOf = (stage: Stage, node: string): Set<number> =>
  new Set(of(stage, node).map((line) => Number(line.split(" ")[3])));

/** What was observed, without the times. */
export const facts = (stage: Stage): string[] =>
  stage.observed.map((line) => line.split(" ").slice(1).join(" "));

export const crash = (target: string, atMs: number, untilMs: number) =>
  ({ kind: "crash", atUs: atMs * MS, untilUs: untilMs * MS, target }) as const;
export const pause = (target: string, atMs: number, untilMs: number) =>
  ({ kind: "pause", atUs: atMs * MS, untilUs: untilMs * MS, target }) as const;
