import { expect, test } from "vitest";
import { Lab } from "../../src/experiment/lab.js";

test("a message takes what its link says, and observations have their time", async () => {
  const lab = new Lab({
    seed: 1,
    nodes: 2,
    network: { delayUs: 250 },
    create: (context) => ({
      onMessage: ({ src, body }) => {
        context.observe("got", src);
        if (src === "c1") context.send("n2", body);
      },
    }),
  });
  const send = lab.client("c1", () => undefined);
  lab.at(1_000, () => send("n1", { type: "x" }));
  await lab.run(10_000);
  expect(lab.observations).toEqual([
    { atUs: 1_250, node: "n1", f: "got", value: "c1" },
    { atUs: 1_500, node: "n2", f: "got", value: "n1" },
  ]);
});

test("a node that throws ends the experiment, and does not go unseen", async () => {
  const lab = new Lab({
    seed: 1,
    nodes: 1,
    create: () => ({
      onMessage: () => {
        throw new Error("no such thing");
      },
    }),
  });
  const send = lab.client("c1", () => undefined);
  lab.at(0, () => send("n1", { type: "x" }));
  await expect(lab.run(10_000)).rejects.toThrow(/n1 of an experiment threw.*no such thing/);
});
