import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.js";
import type { FaultDraft } from "../../src/plan/fault.js";
import { MS, numbered, SECOND, Stage } from "./stage.js";

/** What everybody heard from n1, which says one number after the other to all, as `n2 7`. */
async function heard(faults: readonly FaultDraft[], count = 40): Promise<string[]> {
  const lines: string[] = [];
  const stage = new Stage({
    nodes: ["n1", "n2", "n3", "n4"],
    create: ({ id, nodes, send, after: later }) => {
      const say = (n: number): void => {
        for (const dest of nodes) send(dest, { type: "say", n, by: id, msg_id: n });
        if (n < count) later(10, () => say(n + 1));
      };
      return {
        start: () => {
          if (id === "n1") later(10, () => say(1));
        },
        onMessage: ({ src, body }) => {
          if (src === "c0") return { type: "told", secret: 7 };
          expect({ type: body["type"], msg_id: typeof body["msg_id"] }).toEqual({
            type: "say",
            msg_id: "number",
          });
          lines.push(`${id} ${shown(body)}`);
          return undefined;
        },
      };
    },
  });
  for (const fault of faults) stage.fault(fault);
  stage.ask(100 * MS, "n1");
  await stage.run(SECOND);
  lines.push(...stage.answers.map((line) => `c0 ${line.split(" ")[2]}`));
  return lines;
}

const shown = ({ n, by, msg_id }: JsonObject): string =>
  n === msg_id && by === "n1" ? "true" : `${String(msg_id)}: ${String(n)} by ${String(by)}`;
const whole = { atUs: 0, untilUs: SECOND, target: "n1" };
const lies = (lines: readonly string[], who?: string): string[] =>
  lines.filter(
    (line) => !line.endsWith("true") && !line.startsWith("c0") && line.startsWith(who ?? ""),
  );

describe("a node that lies", () => {
  test("says to its peers what it did not mean, and to itself and clients the truth", async () => {
    const lines = await heard([{ kind: "lie", ...whole, ppm: 1_000_000 }]);
    expect(lies(lines).length).toBeGreaterThan(100);
    expect(lies(lines, "n1")).toEqual([]);
    expect(lines).toContain('c0 {"type":"told","secret":7,"in_reply_to":100000}');
  });

  test("lies mostly by what it said before", async () => {
    const lines = lies(await heard([{ kind: "lie", ...whole, ppm: 1_000_000 }]));
    const old = lines.filter((line) => {
      const [, id, n] = /(\d+): (-?\d+) by n1$/.exec(line) ?? [];
      return Number(n) >= 1 && Number(n) < Number(id);
    });
    expect(old.length).toBeGreaterThan(lines.length / 2);
  });

  test("lies as often as it is to, for as long as it is to", async () => {
    const lines = await heard([{ kind: "lie", ...whole, ppm: 300_000 }]);
    expect(lies(lines).length).toBeGreaterThan(15);
    expect(lies(lines).length).toBeLessThan(60);
    expect(lies(await heard([{ kind: "lie", ...whole, ppm: 0 }]))).toEqual([]);
    const short = { ...whole, untilUs: 105 * MS };
    expect(lies(await heard([{ kind: "lie", ...short, ppm: 1_000_000 }])).length).toBeLessThan(31);
  });

  test("lies to clients where it is to", async () => {
    const lines = await heard([{ kind: "lie", ...whole, ppm: 1_000_000, clients: true }]);
    const told = lines.filter((line) => line.startsWith("c0"));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('"type":"told"');
    expect(told[0]).toContain('"in_reply_to":100000');
    expect(told[0]).not.toContain('"secret":7,');
  });

  test("lies the same whatever else befalls the others", async () => {
    const lie: FaultDraft = { kind: "lie", ...whole, ppm: 500_000 };
    const pause: FaultDraft = { kind: "pause", atUs: 0, untilUs: SECOND, target: "n4" };
    const without4 = (lines: string[]): string[] => lines.filter((line) => !line.startsWith("n4"));
    expect(without4(await heard([lie, numbered(pause, 1)]))).toEqual(without4(await heard([lie])));
  });
});

describe("a node that equivocates", () => {
  test("tells some the truth and others something else, in the same matter", async () => {
    const lines = await heard([{ kind: "equivocate", ...whole, ppm: 1_000_000 }]);
    const deceived = ["n2", "n3", "n4"].map((node) => lies(lines, node).length);
    for (const count of deceived) {
      expect(count).toBeGreaterThan(5);
      expect(count).toBeLessThan(35);
    }
    const matters = Array.from({ length: 40 }, (_, i) =>
      ["n2", "n3", "n4"].map((node) =>
        lies(lines, node).some((line) => line.startsWith(`${node} ${i + 1}:`)),
      ),
    );
    const split = matters.filter((told) => told.includes(true) && told.includes(false));
    expect(split.length).toBeGreaterThan(15);
  });

  test("tells all those whom it deceives the same", async () => {
    const lines = lies(await heard([{ kind: "equivocate", ...whole, ppm: 1_000_000 }]));
    const versions = new Map<string, Set<string>>();
    for (const line of lines) {
      const [, matter = "", version = ""] = /^n\d (\d+): (.*)$/.exec(line) ?? [];
      versions.set(matter, (versions.get(matter) ?? new Set()).add(version));
    }
    expect(versions.size).toBeGreaterThan(20);
    for (const told of versions.values()) expect(told.size).toBe(1);
  });
});

describe("a mute node", () => {
  const of = (lines: readonly string[], node: string): number =>
    lines.filter((line) => line.startsWith(node)).length;

  test("says nothing to its peers, and answers its clients", async () => {
    const lines = await heard([{ kind: "mute", ...whole }]);
    expect(["n1", "n2", "n3", "n4", "c0"].map((node) => of(lines, node))).toEqual([40, 0, 0, 0, 1]);
  });

  test("shuns those who are named, and clients if it is to", async () => {
    const named = await heard([{ kind: "mute", ...whole, to: ["n3"] }]);
    expect(["n2", "n3", "n4"].map((node) => of(named, node))).toEqual([40, 0, 40]);
    expect(of(await heard([{ kind: "mute", ...whole, clients: true }]), "c0")).toBe(0);
  });
});
