/** Which files are transactional, what is refused in them and where, and files cut short. */

import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../histories/history.js";
import { formatJsonl } from "../../histories/jsonl.js";
import { readHistoryText } from "../../histories/read.js";
import { readColumnsText } from "../../histories/read-columns.js";
import { readRecordedText } from "../../histories/read-recorded.js";
import { UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { jepsen, spelledAs } from "./transactional.js";

type Step = [process: number | string, type: HistoryEvent["type"], value: Json, f?: string];

function events(...steps: Step[]): HistoryEvent[] {
  return steps.map(([process, type, value, f = "txn"], index) => {
    return { index, time: index, process, type, f, value };
  });
}

/** The same history in both formats, a blank line first. */
function files(...steps: Step[]): [file: string, text: string][] {
  const history = events(...steps);
  return [
    ["h.jsonl", `\n${formatJsonl(history)}`],
    ["h.edn", `\n${spelledAs(jepsen, history)}`],
  ];
}

const append = (key: Json, value: Json): Json => [["append", key, value]];
const whole: Step[] = [
  [0, "invoke", append("x", 1)],
  [0, "ok", append("x", 1)],
];

describe("a file is read as transactions", () => {
  test.each<[string, "transactions" | "operations", Step[]]>([
    ["when a client appends", "transactions", whole],
    ["when a client only reads", "transactions", [[0, "invoke", [["r", 1, null]]]]],
    ["when a client writes", "transactions", [[0, "invoke", [["w", 1, 2]]]]],
    [
      "when all transactions are empty",
      "transactions",
      [
        [0, "invoke", []],
        [0, "ok", []],
      ],
    ],
    [
      "when the first is empty",
      "transactions",
      [
        [0, "invoke", []],
        [1, "invoke", append(1, 1)],
      ],
    ],
    ["after a nemesis", "transactions", [["nemesis", "info", null, "start"], ...whole]],
    ["but not with another function", "operations", [[0, "invoke", null, "read"]]],
    ["but not without clients", "operations", [["nemesis", "info", null, "start"]]],
    ["but not for a log", "operations", [[0, "invoke", [["send", 1, 2], ["poll"]]]]],
    [
      "but not for a log that begins empty",
      "operations",
      [
        [0, "invoke", []],
        [0, "ok", []],
        [0, "invoke", [["poll"]]],
      ],
    ],
    [
      "but not for a log that is assigned first",
      "operations",
      [
        [0, "invoke", [1], "assign"],
        [0, "ok", [1], "assign"],
        [0, "invoke", [["poll"]]],
      ],
    ],
  ])("%s: %s", (_, kind, steps) => {
    for (const [file, text] of files(...steps)) {
      expect(readRecordedText(text, { file }).kind).toBe(kind);
    }
  });

  test("of two micro-operations that look like a key and a value", () => {
    const pair: Json = [
      ["append", "x", 1],
      ["r", "y", null],
    ];
    for (const [file, text] of files([0, "invoke", pair], [0, "ok", pair])) {
      const recorded = readRecordedText(text, { file });
      expect(recorded.kind === "transactions" && recorded.transactions.kind).toHaveLength(2);
      expect(recorded.warnings).toEqual([]);
    }
  });

  test("from a log of Jepsen's", () => {
    const text =
      "0\t:invoke\t:txn\t[[:append 5 1] [:r 5 nil]]\n0\t:ok\t:txn\t[[:append 5 1] [:r 5 [1]]]\n";
    const recorded = readRecordedText(text, { file: "history.txt" });
    expect(recorded).toMatchObject({ kind: "transactions", format: "jepsen-log" });
    expect(recorded.kind === "transactions" && recorded.transactions.service).toBe("list-append");
  });

  test("and operations are read as readColumns does", () => {
    const steps: Step[] = [
      [0, "invoke", null, "read"],
      [0, "ok", 3, "read"],
    ];
    for (const [file, text] of files(...steps)) {
      const { kind, ...result } = readRecordedText(text, { file });
      expect(kind).toBe("operations");
      expect(JSON.stringify(result)).toBe(JSON.stringify(readColumnsText(text, { file })));
    }
  });
});

describe("a client's fault is refused in one line that names the line of the file", () => {
  test.each<[string, Step[], string]>([
    [
      "a value appended by two transactions",
      [...whole, [1, "invoke", append("x", 1)]],
      '4: the transaction appends 1 to "x" again, after line 2: every value may be written only once to a key',
    ],
    [
      "a value appended again after it failed",
      [
        [0, "invoke", append("x", 1)],
        [0, "fail", null],
        [0, "invoke", append("x", 1)],
      ],
      '4: the transaction appends 1 to "x" again, after line 2: every value may be written only once to a key',
    ],
    [
      "a value written twice by one transaction",
      [
        [
          0,
          "invoke",
          [
            ["w", "x", 1],
            ["w", "y", 1],
            ["w", "x", 1],
          ],
        ],
      ],
      '2: the transaction writes 1 to "x" twice: every value may be written only once to a key',
    ],
    [
      "an unknown micro-operation",
      [
        ...whole,
        [
          0,
          "invoke",
          [
            ["r", "x", null],
            ["cas", "x", 1],
          ],
        ],
      ],
      '4: micro-operation 2 of the transaction is of unknown kind "cas": r, append and w are known',
    ],
    [
      "a micro-operation without a value",
      [...whole, [0, "invoke", [["append", "x"]]]],
      '4: micro-operation 1 of the transaction must have a kind, a key and a value, as ["r","x",null] has, not ["append","x"]',
    ],
    [
      "a micro-operation that is no list",
      [...whole, [0, "invoke", ["rx"]]],
      '4: micro-operation 1 of the transaction must be a list of kind, key and value such as ["r","x",null], not "rx"',
    ],
    [
      "a transaction that is no list",
      [...whole, [0, "invoke", 7]],
      '4: the value of a transaction must be a list of micro-operations such as [["r","x",null]], not 7',
    ],
    [
      "an outcome that does not say what was read",
      [...whole, [0, "invoke", [["r", "x", null]]], [0, "ok", null]],
      '5: the value of a transaction must be a list of micro-operations such as [["r","x",null]], not null',
    ],
    [
      "null written to a register",
      [[0, "invoke", [["w", "x", null]]]],
      "2: micro-operation 1 of the transaction writes null, which stands for nothing: give a value",
    ],
    [
      "a list written to a register",
      [[0, "invoke", [["w", "x", [1]]]]],
      "2: micro-operation 1 of the transaction writes the list [1] to a register: give a value that is no list",
    ],
    [
      "null appended",
      [[0, "invoke", [["append", "x", null]]]],
      "2: micro-operation 1 of the transaction appends null, which stands for nothing: give a value",
    ],
    [
      "writes among appends",
      [...whole, [0, "invoke", [["w", "y", 1]]]],
      "4: the transaction writes a register, but that of line 2 appends to a list: record lists and registers in files of their own",
    ],
    [
      "another function among transactions",
      [...whole, [0, "invoke", null, "read"]],
      '4: "read" is no transaction, but the clients before it do transactions: record them in files of their own',
    ],
    [
      "a transaction among other functions",
      [[0, "invoke", null, "read"], [0, "ok", null, "read"], ...whole],
      "4: a transaction, but the clients before it do other operations: record them in files of their own",
    ],
    [
      "a completion with another value",
      [
        [0, "invoke", append("x", 1)],
        [0, "ok", append("x", 2)],
      ],
      '3: process 0 completes the transaction of line 2 with append "x" 2 where it was invoked with append "x" 1: repeat its micro-operations, the reads filled in',
    ],
    [
      "a failure with another value",
      [
        [0, "invoke", append("x", 1)],
        [0, "fail", append("x", 2)],
      ],
      '3: process 0 completes the transaction of line 2 with append "x" 2 where it was invoked with append "x" 1: repeat its micro-operations, the reads filled in',
    ],
    [
      "a completion of another kind",
      [
        [0, "invoke", append("x", 1)],
        [0, "ok", [["r", "x", null]]],
      ],
      '3: process 0 completes the transaction of line 2 with r "x" where it was invoked with append "x" 1: repeat its micro-operations, the reads filled in',
    ],
    [
      "a completion with another key",
      [
        [0, "invoke", append("x", 1)],
        [0, "ok", append("y", 1)],
      ],
      '3: process 0 completes the transaction of line 2 with append "y" 1 where it was invoked with append "x" 1: repeat its micro-operations, the reads filled in',
    ],
    [
      "a completion with fewer micro-operations",
      [
        [0, "invoke", append("x", 1)],
        [0, "ok", []],
      ],
      "3: process 0 completes the transaction of line 2 with 0 micro-operations, but invoked it with 1: repeat its micro-operations, the reads filled in",
    ],
    [
      "a transaction that completes twice",
      [...whole, [0, "ok", append("x", 1)]],
      "4: process 0 completes txn, but its last operation, txn of line 2, is complete",
    ],
    [
      "two transactions open",
      [
        [0, "invoke", append("x", 1)],
        [0, "invoke", append("x", 2)],
      ],
      "3: process 0 invokes txn while its txn of line 2 is open: a process does one operation at a time",
    ],
    [
      "a transaction after an unknown outcome",
      [
        [0, "invoke", append("x", 1)],
        [0, "info", null],
        [0, "invoke", append("x", 2)],
      ],
      "4: process 0 invokes txn after its txn of line 2 ended in info: go on under a new process number",
    ],
    [
      "a completion of nothing",
      [...whole, [1, "ok", []]],
      "4: process 1 completes txn without having invoked anything",
    ],
  ])("%s", (_, steps, message) => {
    for (const [file, text] of files(...steps)) {
      expect(() => readRecordedText(text, { file })).toThrow(new UsageError(`${file}:${message}`));
    }
  });

  test("a key beside the micro-operations", () => {
    const [first] = events(...whole);
    const text = formatJsonl([{ ...first!, key: "x" }]);
    expect(() => readRecordedText(text, { file: "h.jsonl" })).toThrow(
      "h.jsonl:1: a transaction has its keys in its micro-operations: leave out its key",
    );
    const edn = "{:process 0 :type :invoke :f :txn :key 1 :value [[:r 1 nil]]}";
    expect(() => readRecordedText(edn, { file: "h.edn" })).toThrow(
      "h.edn:1: a transaction has its keys in its micro-operations: leave out its key",
    );
  });

  test("a history that is to be read as keyed", () => {
    const [, [file, text]] = files([
      0,
      "invoke",
      [
        ["append", "x", 1],
        ["r", "x", null],
      ],
    ]) as [unknown, [string, string]];
    expect(() => readRecordedText(text, { file, keyed: true })).toThrow(
      "h.edn:2: transactions have their keys in their micro-operations: read the history as unkeyed",
    );
  });

  test("the first fault of the file, though it would be another one among operations", () => {
    const bad = formatJsonl(events([0, "invoke", append("x", 1)], [1, "invoke", append("x", 1)]));
    expect(() => readRecordedText(`${bad}no event\n`, { file: "h.jsonl" })).toThrow(
      /^h\.jsonl:2: /,
    );
  });
});

test("an outcome that is not ok may say anything", () => {
  for (const value of [null, "timeout", 3, [], [["r", "x", 1]], { a: 1 }, ["x"]] as Json[]) {
    for (const type of ["fail", "info"] as const) {
      for (const [file, text] of files([0, "invoke", append("x", 1)], [0, type, value])) {
        const recorded = readRecordedText(text, { file });
        expect(recorded.kind === "transactions" && [...recorded.transactions.outcome]).toEqual([
          type === "fail" ? 1 : 2,
        ]);
      }
    }
  }
});

test("times and indexes that a Jepsen history lacks or mixes up are put right", () => {
  const text = [
    "{:process 0, :type :invoke, :f :txn, :value [[:append 1 1]]}",
    "{:process 1, :type :invoke, :f :txn, :value [[:append 1 2]], :time 50, :index 7}",
    "{:process 0, :type :ok, :f :txn, :value [[:append 1 1]], :time 40}",
  ].join("\n");
  const recorded = readRecordedText(text, { file: "h.edn" });
  if (recorded.kind !== "transactions") throw new Error("read as operations");
  expect([...recorded.transactions.invokedAt]).toEqual([0, 50]);
  expect([...recorded.transactions.completedAt]).toEqual([40, Infinity]);
  expect(recorded.warnings).toEqual([
    "h.edn:2: indexes do not count from 0: events are numbered by position",
    "h.edn: time goes backwards once, first at line 3",
  ]);
});

describe("a file that was cut short", () => {
  const operations: Step[] = [
    [0, "invoke", 1, "write"],
    [0, "ok", 1, "write"],
    [1, "invoke", "é}{[\\", "write"],
  ];
  const transactions: Step[] = [
    ...whole,
    [
      1,
      "invoke",
      [
        ["append", "x", "é}{[\\"],
        ["r", "x", null],
      ],
    ],
  ];
  const cases = [operations, transactions].flatMap((steps) => files(...steps));

  test.each(cases)(
    "%s is refused wherever the cut, and read up to there on demand",
    (file, text) => {
      const cut = text.trimEnd().lastIndexOf("\n") + 1;
      for (let end = cut + 1; end < text.length - 1; end++) {
        const lineEnd = ["", "\n", "\n \n\n"][end % 3]!;
        const short = text.slice(0, end) + lineEnd;
        expect(() => readRecordedText(short, { file })).toThrow(
          /^h\.\w+:4: [^\n]+ \(--allow-truncated reads the events before it\)$/,
        );
        const recorded = readRecordedText(short, { file, allowTruncated: true });
        const { size } = recorded.kind === "operations" ? recorded.columns : recorded.transactions;
        expect(size).toBe(1);
        expect(recorded.warnings).toEqual([
          `${file}:4: the file was cut short: what follows the last whole event is left out`,
        ]);
        const { history, warnings } = readHistoryText(short, { file, allowTruncated: true });
        expect(history.operations).toHaveLength(1);
        expect(warnings).toEqual(recorded.warnings);
      }
    },
  );

  test.each(cases)("%s needs no line end", (file, text) => {
    const recorded = readRecordedText(text.trimEnd(), { file });
    const { size } = recorded.kind === "operations" ? recorded.columns : recorded.transactions;
    expect(size).toBe(2);
    expect(recorded.warnings).toEqual([]);
  });

  test("a vector may lack its bracket", () => {
    const [, [file, text]] = files(...whole) as [unknown, [string, string]];
    expect(() => readRecordedText(`[${text}`, { file })).toThrow(/^h\.edn:1: \[ is not closed/);
    const recorded = readRecordedText(`[${text}`, { file, allowTruncated: true });
    expect(recorded.kind === "transactions" && recorded.transactions.size).toBe(1);
    expect(recorded.warnings).toHaveLength(1);
  });

  test("a log is read up to its last whole line", () => {
    const text = "0\t:invoke\t:txn\t[[:r 5 nil]]\n0\t:ok\t:txn\t[[:r 5 [1";
    expect(() => readRecordedText(text, { file: "j.log" })).toThrow(
      /^j\.log:2: .*--allow-truncated/,
    );
    const recorded = readRecordedText(text, { file: "j.log", allowTruncated: true });
    expect(recorded.kind === "transactions" && recorded.transactions.completed[0]).toBe(
      0x7fff_ffff,
    );
    expect(recorded.warnings).toContain(
      "j.log:2: the file was cut short: what follows the last whole event is left out",
    );
  });

  test("a line in the middle is refused all the same", () => {
    const [json, edn] = files(...whole).map(([, text]) => text) as [string, string];
    const options = { allowTruncated: true };
    const half = json.slice(0, json.length / 4).trimStart();
    expect(() => readRecordedText(`${half}\n${json}`, { file: "h.jsonl", ...options })).toThrow(
      /^h\.jsonl:1: the line stops.*again$/,
    );
    expect(() => readRecordedText('{"index":,\n', { file: "h.jsonl", ...options })).toThrow(
      /^h\.jsonl:1: not one JSON object/,
    );
    for (const lost of [/\}$/m, /"(?=x)/]) {
      expect(() => readRecordedText(edn.replace(lost, ""), { file: "h.edn", ...options })).toThrow(
        /^h\.edn:\d: /,
      );
    }
  });

  test("an empty one stays empty", () => {
    expect(() => readRecordedText('{"index":0', { file: "h.jsonl", allowTruncated: true })).toThrow(
      "h.jsonl: no event in the whole file",
    );
  });
});
