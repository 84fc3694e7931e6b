/** Jobs and effects, written by hand: what is held against them, and what is not. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JobPromise, jobAccountingWith } from "../../checkers/index.js";
import type { HistoryEvent } from "../../histories/history.js";
import type { Json } from "../../src/base/json.js";
import { recorded } from "./timeline.js";

interface Story {
  /** Jobs by what became of their submission. */
  submits?: { [job: string]: "ok" | "fail" | "info" };
  /** "j1@p:0": the effect of job j1, number 0 of producer p; undefined for no final account. */
  effects?: readonly string[] | undefined;
  news?: readonly string[];
  /** What was seen of a job by `effects-of`. */
  seen?: { [job: string]: number };
  /** "n1 taken j1 1", "n1 processed j1 1", "n1 dropped j1 j0": each a millisecond after the one before. */
  nodes?: readonly string[];
  promise?: JobPromise;
}

function judge(story: Story) {
  const { submits = {}, effects, news, seen = {}, nodes = [], promise = "exactly-once" } = story;
  let process = 0;
  const call = (f: string, at: number, about: object, type: string, value: Json) => {
    const event = { index: 0, process: process++, f, ...about };
    const input = f === "submit" ? value : null;
    return [
      { ...event, type: "invoke", value: input, time: at },
      { ...event, type, value, time: at + 1 },
    ] as HistoryEvent[];
  };
  const rows = (list: readonly string[]): Json[] =>
    list.map((text) => {
      const [, job = "", producer = "", sequence = ""] = /^(.+)@(.+):(.+)$/.exec(text) ?? [];
      return [job, producer, Number(sequence)];
    });
  const events = [
    ...Object.entries(submits).flatMap(([job, type]) => call("submit", 0, {}, type, job)),
    ...Object.entries(seen).flatMap(([key, n]) => call("effects-of", 10, { key }, "ok", n)),
    ...nodes.map((line, i): HistoryEvent => {
      const [node = "", event = "", id = "", last = ""] = line.split(" ");
      const value = event === "dropped" ? { as: last } : { producer: "p", attempt: Number(last) };
      const about = { index: 0, process: node, type: "info" as const, f: "job", time: 20 + i };
      return { ...about, value: { event, id, ...value } };
    }),
    ...(effects === undefined
      ? []
      : call("effects", 100, { final: true }, "ok", {
          effects: rows(effects),
          ...(news === undefined ? {} : { news: rows(news) }),
        })),
  ];
  const verdict = jobAccountingWith({ promise }).check(recorded(events));
  return { ...verdict, types: [...new Set(verdict.anomalies.map(({ type }) => type))] };
}

const ok = { j1: "ok", j2: "ok" } as const;

describe("jobs that are accounted for", () => {
  it.each<[string, Story]>([
    ["each once", { submits: ok, effects: ["j1@p:0", "j2@p:1"] }],
    ["unknown, and done", { submits: { j1: "info" }, effects: ["j1@p:0"] }],
    ["unknown, and not done", { submits: { j1: "info" }, effects: [] }],
    ["refused, and not done", { submits: { j1: "fail" }, effects: [] }],
    ["of two producers, in any order", { submits: ok, effects: ["j1@p:1", "j2@q:0"] }],
    [
      "twice, at least once",
      { submits: ok, effects: ["j1@p:0", "j2@p:1", "j1@p:0"], promise: "at-least-once" },
    ],
    ["not at all, at most once", { submits: ok, effects: ["j2@p:1"], promise: "at-most-once" }],
    [
      "one attempt given up, the other after it",
      {
        submits: { j1: "ok" },
        effects: ["j1@p:0"],
        nodes: ["n1 taken j1 1", "n2 taken j1 2", "n2 processed j1 2"],
      },
    ],
    [
      "one attempt after the other",
      {
        submits: { j1: "ok" },
        effects: ["j1@p:0"],
        nodes: ["n1 taken j1 1", "n1 processed j1 1", "n2 taken j1 2", "n2 processed j1 2"],
      },
    ],
    [
      "sent again and known again",
      { submits: { j1: "ok" }, effects: ["j1@p:0"], nodes: ["n1 dropped j1 j1"] },
    ],
    ["told of once", { submits: { j1: "ok" }, effects: ["j1@p:0"], news: ["j1@p:0"] }],
  ])("%s", (_, story) => {
    expect(judge(story)).toMatchObject({ valid: true, types: [] });
  });
});

describe("jobs that are not", () => {
  it.each<[string, Story]>([
    ["lost-job", { submits: ok, effects: ["j1@p:0"] }],
    ["duplicate-effect", { submits: { j1: "ok" }, effects: ["j1@p:0", "j1@p:0"] }],
    ["duplicate-effect", { submits: { j1: "ok" }, effects: ["j1@p:0"], seen: { j1: 2 } }],
    ["phantom-job", { submits: {}, effects: ["j1@p:0"] }],
    ["phantom-job", { submits: { j1: "fail" }, effects: ["j1@p:0"] }],
    ["reordered-jobs", { submits: ok, effects: ["j2@p:1", "j1@p:0"] }],
    ["vanished-effect", { submits: { j1: "info" }, effects: [], seen: { j1: 1 } }],
    ["lost-news", { submits: { j1: "ok" }, effects: ["j1@p:0"], news: [] }],
    ["duplicate-news", { submits: { j1: "ok" }, effects: ["j1@p:0"], news: ["j1@p:0", "j1@p:0"] }],
    ["dropped-as-duplicate", { submits: ok, effects: ["j1@p:0"], nodes: ["n1 dropped j2 j1"] }],
    [
      "concurrent-processing",
      {
        submits: { j1: "ok" },
        effects: ["j1@p:0"],
        nodes: ["n1 taken j1 1", "n2 taken j1 2", "n1 processed j1 1", "n2 processed j1 2"],
      },
    ],
  ])("%s", (type, story) => {
    expect(judge(story)).toMatchObject({ valid: false, types: [type] });
  });

  it("are unknown where nobody has read what came of them", () => {
    expect(judge({ submits: ok, effects: undefined }).valid).toBe("unknown");
  });

  it("are what a count of each says, whatever the rows", () => {
    const job = fc.constantFrom("a", "b", "c", "d");
    const outcome = fc.constantFrom("ok" as const, "fail" as const, "info" as const);
    const submits = fc.dictionary(job, outcome);
    const promise = fc.constantFrom<JobPromise>("exactly-once", "at-least-once", "at-most-once");
    fc.assert(
      fc.property(submits, fc.array(job, { maxLength: 6 }), promise, (tried, done, promised) => {
        const effects = done.map((name, i) => `${name}@p${name}:${i}`);
        const expected = new Set<string>();
        for (const name of ["a", "b", "c", "d"]) {
          const count = done.filter((other) => other === name).length;
          const told = tried[name];
          if (count > 0 && (told === undefined || told === "fail")) expected.add("phantom-job");
          else if (count > 1 && promised !== "at-least-once") expected.add("duplicate-effect");
          if (count === 0 && told === "ok" && promised !== "at-most-once") expected.add("lost-job");
        }
        const { types } = judge({ submits: tried, effects, promise: promised });
        expect(new Set(types)).toEqual(expected);
      }),
    );
  });
});
