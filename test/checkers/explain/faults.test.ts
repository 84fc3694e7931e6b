/** What the nemesis did: windows where its events show a beginning and an end, else moments. */

import { describe, expect, it } from "vitest";
import { faultsIn } from "../../../checkers/explain/faults.js";
import type { HistoryEvent } from "../../../histories/history.js";
import { readEdn } from "../../../histories/index.js";

/** One name an event; `!` after it stands for asked and answered, two events. */
function seen(text: string) {
  const names = text.split(" ").flatMap((name) => {
    return name.endsWith("!") ? [name.slice(0, -1), name.slice(0, -1)] : [name];
  });
  const { windows, moments } = faultsIn(
    names.map((f, index): HistoryEvent => {
      return { index, time: index, process: "nemesis", type: "info", f, value: null };
    }),
  );
  return {
    windows: windows.map(({ kind, from, to }) => `${kind} ${from}..${to}`),
    marks: moments.map(({ label = "-", position }) => `${label} ${position}`),
  };
}

describe("the operations of a Jepsen nemesis", () => {
  it.each([
    ["start-partition! stop-partition!", ["partition 0..3"]],
    ["start-clock-skew stop-clock-skew", ["clock-skew 0..1"]],
    ["partition-start! partition-stop!", ["partition 0..3"]],
    ["start! stop! start! stop!", ["fault 0..3", "fault 4..7"]],
    ["kill! start! kill! restart!", ["kill 0..3", "kill 4..7"]],
    ["pause! kill! resume! start!", ["pause 0..5", "kill 2..7"]],
    ["kill! kill! start!", ["kill 0..5"]],
    ["start start-partition stop stop-partition", ["fault 0..2", "partition 1..3"]],
  ])("%s are faults that begin and end", (text, windows) => {
    expect(seen(text)).toEqual({ windows, marks: [] });
  });

  it("are marks with a label when they begin or end nothing", () => {
    expect(seen("stop! bump-clock! kill!")).toEqual({
      windows: [],
      marks: ["stop 0", "- 1", "bump-clock 2", "- 3", "kill 4", "- 5"],
    });
  });

  it("do not last until something that was ended is ended again, to be sure", () => {
    expect(seen("kill! start! start! start-partition! stop-partition! stop-partition!")).toEqual({
      windows: ["kill 0..3", "partition 6..9"],
      marks: ["start 4", "- 5", "stop-partition 10", "- 11"],
    });
    expect(seen("start stop stop").windows).toEqual(["fault 0..1"]);
  });

  it("are read from a history of Jepsen's, with what is told of them", () => {
    const { events } = readEdn(`
      {:type :info, :process :nemesis, :f :start-partition, :value :majority, :index 0}
      {:type :info, :process :nemesis, :f :start-partition, :value [:isolated {"n1" #{"n2"}}], :index 1}
      {:type :invoke, :process 0, :f :read, :value nil, :index 2}
      {:type :ok, :process 0, :f :read, :value 1, :index 3}
      {:type :info, :process :nemesis, :f :stop-partition, :value nil, :index 4}
      {:type :info, :process :nemesis, :f :stop-partition, :value :network-healed, :index 5}
      {:type :info, :process :nemesis, :f :bump-clock, :value {"n1" 200}, :index 6}`);
    const { windows, moments } = faultsIn(events.filter(({ process }) => process === "nemesis"));
    expect(windows).toMatchObject([{ kind: "partition", from: 0, to: 5 }]);
    expect(windows[0]!.detail).toContain("isolated");
    expect(moments).toEqual([
      { text: 'nemesis: bump-clock {"n1":200}', label: "bump-clock", position: 6 },
    ]);
  });
});

describe("other observations", () => {
  it("are faults only where an id tells which one ends, and moments without a label else", () => {
    const events = [
      { process: "nemesis", f: "kill", value: { id: 1 } },
      { process: "n1", f: "start-partition", value: null },
      { process: "n1", f: "stop-partition", value: null },
      { process: "nemesis", f: "kill-end", value: { id: 1 } },
      { process: "nemesis", f: "pause", value: { id: 2 } },
    ].map((one, index) => ({ ...one, index, time: index, type: "info" as const }));
    const { windows, moments } = faultsIn(events);
    expect(windows.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ["kill", 0, 3],
      ["pause", 4, undefined],
    ]);
    expect(moments).toEqual([
      { text: "n1: start-partition", position: 1 },
      { text: "n1: stop-partition", position: 2 },
    ]);
  });
});
