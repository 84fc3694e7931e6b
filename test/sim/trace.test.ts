import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { TraceRecord } from "../../src/sim/trace.js";
import { fingerprint, gossipStage } from "./gossip.js";
import { MS, SECOND, Stage, type StageOptions } from "./stage.js";

async function traceOf(options: StageOptions, prepare: (stage: Stage) => void = () => undefined) {
  const stage = new Stage({ ...options, record: true });
  prepare(stage);
  await stage.run(SECOND);
  return stage.recorder?.records ?? [];
}

const ofKind = (records: readonly TraceRecord[], kind: string): TraceRecord[] =>
  records.filter((record) => record.kind === kind);

describe("a recorded trace", () => {
  test("does not change the run: not its hash, not what anybody sees", async () => {
    const [plain, recorded] = await Promise.all([
      fingerprint(gossipStage({ seed: 5 })),
      fingerprint(gossipStage({ seed: 5, record: true })),
    ]);
    expect(recorded).toEqual(plain);
  });

  test("has one record an event, in order, each with the rolling hash after it", async () => {
    const stage = gossipStage({ seed: 5, record: true });
    const { hash, checkpoints, events } = await fingerprint(stage);
    const records = stage.recorder?.records ?? [];
    expect(records.map(({ n }) => n)).toEqual(Array.from({ length: events }, (_, n) => n));
    expect(records.every(({ timeUs }, i) => timeUs >= (records[i - 1]?.timeUs ?? 0))).toBe(true);
    expect(records.at(-1)?.hash).toBe(hash);
    checkpoints.forEach((checkpoint, i) => {
      expect(records[1_024 * (i + 1) - 1]?.hash).toBe(checkpoint);
    });
    const kinds = ["boot", "message", "timer", "fault", "disk", "harness"];
    expect(new Set(records.map(({ kind }) => kind))).toEqual(new Set(kinds));
  });

  test("names who acts, and what a message says", async () => {
    const records = await traceOf({
      nodes: ["n1", "n2"],
      create: ({ id, send, after: later }) => ({
        start: () => {
          if (id === "n1") later(5, () => send("n2", { type: "hello", to: ["n2"] }));
        },
      }),
    });
    expect(
      ofKind(records, "boot")
        .map(({ who }) => who)
        .sort(),
    ).toEqual(["n1", "n2"]);
    expect(ofKind(records, "timer")).toMatchObject([{ who: "n1", timeUs: 5 * MS }]);
    expect(ofKind(records, "message")).toMatchObject([
      { who: "n1->n2", timeUs: 6 * MS, detail: { type: "hello", to: ["n2"] } },
    ]);
  });

  test("keeps what a message said, whatever its receiver does to it", async () => {
    const records = await traceOf({
      nodes: ["n1", "n2"],
      create: ({ id, send, after: later }) => {
        let kept: JsonObject | undefined;
        return {
          start: () => {
            if (id === "n1") send("n2", { type: "list", items: [1] });
            later(10, () => {
              (kept?.["items"] as number[] | undefined)?.push(3);
            });
          },
          onMessage: ({ body }) => {
            (body["items"] as number[]).push(2);
            kept = body;
          },
        };
      },
    });
    expect(ofKind(records, "message")[0]?.detail).toEqual({ type: "list", items: [1] });
  });

  test("says what became of the messages that an event sent", async () => {
    const effects = async (change: object): Promise<string[]> => {
      const records = await traceOf(
        {
          create: ({ id, send, after: later }) => ({
            start: () => {
              if (id === "n1") later(5, () => send("n2", { type: "hello" }));
            },
          }),
        },
        (stage) => stage.link("n1", "n2", change),
      );
      return records.flatMap(({ kind, effects = [] }) => effects.map((text) => `${kind}: ${text}`));
    };
    expect(await effects({})).toEqual([]);
    expect(await effects({ lossPpm: 1_000_000 })).toEqual(["timer: n1->n2 hello: lost"]);
    expect(await effects({ duplicatePpm: 1_000_000 })).toEqual(["timer: n1->n2 hello: duplicated"]);
    expect(await effects({ cut: true })).toEqual(["timer: n1->n2 hello: cut off"]);
  });

  test("says so when a message is cut off on its way", async () => {
    const records = await traceOf(
      {
        create: ({ id, send }) => ({
          start: () => (id === "n1" ? send("n2", { type: "m" }) : undefined),
        }),
      },
      (stage) => stage.at(500, () => stage.link("n1", "n2", { cut: true })),
    );
    expect(ofKind(records, "message")).toMatchObject([
      { who: "n1->n2", effects: ["cut off on arrival"] },
    ]);
  });

  test("names the streams that an event drew from, and how often", async () => {
    const draws = async (act: (context: NodeContext) => void): Promise<string[] | undefined> => {
      const records = await traceOf({
        nodes: ["n1", "n2"],
        create: (context) => ({
          start: () => {
            if (context.id === "n1") context.after(5, () => act(context));
          },
        }),
      });
      return ofKind(records, "timer")[0]?.draws;
    };
    const hello = { type: "hello" };
    expect(await draws(({ random }) => random.word())).toEqual(["node/n1"]);
    expect(await draws(({ random }) => random.shuffle([1, 2, 3, 4]))).toEqual(["node/n1 x3"]);
    expect(await draws(({ send }) => send("n2", hello))).toEqual(["link/n1/n2"]);
    expect(await draws(({ disk }) => disk.fsync(() => undefined))).toEqual(["fsync/n1"]);
    expect(
      await draws(({ random, send }) => {
        send("n1", hello);
        random.int(2);
        send("n2", hello);
        send("n1", hello);
      }),
    ).toEqual(["link/n1/n1 x2", "node/n1", "link/n1/n2"]);
    expect(await draws(() => undefined)).toBeUndefined();
  });

  test("says where the seed decided which of two came first", async () => {
    const records = await traceOf({ nodes: ["n1", "n2", "n3"] });
    expect(ofKind(records, "boot").map(({ draws }) => draws)).toEqual([
      ["order"],
      ["order"],
      undefined,
    ]);
  });
});
