/**
 * Asks all nodes the same and collects answers until they suffice. Those that stay silent are asked
 * again, so that a lossy link costs time and not the round; whoever answers must bear being asked
 * twice. After a refusal it is not worth waiting for long: whoever waits holds what others want, and
 * if all do so while some nodes are down, nobody ever gets it.
 */

import type { JsonObject } from "../../src/base/json.js";
import { ignoreTimeout, type NodeContext, type Timer } from "../../src/hosts/ts/node.js";

/** Clients wait no longer. */
export const PATIENCE_MS = 1000;
const ASK_AGAIN_MS = 100;
const GRACE_MS = 50;

export type Answers = ReadonlyMap<string, JsonObject>;

export interface Question {
  body: JsonObject;
  /** This node's own answer. */
  serve(body: JsonObject): Promise<JsonObject>;
  /** Nothing more is worth waiting for. */
  enough(answers: Answers): boolean;
}

/** The answers once there are enough, or what there is when time is up. */
export function gather(
  context: NodeContext,
  { body, serve, enough }: Question,
  timeoutMs = PATIENCE_MS,
): Promise<Answers> {
  const answers = new Map<string, JsonObject>();
  return new Promise((resolve) => {
    let isOver = false;
    let next: Timer | undefined;
    let grace: Timer | undefined;
    const end = (): void => {
      isOver = true;
      next?.cancel();
      limit.cancel();
      grace?.cancel();
      resolve(answers);
    };
    const limit = context.after(timeoutMs, end);
    const collect = (node: string, answer: JsonObject): void => {
      if (isOver) return;
      answers.set(node, answer);
      if (enough(answers)) end();
      else if (answer["ok"] !== true) grace ??= context.after(GRACE_MS, end);
    };
    const ask = (): void => {
      for (const peer of context.peers) {
        if (answers.has(peer)) continue;
        context
          .rpc(peer, body, { timeoutMs })
          .then((answer) => collect(peer, answer), ignoreTimeout);
      }
      next = context.after(ASK_AGAIN_MS, ask);
    };
    ask();
    void serve(body).then((answer) => collect(context.id, answer));
  });
}

/** How many answers say yes, and how many no. */
export function count(answers: Answers): { yes: number; no: number } {
  let yes = 0;
  for (const { ok } of answers.values()) if (ok === true) yes++;
  return { yes, no: answers.size - yes };
}

/** A quorum said yes, or none can any more. */
export function isDecided(answers: Answers, quorum: number, nodes: number): boolean {
  const { yes, no } = count(answers);
  return yes >= quorum || no > nodes - quorum;
}
