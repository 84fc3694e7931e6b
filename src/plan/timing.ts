/**
 * Timing models: what may be assumed of how long a message is under way.
 *
 * Synchronous: every message sent arrives within a known bound. Partially synchronous: so it is from
 * some moment on, which nobody is told (Dwork, Lynch, Stockmeyer 1988). Asynchronous: messages arrive,
 * nobody knows when (Fischer, Lynch, Paterson 1985). Where a plan names none, links are as their
 * conditions say, and faults may do to them what they like.
 */

export type Timing =
  | { model: "synchronous"; boundUs: number }
  | {
      model: "partially-synchronous";
      boundUs: number;
      /** From then on what is sent arrives in time, and what is still under way arrives within the bound. */
      stabilisesAtUs: number;
    }
  | {
      model: "asynchronous";
      /** A run ends: from then on links are as usual, so that it can be asked what became of it all. */
      untilUs: number;
    };

export type TimingModel = Timing["model"];

/** Strongest first: what is safe under one is safe under those before it. */
export const timingModels: readonly TimingModel[] = [
  "synchronous",
  "partially-synchronous",
  "asynchronous",
];
