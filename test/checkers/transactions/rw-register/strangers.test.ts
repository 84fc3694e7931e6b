/** Two updates of a value that nobody wrote lose one another all the same. */

import { expect, it } from "vitest";
import { models } from "../../../../checkers/index.js";
import { history } from "../notation.js";

it("a lost update is told beside the garbage that both had read", () => {
  const { anomalies } = models
    .get("strict-serializable")!
    .checker()
    .check(history("rx0wx1 | rx0wx2"));
  expect(anomalies.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["garbage-read", "lost-update"]),
  );
});
