/** Echo: the answer to an echo is what was asked for, nothing else. */

import type { History } from "../histories/history.js";
import { jsonEquals } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { indexes, show, who } from "./describe.js";

export const echo: Checker = { name: "echo", summary: "every echo equals its request", check };

function check(history: History): Verdict {
  const answered = history.operations.filter(({ f, outcome }) => f === "echo" && outcome === "ok");
  const anomalies = answered
    .filter(({ input, output }) => !jsonEquals(input, output))
    .map((operation) => ({
      type: "wrong-echo",
      message: `${who(operation)} asked for ${show(operation.input)} and got ${show(operation.output)}`,
      ops: indexes([operation]),
    }));
  if (anomalies.length > 0) return { valid: false, anomalies };
  if (answered.length > 0) return { valid: true, anomalies };
  return { valid: "unknown", anomalies, reason: "no echo was answered" };
}
