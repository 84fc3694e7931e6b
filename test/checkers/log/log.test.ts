/** Every anomaly of a log, and the innocent history next to it. */

import { describe, expect, it } from "vitest";
import { log, logWith } from "../../../checkers/log/log.js";
import { readHistoryText } from "../../../histories/index.js";
import type { Json } from "../../../src/base/json.js";
import { recorded, timeline } from "../timeline.js";

/** Maelstrom's shape: "1 send a @x" at offset 0 is "1 send a = [0,"a"] @x". */
const judge = (text: string) => log.check(timeline(text));
const typesOf = (text: string) => judge(text).anomalies.map(({ type }) => type);
const only = (text: string) => {
  const { valid, anomalies } = judge(text);
  expect(valid).toBe(false);
  expect(anomalies).toHaveLength(1);
  return anomalies[0]!;
};
const sent = '1 send a = [0,"a"] @x 0..1\n1 send b = [1,"b"] @x 2..3\n1 send c = [2,"c"] @x 4..5';
const all = '{"x":[[0,"a"],[1,"b"],[2,"c"]]}';

/** Jepsen's shape: one transaction after the other, each of one process. */
type Micro = ["send", string, Json, number?] | ["poll", { [key: string]: Json }];
type Step = { process: number; micros: Micro[]; outcome?: "ok" | "fail" | "info" };
const transactions = (steps: Step[]) =>
  recorded(
    steps.flatMap(({ process, micros, outcome = "ok" }, i) => {
      const common = { index: 0, process, f: "txn" };
      const input = micros.map(
        (micro): Json => (micro[0] === "poll" ? ["poll"] : (micro.slice(0, 3) as Json[])),
      );
      const output = micros.map(
        (micro): Json =>
          micro[0] === "poll"
            ? micro
            : ["send", micro[1], micro[3] === undefined ? micro[2] : [micro[3], micro[2]]],
      );
      return [
        { ...common, time: 2 * i, type: "invoke" as const, value: input },
        { ...common, time: 2 * i + 1, type: outcome, value: output },
      ];
    }),
  );
const typesIn = (...steps: Step[]) =>
  log.check(transactions(steps)).anomalies.map(({ type }) => type);

describe("a log", () => {
  it("is polled as it was sent", () => {
    const { valid, notes } = judge(`${sent}\n2 poll = ${all} 6..7`);
    expect(valid).toBe(true);
    expect(notes).toEqual({
      transactions: 4,
      polled: 1,
      keys: 1,
      unseen: null,
      worstRealtimeLag: null,
    });
  });

  it("may have holes", () => {
    const holes = '1 send a = [3,"a"] @x 0..1\n1 send b = [9,"b"] @x 2..3';
    expect(judge(`${holes}\n2 poll = {"x":[[3,"a"],[9,"b"]]} 6..7`).valid).toBe(true);
  });

  it("of which nothing was polled is not judged", () => {
    expect(judge(sent).valid).toBe("unknown");
    expect(judge(`${sent}\n2 poll = {} 6..7`).valid).toBe("unknown");
    expect(judge("1 send a @x 0..?\n2 poll = {} 6..7").valid).toBe("unknown");
    expect(judge("")).toMatchObject({ valid: "unknown", reason: "nothing was sent or polled" });
  });

  it("to which nothing was sent has nothing to return", () => {
    expect(judge("2 poll = {} 6..7").valid).toBe(true);
    expect(judge("1 send a @x 0..1 failed\n2 poll = {} 6..7").valid).toBe(true);
  });
});

describe("an offset", () => {
  it("with two values is inconsistent", () => {
    const { type, message, ops } = only(
      `${sent}\n2 poll = ${all} 6..7\n3 send d = [2,"d"] @x 6..7\n3 poll = {"x":[[2,"d"]]} 8..9`,
    );
    expect(type).toBe("inconsistent-offsets");
    expect(message).toBe('offset 2 of key x holds "c" for process 1 and "d" for process 3');
    expect(ops).toEqual([4, 7]);
  });

  it("of another key may hold another value", () => {
    expect(typesOf(`${sent}\n3 send d = [2,"d"] @y 4..5\n2 poll = ${all} 6..7`)).toEqual([]);
  });

  it("claimed by a send that failed holds nothing", () => {
    expect(typesOf(`${sent}\n3 send d = [2,"d"] @x 4..5 failed\n2 poll = ${all} 6..7`)).toEqual([]);
  });
});

describe("a value", () => {
  it("at two offsets is a duplicate", () => {
    const anomaly = only(`1 send a = [0,"a"] @x 0..1\n2 poll = {"x":[[0,"a"],[1,"a"]]} 2..3`);
    expect(anomaly.type).toBe("duplicate");
    expect(anomaly.message).toBe(
      '"a" of key x is at offset 0 for process 1 and at offset 1 for process 2',
    );
  });

  it("of a send that failed must not be polled", () => {
    const anomaly = only('1 send a @x 0..1 failed\n2 poll = {"x":[[0,"a"]]} 2..3');
    expect(anomaly.type).toBe("G1a");
    expect(anomaly.ops).toEqual([0, 2]);
    expect(judge('1 send a @x 0..?\n2 poll = {"x":[[0,"a"]]} 2..3').valid).toBe(true);
  });

  it("that nobody sent must not be polled", () => {
    expect(only('2 poll = {"x":[[0,"a"]]} 2..3').type).toBe("garbage-read");
    expect(only("2 poll = 7 2..3").type).toBe("invalid-poll");
    expect(typesOf('2 poll = {"x":[7]} 2..3')).toEqual(["invalid-poll"]);
  });

  it("must not be polled by the transaction that sends it", () => {
    const own: Step = {
      process: 1,
      micros: [
        ["send", "x", 1, 0],
        ["poll", { x: [[0, 1]] }],
      ],
    };
    expect(typesIn(own)).toEqual(["precommitted-read"]);
    expect(
      typesIn(
        { process: 1, micros: [["send", "x", 1, 0]] },
        { process: 1, micros: [["poll", { x: [[0, 1]] }]] },
      ),
    ).toEqual([]);
  });
});

describe("a message that others read beyond", () => {
  it("is lost when nobody polled it", () => {
    const anomaly = judge(`${sent}\n2 poll = {"x":[[2,"c"]]} 6..7`).anomalies[0]!;
    expect(anomaly.type).toBe("lost-write");
    expect(anomaly.message).toBe(
      'nobody polled "a" of key x, which process 1 sent to offset 0, though process 2 polled "c" beyond it',
    );
    expect(anomaly.ops).toEqual([0, 6]);
  });

  it("is not lost when it lies beyond what anybody reached, or somebody polled it", () => {
    expect(typesOf(`${sent}\n2 poll = {"x":[[0,"a"]]} 6..7`)).toEqual([]);
    expect(
      typesOf(`${sent}\n2 poll = {"x":[[2,"c"]]} 6..7\n3 poll = {"x":[[0,"a"],[1,"b"]]} 6..7`),
    ).toEqual([]);
  });

  it("is not lost when its send may not have happened", () => {
    const unknown = sent
      .replace('b = [1,"b"] @x 2..3', "b @x 2..?")
      .replace("1 send c", "3 send c");
    expect(typesOf(`${unknown}\n2 poll = {"x":[[0,"a"],[2,"c"]]} 6..7`)).toEqual([]);
  });

  it("is lost when its send ended unknown, but another of its transaction was polled", () => {
    const torn: Step = {
      process: 1,
      micros: [
        ["send", "x", 1, 0],
        ["send", "y", 2, 0],
      ],
      outcome: "info",
    };
    const after: Step = { process: 2, micros: [["send", "x", 3, 1]] };
    const reader = (y: Json): Step => ({ process: 3, micros: [["poll", { x: [[1, 3]], y }]] });
    expect(typesIn(torn, after, reader([[0, 2]]))).toEqual(["lost-write"]);
    expect(typesIn(torn, after, reader([]))).toEqual([]);
  });

  it("is looked for at its last place where it has two", () => {
    const twice: Step = { process: 2, micros: [["poll", { x: [[0, 1]] }]] };
    const history = [
      { process: 1, micros: [["send", "x", 1, 0]] },
      { process: 1, micros: [["send", "x", 2, 1]] },
      { process: 3, micros: [["poll", { x: [[3, 2]] }]], outcome: "fail" },
      twice,
    ] as Step[];
    expect(typesIn(...history)).toEqual(["duplicate"]);
  });
});

describe("a consumer", () => {
  const first = '2 poll = {"x":[[0,"a"]]} 6..7';
  const rest = '3 poll = {"x":[[0,"a"],[1,"b"],[2,"c"]]} 6..7';

  it("skips when it jumps over what is there", () => {
    const anomaly = only(`${sent}\n${first}\n${rest}\n2 poll = {"x":[[2,"c"]]} 8..9`);
    expect(anomaly.type).toBe("poll-skip");
    expect(anomaly.message).toBe(
      'process 2 polled "a" of key x at offset 0 and next "c" of key x at offset 2, skipping a message in between',
    );
    expect(anomaly.ops).toEqual([6, 10]);
  });

  it("does not skip when nothing is there, or another key is concerned", () => {
    const gap = '1 send a = [0,"a"] @x 0..1\n1 send c = [2,"c"] @x 4..5';
    expect(typesOf(`${gap}\n${first}\n2 poll = {"x":[[2,"c"]]} 8..9`)).toEqual([]);
    expect(
      typesOf(
        `${sent}\n4 send d = [5,"d"] @y 0..1\n${rest}\n${first}\n2 poll = {"y":[[5,"d"]]} 8..9`,
      ),
    ).toEqual([]);
  });

  it("goes back when it polls again what it had", () => {
    const anomaly = only(`${sent}\n2 poll = ${all} 6..7\n2 poll = {"x":[[2,"c"]]} 8..9`);
    expect(anomaly.type).toBe("nonmonotonic-poll");
    expect(anomaly.message).toContain(
      'next "c" of key x at offset 2, which does not come after it',
    );
  });

  it("may poll again what a failed poll had", () => {
    const failed = '2 poll = {"x":[[0,"a"]]} 6..7 failed\n2 poll = {"x":[[0,"a"]]} 8..9';
    expect(typesOf(`${sent}\n${failed}`)).toEqual([]);
  });

  it("starts anew in a key that it gave up meanwhile, and goes on in one that it kept", () => {
    const again = '2 poll = {"x":[[0,"a"]]} 20..21';
    const given = `${sent}\n${first}\n2 assign ["y"] = {} 10..11\n2 assign ["x"] = {} 12..13\n${again}`;
    expect(typesOf(given)).toEqual([]);
    expect(typesOf(given.replace('["y"]', '["x","y"]'))).toEqual(["nonmonotonic-poll"]);
    const refused = given.replace('["y"] = {} 10..11', '["y"] 10..11 failed');
    expect(typesOf(refused)).toEqual(["nonmonotonic-poll"]);
  });

  it("that subscribes may jump, which is noted", () => {
    const text = `${sent}\n2 subscribe ["x"] 5..5.5\n${first}\n${rest}\n2 poll = {"x":[[2,"c"]]} 8..9`;
    const { valid, notes } = judge(text);
    expect(valid).toBe(true);
    expect(notes).toMatchObject({ allowed: { "poll-skip": 1 } });
    const strict = logWith({ forbid: ["poll-skip"] }).check(timeline(text));
    expect(strict.anomalies.map(({ type }) => type)).toEqual(["poll-skip"]);
  });

  it("moves forward within one poll, too", () => {
    expect(typesOf(`${sent}\n${rest}\n2 poll = {"x":[[0,"a"],[2,"c"]]} 6..7`)).toEqual([
      "int-poll-skip",
    ]);
    expect(typesOf(`${sent}\n${rest}\n2 poll = {"x":[[1,"b"],[0,"a"]]} 6..7`)).toEqual([
      "int-nonmonotonic-poll",
    ]);
  });

  it("may jump within a transaction in keys that were rebalanced", () => {
    const history = transactions([
      {
        process: 1,
        micros: [
          ["send", "x", 1, 0],
          ["send", "x", 2, 1],
          ["send", "x", 3, 2],
        ],
      },
      {
        process: 2,
        micros: [
          [
            "poll",
            {
              x: [
                [0, 1],
                [1, 2],
                [2, 3],
              ],
            },
          ],
        ],
      },
      {
        process: 3,
        micros: [
          ["poll", { x: [[0, 1]] }],
          ["poll", { x: [[2, 3]] }],
        ],
      },
    ]);
    expect(log.check(history).anomalies.map(({ type }) => type)).toEqual(["int-poll-skip"]);
    const last = history.events.at(-1)!;
    const rebalanced = { ...last, "rebalance-log": [{ keys: ["x"] }] };
    const events = [...history.events.slice(0, -1), rebalanced];
    expect(log.check({ ...history, events }).valid).toBe(true);
  });
});

describe("a producer", () => {
  it("goes back when a later send comes to an earlier place", () => {
    const anomaly = only(
      '1 send a = [1,"a"] @x 0..1\n1 send b = [0,"b"] @x 2..3\n2 poll = {"x":[[0,"b"],[1,"a"]]} 4..5',
    );
    expect(anomaly.type).toBe("nonmonotonic-send");
    expect(anomaly.ops).toEqual([0, 2]);
  });

  it("does not skip when others send in between, nor go back against another process", () => {
    expect(
      typesOf(
        '1 send a = [0,"a"] @x 0..1\n3 send b = [1,"b"] @x 0..3\n1 send c = [2,"c"] @x 4..5\n2 poll = {"x":[[0,"a"],[1,"b"],[2,"c"]]} 6..7',
      ),
    ).toEqual([]);
    expect(
      typesOf(
        '1 send a = [1,"a"] @x 0..1\n3 send b = [0,"b"] @x 2..3\n2 poll = {"x":[[0,"b"],[1,"a"]]} 6..7',
      ),
    ).toEqual([]);
  });

  it("goes back within one transaction, or skips there, which is normal", () => {
    const reader: Step = {
      process: 3,
      micros: [
        [
          "poll",
          {
            x: [
              [0, 1],
              [1, 2],
              [2, 3],
            ],
          },
        ],
      ],
    };
    const other: Step = { process: 2, micros: [["send", "x", 2, 1]] };
    const back: Step = {
      process: 1,
      micros: [
        ["send", "x", 3, 2],
        ["send", "x", 1, 0],
      ],
    };
    expect(typesIn(back, other, reader)).toEqual(["int-nonmonotonic-send"]);
    const skip: Step = {
      process: 1,
      micros: [
        ["send", "x", 1, 0],
        ["send", "x", 3, 2],
      ],
    };
    const { valid, notes } = log.check(transactions([skip, other, reader]));
    expect(valid).toBe(true);
    expect(notes).toMatchObject({ allowed: { "int-send-skip": 1 } });
    expect(
      logWith({ forbid: ["int-send-skip"] }).check(transactions([skip, other, reader])).valid,
    ).toBe(false);
  });
});

describe("an acknowledged message that nobody polled", () => {
  const assigned = '2 assign ["x"] = {} 5.5..5.6';
  const poll = '2 poll = {"x":[[0,"a"],[1,"b"]]} 6..7';

  it("is counted", () => {
    const { valid, notes } = judge(`${sent}\n${poll}`);
    expect(valid).toBe(true);
    expect(notes).toMatchObject({ unseen: { x: { count: 1, first: ["c"] } } });
    expect(logWith({ unseen: true }).check(timeline(`${sent}\n${poll}`)).anomalies[0]?.type).toBe(
      "unseen",
    );
  });

  it("is unseen when a final poll found the end of its key", () => {
    const anomaly = only(`${sent}\n${assigned}\n${poll}\n2 poll = {} 8..9 final`);
    expect(anomaly.type).toBe("unseen");
    expect(anomaly.message).toBe(
      'nobody polled "c" of key x, acknowledged to process 1, and process 2 found no more in the end',
    );
    expect(anomaly.ops).toEqual([4, 10]);
  });

  it("is not unseen when the final poll was of other keys, or of nobody knows which", () => {
    const end = "2 poll = {} 8..9 final";
    const other = assigned.replace('"x"', '"y"').replace("5.5..5.6", "7.5..7.6");
    expect(judge(`${sent}\n${poll}\n${other}\n${end}`).valid).toBe(true);
    expect(judge(`${sent}\n${poll}\n${end}`).valid).toBe(true);
  });

  it("is not unseen when the final poll got something of its key, or began too early", () => {
    const final = poll.replace("6..7", "6..7 final");
    expect(judge(`${sent}\n${assigned}\n${final}`).valid).toBe(true);
    const before = `${assigned.replace("5.5..5.6", "3.1..3.2")}\n${poll.replace("6..7", "3.3..3.4")}`;
    expect(judge(`${sent}\n${before}\n2 poll = {} 4.5..9 final`).valid).toBe(true);
  });
});

describe("the lag in real time", () => {
  it("is how long there had been more than the consumer knew", () => {
    const text = `${sent}\n2 poll = {"x":[[0,"a"]]} 3.5..3.6\n2 poll = {} 6..7`;
    expect(judge(text).notes).toMatchObject({
      worstRealtimeLag: { lagNs: 3e6, process: 2, key: "x", atNs: 6e6 },
    });
  });

  it("begins where an assignment says, or else at the beginning", () => {
    const assigned = (offset: string) =>
      `${sent}\n3 poll = ${all} 5.5..5.6\n2 assign ["x"] = {${offset}} 5.7..5.8\n2 poll = {} 9..10`;
    expect(judge(assigned("")).notes).toMatchObject({ worstRealtimeLag: { lagNs: 8e6 } });
    expect(judge(assigned('"x":2')).notes).toMatchObject({ worstRealtimeLag: { lagNs: 4e6 } });
    expect(judge(assigned('"x":3')).notes?.["worstRealtimeLag"]).toBeNull();
  });
});

describe("what a client did wrong", () => {
  it("is refused in one line", () => {
    expect(() => judge("1 send a @x 0..1\n2 send a @x 2..3")).toThrow(
      'event 2: process 2 sends "a" to key x a second time (first: event 0): send every value once',
    );
    expect(() => judge("1 send a 0..1")).toThrow(
      'event 0: process 1: send takes micro-operations ["send", key, value] and ["poll"], got "a"',
    );
    expect(() => judge('1 txn [["r","x",null]] 0..1')).toThrow("txn takes micro-operations");
    expect(() => judge("1 assign x 0..1")).toThrow('assign takes a list of keys, got "x"');
  });
});

describe("Jepsen's EDN", () => {
  it("is read with its integer keys", () => {
    const edn = `
{:process 0, :type :invoke, :f :send, :value [[:send 5 1]], :index 0, :time 0}
{:process 0, :type :ok, :f :send, :value [[:send 5 [0 1]]], :index 1, :time 10}
{:process 0, :type :invoke, :f :txn, :value [[:send 5 2] [:poll]], :index 2, :time 20}
{:process 0, :type :ok, :f :txn, :value [[:send 5 [1 2]] [:poll {5 [[0 1]]}]], :index 3, :time 30}
{:process 1, :type :invoke, :f :assign, :value [5], :index 4, :time 40}
{:process 1, :type :ok, :f :assign, :value [5], :index 5, :time 50}
{:process 1, :type :invoke, :f :poll, :value [[:poll]], :index 6, :time 60}
{:process 1, :type :ok, :f :poll, :value [[:poll {5 [[1 2]]}]], :index 7, :time 70}
{:process 1, :type :invoke, :f :poll, :value [[:poll]], :index 8, :time 80}
{:process 1, :type :ok, :f :poll, :value [[:poll {5 [[0 1]]}]], :index 9, :time 90}
{:process 1, :type :invoke, :f :crash, :value nil, :index 10, :time 100}
{:process 1, :type :info, :f :crash, :value nil, :index 11, :time 110}
`;
    const { history } = readHistoryText(edn, { file: "kafka.edn", format: "edn" });
    const { anomalies } = log.check(history);
    expect(anomalies.map(({ type }) => type)).toEqual(["nonmonotonic-poll"]);
    expect(anomalies[0]!.ops).toEqual([6, 8]);
  });
});
