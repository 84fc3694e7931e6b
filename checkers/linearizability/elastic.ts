/**
 * A pass that is narrow where the history is easy and wide where it is hard.
 *
 * It keeps few configurations, so that it may lose the right one. When it dies of that, it is first
 * looked for a reason in the last events alone, from everything that could have been true before
 * them: if these have no explanation, nothing has one. Otherwise the pass goes back a little and tries
 * again with four times the width, goes back further with four times that, and so on, and is narrow
 * again when it has come past the place. Survival proves that the history is linearizable.
 */

import type { Problem } from "./problem.js";
import { type PassEnd, Search } from "./search.js";

const WIDTH_MIN = 12;
const LEVELS_MAX = 5;
/** Events between two places to go back to. */
const SPAN = 16;

/**
 * How far to look back, in events, and how, the harder it is to get past a place: pending calls that
 * can be used again and again cost little.
 */
const WINDOWS = [
  { kind: "lavish", length: 1 << 9 },
  { kind: "exact", length: 1 << 9 },
  { kind: "lavish", length: 1 << 12 },
  { kind: "exact", length: 1 << 12 },
  { kind: "lavish", length: 1 << 15 },
  { kind: "exact", length: 1 << 15 },
] as const;
const WINDOW_WIDTH_MAX = 1024;

type Death<State> = Extract<PassEnd<State>, { end: "died" }>;

export class ElasticPass<State> {
  /** Looks back; apart, since the pass goes on from where it is. */
  #scout: Search<State> | undefined;

  constructor(
    private readonly problem: Problem<State>,
    private readonly search: Search<State>,
  ) {}

  /** Steps of looking back are charged to the search. */
  run(stepsMax: number): PassEnd<State> {
    const { search } = this;
    const { count } = this.problem.events;
    search.start("slack");
    search.save(0);
    let level = 0;
    let hardUntil = 0;
    let pass: PassEnd<State> = search.sweep(0, 0, WIDTH_MIN, stepsMax);
    for (let event = 0; event < count; ) {
      const end = Math.min(count, event + SPAN);
      pass = search.sweep(event, end, WIDTH_MIN << (2 * level), stepsMax);
      if (pass.end === "survived") {
        event = end;
        if (event > hardUntil) level = 0;
        search.save(event);
        continue;
      }
      if (pass.end === "exhausted" || !pass.lossy) return pass;
      const proof = this.#lookBack(pass.event, level, stepsMax);
      // What was explicable to the narrow pass is explicable; what comes after the proof is not.
      if (proof !== undefined) {
        return { ...proof, isFirst: proof.event === pass.event && !search.knowsAhead };
      }
      level += 1;
      if (level > LEVELS_MAX) return pass;
      hardUntil = Math.max(hardUntil, pass.event + SPAN);
      event = search.rewind(1 << level);
    }
    return pass;
  }

  #lookBack(event: number, level: number, stepsMax: number): Death<State> | undefined {
    const { kind, length } = WINDOWS[level]!;
    this.#scout ??= new Search(this.problem);
    const before = this.#scout.steps;
    const limit = before + Math.floor(Math.max(0, stepsMax - this.search.steps) / 64);
    const end = Math.min(this.problem.events.count, event + length);
    const from = Math.max(0, event - length);
    const { saves } = this.search;
    const pass = this.#scout.window(kind, [from, end], WINDOW_WIDTH_MAX, limit, saves);
    this.search.steps += this.#scout.steps - before;
    return pass?.end === "died" && !pass.lossy ? pass : undefined;
  }
}
