/** Known histories, and which pattern each model finds in them. "-" is for histories that are allowed. */

import { describe, expect, it } from "vitest";
import {
  causal,
  causalConvergence,
  causalMemory,
  releaseAcquire,
} from "../../../../checkers/memory/causal/index.js";
import type { Decide, Decision } from "../../../../checkers/memory/decision.js";
import { accesses } from "./notation.js";

const options = { stepsMax: 100_000 };

/** Name, history, and what CC, CCv, RA and CM say of it. */
const histories: [string, string, string, string, string, string][] = [
  ["store buffering", "w(x,1) r(y)0 | w(y,1) r(x)0", "-", "-", "-", "-"],
  ["message passing", "w(x,1) w(y,1) | r(y)1 r(x)0", ...inAll("WriteCOInitRead")],
  ["load buffering", "r(x)1 w(y,1) | r(y)1 w(x,1)", ...inAll("CyclicCO")],
  ["a read from thin air", "w(x,1) | r(x)7", ...inAll("ThinAirRead")],
  ["an own write unseen", "w(x,1) r(x)0", ...inAll("WriteCOInitRead")],
  ["an own older value", "w(x,1) w(x,2) r(x)1", ...inAll("WriteCORead")],
  ["an own future value", "r(x)1 w(x,1)", ...inAll("CyclicCO")],
  ["write-to-read causality", "w(x,1) | r(x)1 w(y,1) | r(y)1 r(x)0", ...inAll("WriteCOInitRead")],
  ["independent reads", "w(x,1) | w(y,1) | r(x)1 r(y)0 | r(y)1 r(x)0", "-", "-", "-", "-"],
  [
    "two orders of one key",
    "w(x,1) | w(x,2) | r(x)1 r(x)2 | r(x)2 r(x)1",
    "-",
    "CyclicCF",
    "CyclicCF",
    "-",
  ],
  [
    "forth and back",
    "w(x,1) | w(x,2) | r(x)1 r(x)2 r(x)1",
    "-",
    "CyclicCF",
    "CyclicCF",
    "CyclicHB",
  ],
  ["POPL 2017 a", "w(x,1) r(x)2 | w(x,2) r(x)1", "-", "CyclicCF", "CyclicCF", "-"],
  [
    "POPL 2017 b",
    "w(z,1) w(x,1) w(y,1) | w(x,2) r(z)0 r(y)1 r(x)2",
    "-",
    "-",
    "-",
    "WriteHBInitRead",
  ],
  ["POPL 2017 c", "w(x,1) | w(x,2) r(x)1 r(x)2", "-", "CyclicCF", "CyclicCF", "CyclicHB"],
  ["POPL 2017 d", "w(x,1) r(y)0 w(y,1) r(x)1 | w(x,2) r(y)0 w(y,2) r(x)2", "-", "-", "-", "-"],
  ["POPL 2017 e", "w(x,1) w(y,1) | r(y)1 w(x,2) | r(x)2 r(x)1", ...inAll("WriteCORead")],
  ["orders of two keys", "w(x,1) w(y,1) r(y)2 | w(y,2) w(x,2) r(x)1", "-", "CyclicCF", "-", "-"],
  ["two updates of one value", "u(x,1)0 | u(x,2)0", "-", "lost-update", "lost-update", "-"],
  ["two updates of a write", "w(x,1) | u(x,2)1 | u(x,3)1", "-", "lost-update", "lost-update", "-"],
  ["a chain of updates", "u(x,1)0 | u(x,2)1 r(x)3 | u(x,3)2", "-", "-", "-", "-"],
  [
    "a write seen between an update and its source",
    "w(x,1) | r(x)1 w(x,2) | u(x,3)1 | r(x)2 r(x)3",
    "-",
    "lost-update",
    "lost-update",
    "-",
  ],
  [
    "a write seen before the update of the initial value",
    "w(x,2) | u(x,1)0 | r(x)2 r(x)1",
    "-",
    "lost-update",
    "lost-update",
    "-",
  ],
  [
    "a write between an update and its source by the order of another key",
    "w(x,1) | r(x)1 w(x,2) w(y,1) | w(y,2) u(x,3)1 | r(y)1 r(y)2",
    "-",
    "lost-update",
    "-",
    "-",
  ],
  [
    "a write that may come before or after a chain",
    "w(x,1) | w(x,2) | u(x,3)1",
    "-",
    "-",
    "-",
    "-",
  ],
  [
    "an update of what its session has overwritten",
    "w(x,1) w(x,2) u(x,3)1",
    ...inAll("WriteCORead"),
  ],
];

function inAll(type: string): [string, string, string, string] {
  return [type, type, type, type];
}

const found = (decision: Decision) =>
  decision.holds === false ? decision.violation.type : decision.holds === true ? "-" : "unknown";

describe("the causal models, on known histories", () => {
  it.each(histories)("%s", (_name, text, ...expected) => {
    const deciders: Decide[] = [causal, causalConvergence, releaseAcquire, causalMemory];
    const history = accesses(text);
    expect(deciders.map((decide) => found(decide(history, options)))).toEqual(expected);
  });
});
