/**
 * The nearest passing neighbour: the smallest single change of the plan, by the sizes of changes.ts,
 * with which the run passes.
 *
 * Along each way to move something, sizes are tried in growing steps; between the last that fails and
 * the first that passes the boundary is bisected to a thousandth. Verdicts need not be monotone in
 * the size, so what is found is a boundary, and the smallest of those found. Nothing larger than the
 * best so far is tried. O(ways * log(span)) runs.
 */

import type { Plan } from "../plan/plan.js";
import type { TraceRecord } from "../sim/trace.js";
import {
  faultMoves,
  type Move,
  messageMove,
  operationMoves,
  type Sent,
  switches,
} from "./changes.js";
import type { ExplainedChange } from "./explanation.js";
import { Interrupted, type Lab } from "./lab.js";
import { messagesBetween } from "./messages.js";

export interface Nearest {
  change: ExplainedChange;
  sizeUs: number;
  plan: Plan;
}

export interface NeighbourRequest {
  plan: Plan;
  /** Of the failing run. */
  trace: readonly TraceRecord[];
  /** When something of note happened, in order: messages around it are worth moving. */
  turnsUs: readonly number[];
  /** From when on they are. */
  fromUs: number;
  /** Operations that contradict each other, by their numbers in the plan: moved first. */
  involved: ReadonlySet<number>;
  /** No more runs than this; the best so far counts then. */
  runsMax: number;
}

export interface NeighbourSearch {
  nearest: Nearest | undefined;
  /** Why the search is not exhausted, where it is not. */
  stopped: string | undefined;
}

/** The first step, and by what steps grow. */
const STEP_US = 1_000;
const GROWTH = 4;
const MESSAGES_MAX = 40;

export async function findNeighbour(lab: Lab, request: NeighbourRequest): Promise<NeighbourSearch> {
  const search = new Search(lab, request.runsMax);
  const { plan, involved } = request;
  const operations = operationMoves(plan);
  const isInvolved = ({ id }: Move): boolean => id !== null && involved.has(id);
  const ways = [
    ...faultMoves(plan),
    ...operations.filter(isInvolved),
    ...operations.filter((move) => !isInvolved(move)),
  ];
  try {
    for (const way of ways) await search.along(way);
    for (const { change, sizeUs, plan: changed } of switches(plan)) {
      await search.offer(change, sizeUs, changed);
    }
    for (const sent of nearTurns(request)) await search.at(messageMove(plan, sent));
  } catch (error) {
    if (error instanceof Interrupted) return { nearest: search.best, stopped: "interrupted" };
    if (!(error instanceof Spent)) throw error;
    return {
      nearest: search.best,
      stopped: `the search ended after ${request.runsMax} runs: there may be a smaller change`,
    };
  }
  return { nearest: search.best, stopped: undefined };
}

/** The messages that arrived nearest to a turn of events. */
function nearTurns({ plan, trace, turnsUs, fromUs }: NeighbourRequest): Sent[] {
  const distance = ({ arrivedUs }: Sent): number =>
    Math.min(...turnsUs.map((turnUs) => Math.abs(turnUs - arrivedUs)));
  return messagesBetween(plan.nodes, trace, turnsUs.at(-1) ?? 0)
    .filter(({ arrivedUs }) => arrivedUs >= fromUs)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, MESSAGES_MAX);
}

/** The runs allowed are used up. */
class Spent extends Error {
  override name = "Spent";
}

class Search {
  best: Nearest | undefined;
  #left: number;

  constructor(
    private readonly lab: Lab,
    runsMax: number,
  ) {
    this.#left = runsMax;
  }

  /** Grows a move until it passes, then narrows it down. */
  async along(move: Move): Promise<void> {
    const limit = this.#limit(move);
    let failing = 0;
    for (let byUs = Math.min(STEP_US, limit); failing < limit; ) {
      if (await this.#passes(move.plan(byUs))) {
        await this.#narrow(move, failing, byUs);
        return;
      }
      failing = byUs;
      byUs = Math.min(byUs * GROWTH, limit);
    }
  }

  /** Tries a move at the largest size of interest only. */
  async at(move: Move): Promise<void> {
    const limit = this.#limit(move);
    if (limit > 0 && (await this.#passes(move.plan(limit)))) await this.#narrow(move, 0, limit);
  }

  async offer(change: ExplainedChange, sizeUs: number, plan: Plan): Promise<void> {
    if (this.best !== undefined && sizeUs >= this.best.sizeUs) return;
    if (await this.#passes(plan)) this.best = { change, sizeUs, plan };
  }

  #limit({ byUsMax, leastUs = 0 }: Move): number {
    return Math.min(byUsMax, (this.best?.sizeUs ?? Number.POSITIVE_INFINITY) - 1 - leastUs);
  }

  async #narrow(move: Move, failingUs: number, passingUs: number): Promise<void> {
    let [failing, passing] = [failingUs, passingUs];
    while (passing - failing > Math.max(1, Math.floor(passing / 1_000))) {
      const middle = (failing + passing) >>> 1;
      if (await this.#passes(move.plan(middle))) passing = middle;
      else failing = middle;
    }
    const { kind, id, sign, leastUs = 0 } = move;
    this.best = {
      change: { kind, id, byUs: sign * passing, words: move.words(passing) },
      sizeUs: passing + leastUs,
      plan: move.plan(passing),
    };
  }

  async #passes(plan: Plan): Promise<boolean> {
    if (this.#left-- <= 0) throw new Spent("no runs left");
    return this.lab.passes(plan);
  }
}
