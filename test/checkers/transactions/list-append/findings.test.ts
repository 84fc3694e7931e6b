/** Anomalies that are no cycles, one history each; the numbers are those of Elle's own expectations. */

import { describe, expect, it } from "vitest";
import { decideGraph } from "../../../../checkers/transactions/graph/decide.js";
import { analyseListAppend } from "../../../../checkers/transactions/list-append/analysis.js";
import { transactionsOf } from "../../../../histories/index.js";
import { history, type NotationOptions } from "../notation.js";

function analysed(text: string, options: NotationOptions = {}) {
  const analysis = analyseListAppend(
    transactionsOf(history(text, { service: "list-append", ...options })),
  );
  const elementsOf = (values: readonly number[]) =>
    values.map((id) => analysis.transactions.values.value(id));
  const findings = analysis.findings.map(({ type, transactions, values }) => {
    return { type, transactions, elements: elementsOf(values) };
  });
  return { ...analysis, shown: findings, messages: analysis.findings.map((one) => one.message) };
}

function only(text: string, options: NotationOptions = {}) {
  const { shown, messages } = analysed(text, options);
  expect(shown).toHaveLength(1);
  return { ...shown[0]!, message: messages[0]! };
}

describe("garbage-read", () => {
  it("is an element that nobody appended", () => {
    const found = only("ax1 | rx9");
    expect(found).toMatchObject({ type: "garbage-read", transactions: [1], elements: [9] });
    expect(found.message).toBe(
      "process 1's transaction of event 1 read [9] of key x, but nobody ever appended 9",
    );
  });

  it("is an element of another key", () => {
    expect(only("ax1 | ry1")).toMatchObject({ type: "garbage-read", elements: [1] });
  });

  it("is counted once a read, by its first such element", () => {
    expect(analysed("ax1 | rx[1 8 9] | rx[1 8]").counts).toEqual({ "garbage-read": 2 });
    expect(analysed("ax1 | rx[1 8 9]").shown[0]!.elements).toEqual([8]);
  });

  it("does not hide the order of what was appended", () => {
    const { graph } = analysed("ax1 | rx[9 1 8 2] | ax2");
    expect(decideGraph(graph, { form: "ww", order: "data" })).toMatchObject({ holds: true });
    expect([...graph.target.subarray(graph.start[0], graph.start[1])]).toEqual([2]);
  });

  it("is not what a transaction read that is not ok", () => {
    expect(analysed("ax1 | info rx9 | fail rx8").findings).toEqual([]);
  });
});

describe("duplicate-elements", () => {
  it("is an element that stands twice in a list (14)", () => {
    const { shown, counts, messages } = analysed("ax1ry1 | ax2ay1 | rx121");
    expect(counts).toMatchObject({ "duplicate-elements": 1 });
    expect(shown[0]).toMatchObject({ transactions: [2, 0], elements: [1] });
    expect(messages[0]).toContain("in which 1 stands twice");
  });

  it("goes by the first place of the element", () => {
    const { graph } = analysed("ax1ry1 | ax2ay1 | rx121");
    expect(decideGraph(graph, { form: "ww-wr", order: "data" })).toMatchObject({
      holds: false,
      cycles: [{ type: "G1c" }],
    });
  });

  it("may repeat what nobody appended", () => {
    expect(analysed("ax1 | rx[99]").counts).toEqual({ "garbage-read": 1 });
    expect(analysed("ax1 | rx[9 9]").counts).toEqual({
      "garbage-read": 1,
      "duplicate-elements": 1,
    });
  });
});

describe("G1a", () => {
  it("is an element of an aborted transaction (2, 3)", () => {
    const found = only("fail ax1 | rx1");
    expect(found).toMatchObject({ type: "G1a", transactions: [1, 0], elements: [1] });
    expect(found.message).toBe(
      "process 1's transaction of event 1 read [1] of key x, but 1 was appended by process 0's transaction of event 0, which was aborted",
    );
  });

  it("is so wherever in the list it stands, and in every read of it", () => {
    expect(analysed("fail ax1 | info ax2 | rx12 | rx1").counts).toEqual({ G1a: 2 });
  });

  it("keeps the details of the first ones only, and counts all", () => {
    const text = `fail ax1 | ${Array.from({ length: 40 }, () => "rx1").join(" | ")}`;
    const { counts, shown } = analysed(text);
    expect(counts).toEqual({ G1a: 40 });
    expect(shown.map(({ transactions: [t] }) => t)).toEqual(
      Array.from({ length: 32 }, (_, i) => i + 1),
    );
  });
});

describe("G1b", () => {
  it("is a list that ends within another transaction (4)", () => {
    const found = only("ax1ax2 | rx1");
    expect(found).toMatchObject({ type: "G1b", transactions: [1, 0], elements: [1, 2] });
    expect(found.message).toContain("appended 2 after 1: it saw half of that transaction");
  });

  it("is none of the transaction's own appends (20)", () => {
    expect(analysed("rxax1ax2 | rx12").findings).toEqual([]);
    expect(analysed("ax1rx1ax2 | rx12").findings).toEqual([]);
  });

  it("is none when others appended in between: then it is no read of theirs", () => {
    expect(analysed("ax1ax3 | ax2 | rx12").counts).toEqual({});
  });

  it("can be shown of a transaction of unknown outcome", () => {
    expect(analysed("info ax1ax2 | rx1").counts).toEqual({ G1b: 1 });
  });
});

describe("incompatible-order", () => {
  it("is two reads of which neither is a prefix of the other (11)", () => {
    const { shown, messages, counts } = analysed("ax1ry1 | ax2 | ax3ay1 | rx13 | rx123");
    expect(counts).toEqual({ "incompatible-order": 1 });
    expect(shown[0]).toMatchObject({ transactions: [3, 4], elements: [3, 2] });
    expect(messages[0]).toBe(
      "process 3's transaction of event 3 read [1 3] of key x and process 4's transaction of event 4 read [1 2 3]: no order of the appends gives both",
    );
  });

  it("is counted once per list that deviates", () => {
    expect(analysed("ax1 | ax2 | ax3 | rx1 | rx2 | rx3 | rx3").counts).toEqual({
      "incompatible-order": 2,
    });
  });

  it("leaves a G1c that rests on the longest list (11)", () => {
    const { graph } = analysed("ax1ry1 | ax2 | ax3ay1 | rx13 | rx123");
    const decision = decideGraph(graph, { form: "ww-wr", order: "data" });
    expect(decision).toMatchObject({ holds: false, cycles: [{ type: "G1c" }] });
  });

  it("takes of equally long lists what they begin with, whichever was read first", () => {
    for (const text of ["rx312 | rx321", "rx321 ; rx312", "rx312rx321"]) {
      const { graph } = analysed(`ax1 | ax2 | ax3 | ${text}`);
      const writes = [...graph.kind.keys()].filter((e) => graph.kind[e] === 1);
      const from = (e: number) => graph.start.findLastIndex((start) => start <= e);
      expect(writes.map((e) => [from(e), graph.target[e]]).sort()).toEqual([
        [2, 0],
        [2, 1],
      ]);
    }
  });

  it("takes the longest list, whenever it was read", () => {
    expect(versions(analysed("ax1 | ax2 | ax3 | rx2 ; rx1 ; rx132"))).toEqual([1, 3, 2]);
  });

  it("is a transaction whose appends took effect in another order", () => {
    const found = only("ax1ax2 | ax3 | rx213");
    expect(found).toMatchObject({ type: "incompatible-order", transactions: [0, 2] });
    expect(found.elements).toEqual([1, 2]);
    expect(found.message).toContain(
      "appended 1 to key x before 2, but process 2's transaction of event 2 read [2 1 3]",
    );
  });
});

/** The first versions of the only key, along the ww edges. */
function versions({ graph, transactions }: ReturnType<typeof analysed>): number[] {
  const appended = (t: number) => transactions.values.value(transactions.value[t]!) as number;
  const edges = Array.from({ length: transactions.size }, (_, t) =>
    [...graph.target.subarray(graph.start[t], graph.start[t + 1])]
      .filter((_target, i) => graph.kind[graph.start[t]! + i] === 1)
      .map((to) => [t, to] as const),
  ).flat();
  const first = edges.find(([from]) => !edges.some(([, to]) => to === from))![0];
  const order = [first];
  for (let next = edges.find(([from]) => from === first); next !== undefined; ) {
    const [, to] = next;
    order.push(to);
    next = edges.find(([from]) => from === to);
  }
  return order.map(appended);
}

describe("dirty-update", () => {
  it("is an append that was committed after one that was aborted (12)", () => {
    const { counts, shown, messages } = analysed("fail ax1 | ax2 | rx12");
    expect(counts).toEqual({ G1a: 1, "dirty-update": 1 });
    expect(shown[1]).toMatchObject({ transactions: [1, 0], elements: [1, 2] });
    expect(messages[1]).toContain("it committed on top of what was undone");
  });

  it("may have appends of unknown outcome in between (13)", () => {
    expect(analysed("fail ax1 | info ax2 | ax3 | rx123").shown[1]).toMatchObject({
      type: "dirty-update",
      elements: [1, 2, 3],
    });
  });

  it("needs a commit after the abort", () => {
    expect(analysed("fail ax1 | ax2 | rx21").counts).toEqual({ G1a: 1 });
    expect(analysed("fail ax1 | info ax2 | rx12").counts).toEqual({ G1a: 1 });
  });

  it("lets the order of versions pass over what was aborted", () => {
    expect(versions(analysed("ax1 | fail ax2 | ax3 | rx123"))).toEqual([1, 3]);
  });
});

describe("future-read", () => {
  it("is an element that the transaction appends later (22)", () => {
    const found = only("rx1ax1");
    expect(found).toMatchObject({ type: "future-read", transactions: [0], elements: [1] });
    expect(found.message).toContain("read [1] of key x before it appended 1 itself");
  });

  it("can be shown by a read that deviates from the longest list", () => {
    expect(analysed("rx2ax2 | ax1 | ax3 | rx13").counts).toMatchObject({ "future-read": 1 });
  });

  it("is none when the transaction appended it before", () => {
    expect(analysed("ax1rx1ax2rx12").findings).toEqual([]);
  });
});

describe("internal", () => {
  it("is a list that does not end with what the transaction appended (15)", () => {
    const found = only("ax1ax2ax4 | ax3rx1234");
    expect(found).toMatchObject({ type: "internal", transactions: [1], elements: [3] });
    expect(found.message).toBe(
      "process 1's transaction of event 1 read [1 2 3 4] of key x, although it had appended 3 itself before",
    );
  });

  it("is a second read that differs from the first", () => {
    expect(analysed("rxrx1 | ax1").counts).toEqual({ internal: 1 });
    expect(analysed("rx1rx | ax1").counts).toEqual({ internal: 1 });
    expect(analysed("rx1rx1 | ax1").counts).toEqual({});
  });

  it("is a second read without what was appended since the first", () => {
    expect(only("rx1ax2rx1 | ax1").message).toContain(
      "read [1] of key x, although it had read [1] and appended 2 itself before",
    );
    expect(analysed("rx1ax2rx12 | ax1").counts).toEqual({});
    expect(analysed("ax2ax3rx123 | ax1").counts).toEqual({});
    expect(analysed("ax2ax3rx132 | ax1").counts).toMatchObject({ internal: 1 });
  });

  it("lets a transaction expect anything before its own appends at its first read", () => {
    expect(analysed("ax3rx123 | ax1 | ax2").counts).toEqual({});
    expect(analysed("ax3rx | ax1").counts).toEqual({ internal: 1 });
  });

  it("compares lists that deviate from each other", () => {
    expect(analysed("ax1 | ax2 | rx12 | rx2rx2").counts).toEqual({ "incompatible-order": 1 });
    expect(analysed("ax1 | ax2 | rx1rx2").counts).toMatchObject({ internal: 1 });
  });
});

describe("lost-update", () => {
  it("is two transactions that read a version and append to it (19)", () => {
    const { shown, counts, messages } = analysed("ax0 | rx0ax1 | rx0ax2");
    expect(counts).toEqual({ "lost-update": 1, "G-cursor": 1 });
    expect(shown[0]).toMatchObject({ transactions: [1, 2], elements: [1, 2] });
    expect(messages[0]).toBe(
      "process 1's transaction of event 1 and process 2's transaction of event 2 both read [0] of key x and then appended 1 and 2: neither knew of the other's append",
    );
  });

  it("is counted once per key and version", () => {
    expect(analysed("rxax1 | rxax2 | rxax3 | ryay1 | ryay2").counts).toMatchObject({
      "lost-update": 2,
    });
  });

  it("is none when the transaction appended before it read", () => {
    expect(analysed("ax0 | ax1rx01ax3 | rx0ax2").counts["lost-update"]).toBeUndefined();
  });

  it("is none when the versions differ", () => {
    expect(analysed("rxax1 ; rx1ax2 ; rx12").findings).toEqual([]);
  });

  it("goes by the first read", () => {
    expect(analysed("ax1 | ax2 | rx1rx12ax3 | rx12ax4 | rx12").counts["lost-update"]).toBe(
      undefined,
    );
  });
});

describe("G-cursor", () => {
  it("is an append of somebody else between a read and an append", () => {
    const found = only("ax1 | rxax2 | rx12");
    expect(found).toMatchObject({ type: "G-cursor", transactions: [1, 0], elements: [1, 2] });
    expect(found.message).toBe(
      "process 1's transaction of event 1 read [] of key x and then appended 2, but 1 of process 0's transaction of event 0 came in between",
    );
  });

  it("is none when the own append comes next, even if nobody read either", () => {
    expect(analysed("ax1 | rxax2 | rx2").findings).toEqual([]);
    const unread = analysed("ax1 | rxax2");
    expect(unread.findings).toEqual([]);
    expect(unread.cursor()).toBe(true);
  });

  it("is there when only one of two unread appends can come next", () => {
    expect(analysed("rxax1 | rxax2").counts).toMatchObject({ "G-cursor": 1 });
  });

  it("is there when the append that would come later was seen", () => {
    const { cursor, findings } = analysed("ax1ay1 | rxax2ry1");
    expect(findings).toEqual([]);
    expect(cursor()).toMatchObject([{ type: "G-cursor", transactions: [1, 0] }]);
  });

  it("is there when appends of two keys cannot both come next", () => {
    const { cursor, findings } = analysed("rxax1ay1 | ryay2ax2");
    expect(findings).toEqual([]);
    const found = cursor();
    expect(Array.isArray(found) && found.map(({ type }) => type)).toContain("G-cursor");
  });

  it("looks at every read before the append", () => {
    expect(analysed("ax1 | rxrx1ax2 | rx12").counts).toEqual({ internal: 1, "G-cursor": 1 });
  });
});

describe("findings", () => {
  it("show of a long list only what is said", () => {
    const appends = Array.from({ length: 20 }, (_, i) => `ax${i}`).join(" ");
    const list = Array.from({ length: 20 }, (_, i) => i).join(" ");
    expect(only(`${appends} | rx[${list} 99]`).message).toContain("read [… 18 19 99] of key x");
    const twice = list.replace(" 9 ", " 9 3 ");
    expect(only(`${appends} | rx[${twice}]`).message).toContain(
      "read [… 1 2 3 4 5 … 8 9 3 10 11 …] of key x, in which 3 stands twice",
    );
    const odd = list.replace(" 9 ", " 9 99 ");
    expect(only(`${appends} | rx[${odd}]`).message).toContain("read [… 8 9 99 10 11 …] of key x");
  });

  it("show of two long lists where they begin to differ, and how they end", () => {
    const elements = Array.from({ length: 20 }, (_, i) => i);
    const appends = elements.map((i) => `ax${i}`).join(" | ");
    const moved = elements.toSpliced(3, 1).toSpliced(7, 0, 3);
    const [one, other] = [elements.join(" "), moved.join(" ")];
    expect(
      analysed(`${appends} | rx[${one}]rx[${other}]`).messages.find((text) =>
        /although/.test(text),
      ),
    ).toContain(
      "read [… 1 2 4 5 6 … 17 18 19] of key x, although it had read [… 1 2 3 4 5 … 17 18 19] itself before",
    );
    expect(
      analysed(`${appends} ; rx[${one}] ; rx[${other}]`).messages.find((text) =>
        /no order/.test(text),
      ),
    ).toMatch(
      /\[… 1 2 4 5 6 … 17 18 19\] of key x and .* read \[… 1 2 3 4 5 … 17 18 19\]: no order/,
    );
    const shorter = elements.slice(0, 17).join(" ");
    expect(only(`${appends} | rx[${one}]rx[${shorter}]`).message).toContain(
      "read [… 14 15 16] of key x, although it had read [… 15 16 17 18 19] itself before",
    );
  });

  it("show the first own append that is not there, of many", () => {
    const elements = Array.from({ length: 12 }, (_, i) => i);
    const own = [20, 21, 22, 23, 24, 25];
    const made = own.map((i) => `ax${i}`).join("");
    const read = [...elements, 21, 20, ...own.slice(2)].join(" ");
    const { messages } = analysed(
      `${elements.map((i) => `ax${i}`).join(" | ")} | ${made}rx[${read}]`,
    );
    expect(messages.find((text) => /although/.test(text))).toContain(
      "read [… 10 11 21 20 22 23 24 25] of key x, although it had appended 20, 21, 22, 23 and 2 more itself before",
    );
  });

  it("come in the order of their types, then of invocation", () => {
    const { shown } = analysed("rx1ax1 | fail ay1 | ry1 | rz9 | ry1");
    expect(shown.map(({ type, transactions: [t] }) => `${type} ${t}`)).toEqual([
      "garbage-read 3",
      "G1a 2",
      "G1a 4",
      "future-read 0",
    ]);
  });

  it("are none in a history that is right", () => {
    const { findings, counts, cursor, visibility } = analysed("ax1ay1 ; rx1ry1ax2 ; rx12ry1ay2", {
      sequential: true,
    });
    expect(findings).toEqual([]);
    expect(counts).toEqual({});
    expect(cursor()).toBe(true);
    expect(visibility("causal", 1e6)).toBe(true);
  });

  it("are none in a history without transactions", () => {
    const transactions = transactionsOf(history("pending ax1"));
    const { findings, graph } = analyseListAppend(transactions);
    expect(findings).toEqual([]);
    expect([...graph.present]).toEqual([0]);
  });
});
