/** A sum: `fetch-and-add` a whole number and learn what the sum was before; `read` it. */

import type { Json } from "../../../src/base/json.js";
import type { Foresight, Model, TimedCall } from "../model.js";

const DEAD = "dead";
type Sum = number | typeof DEAD;

export const fetchAndAdd: Model<Sum> = {
  name: "fetch-and-add",
  init: asNumber,
  step(state, { f, input, output, pending }) {
    if (state === DEAD) return pending ? DEAD : undefined;
    if (!pending && output !== state) return undefined;
    return f === "read" ? state : state + asNumber(input);
  },
  key: String,
  role({ f, pending }) {
    if (f === "read") return "read";
    return pending ? "blind" : "update";
  },
  label: ({ f, input, output, pending }) =>
    `${f} ${asNumber(input)} = ${pending ? "anything" : JSON.stringify(output)}`,
  foresee,
};

function asNumber(value: Json): number {
  return typeof value === "number" ? value : 0;
}

/** A sum that only grows is dead once it exceeds all that will be answered; any sum is after the last answer. */
function foresee(calls: readonly TimedCall[], initial: Sum): Foresight<Sum> {
  const answers = calls.filter(({ pending }) => !pending);
  const growing = calls.every(({ input }) => asNumber(input) >= 0);
  const lastFrom = (sum: number): number =>
    answers.reduce(
      (last, { output, completed }) =>
        !growing || asNumber(output) >= sum ? Math.max(last, completed) : last,
      -1,
    );
  const start = initial === DEAD ? 0 : initial;
  return {
    dead: DEAD,
    lastObserved: (state) => (state === DEAD ? -1 : lastFrom(state)),
    lastUseful: ({ input }) =>
      asNumber(input) === 0 ? -1 : growing ? lastFrom(start + asNumber(input)) : lastFrom(start),
  };
}
