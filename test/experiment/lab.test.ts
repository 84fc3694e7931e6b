import { expect, test } from "vitest";
import { defaultsOf, Lab } from "../../src/experiment/lab.js";

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

test("a fault begins when it is injected, and is over when it is lifted", async () => {
  const lab = new Lab({
    seed: 1,
    nodes: 2,
    create: ({ observe, send }) => ({
      onMessage: ({ src, body }) => {
        observe("got", Number(body["n"]));
        if (src === "c1") send("n2", body);
      },
    }),
  });
  const tell = lab.client("c1", () => undefined);
  let heal = (): void => undefined;
  lab.at(1_000, () => {
    heal = lab.inject({ kind: "partition", shape: "halves", groups: [["n1"], ["n2"]] });
    tell("n1", { type: "x", n: 1 });
  });
  lab.at(2_000, () => heal());
  lab.at(3_000, () => tell("n1", { type: "x", n: 2 }));
  await lab.run(10_000);
  expect(lab.observations.map(({ node, value }) => [node, value])).toEqual([
    ["n1", 1],
    ["n1", 2],
    ["n2", 2],
  ]);
});

test("a clock runs as fast as it is told from when it is told", async () => {
  const lab = new Lab({
    seed: 1,
    nodes: 1,
    create: ({ after, observe }) => ({
      onMessage: () => void after(1_000, () => observe("over", null)),
    }),
  });
  const tell = lab.client("c1", () => undefined);
  lab.at(1_000_000, () => {
    lab.inject({ kind: "clock-rate", target: "n1", ppm: 250_000 });
    tell("n1", { type: "x" });
  });
  await lab.run(5_000_000);
  expect(lab.observations).toMatchObject([{ atUs: 1_800_000 }]);
});

test("the defaults of a system are those of its options", () => {
  const options = { r: { summary: "", default: 2 }, sloppy: { summary: "", default: false } };
  expect(defaultsOf({ options })).toEqual({ r: 2, sloppy: false });
});
