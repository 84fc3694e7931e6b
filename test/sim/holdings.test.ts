import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FaultDraft } from "../../src/plan/fault.js";
import { MS } from "./stage.js";
import { type Sending, traffic } from "./traffic.js";

type Own = { [field: string]: unknown };
const fault =
  (kind: string) =>
  (fromMs: number, untilMs: number, own: Own = {}): FaultDraft =>
    ({ kind, atUs: fromMs * MS, untilUs: untilMs * MS, ...own }) as FaultDraft;
const [clog, hold, loss, duplicate] = ["clog", "hold", "loss", "duplicate"].map(fault) as [
  ReturnType<typeof fault>,
  ReturnType<typeof fault>,
  ReturnType<typeof fault>,
  ReturnType<typeof fault>,
];

const at = (...times: number[]): Sending[] => times.map((atMs) => ({ atMs }));
const nodes = fc.constantFrom("n1", "n2", "n3");
const anySendings = fc.array(
  fc.record({
    atMs: fc.integer({ min: 1, max: 200 }),
    src: nodes,
    dest: nodes,
    type: fc.constantFrom("a", "b"),
  }),
  { maxLength: 40 },
);
const jitter = { link: { jitterUs: 5 * MS } };

describe("a clog", () => {
  test("keeps what is sent meanwhile, and lets it go when it ends", async () => {
    const { arrivals, stage } = await traffic([clog(10, 50)], at(9.5, 20, 30, 60));
    expect(arrivals).toEqual([[10.5 * MS], [51 * MS], [51 * MS], [61 * MS]]);
    expect(stage.probes).toEqual(["a clog let go what had piled up"]);
  });

  test("releases in the order of sending, on every link, however slow each message is", async () => {
    await fc.assert(
      fc.asyncProperty(anySendings, fc.nat(), async (sendings, seed) => {
        const sorted = [...sendings].sort((a, b) => a.atMs - b.atMs);
        const { arrivals, order } = await traffic([clog(50, 150)], sorted, { seed, ...jitter });
        for (const came of order.values()) expect(came).toEqual([...came].sort((a, b) => a - b));
        sorted.forEach(({ atMs }, i) => {
          expect(arrivals[i]).toHaveLength(1);
          // A message of the same instant may be sent on either side of an edge.
          if (atMs > 50 && atMs < 150) expect(arrivals[i]?.[0]).toBeGreaterThanOrEqual(151 * MS);
        });
      }),
      { numRuns: 40 },
    );
  });

  test("ends only when the last of several on the link ends", async () => {
    const faults = [clog(10, 50), clog(20, 80)];
    const { arrivals } = await traffic(faults, at(15, 30, 60));
    expect(arrivals).toEqual([[51 * MS], [81 * MS], [81 * MS]]);
  });

  test("touches only the links it names", async () => {
    const sendings = [
      { atMs: 20, src: "n1", dest: "n2" },
      { atMs: 20, src: "n2", dest: "n1" },
      { atMs: 20, src: "n1", dest: "n3" },
    ];
    const { arrivals } = await traffic([clog(10, 50, { from: ["n1"], to: ["n2"] })], sendings);
    expect(arrivals).toEqual([[51 * MS], [21 * MS], [21 * MS]]);
  });

  test("does not bring back what was lost, nor deliver twice what is not doubled any more", async () => {
    const lost = await traffic([clog(10, 50), loss(10, 30, { ppm: 1_000_000 })], at(20, 40));
    expect(lost.arrivals).toEqual([[], [51 * MS]]);
    const doubled = await traffic([clog(10, 50), duplicate(10, 60, { ppm: 1_000_000 })], at(20));
    expect(doubled.arrivals[0]).toHaveLength(2);
    const once = await traffic([clog(10, 50), duplicate(10, 30, { ppm: 1_000_000 })], at(20));
    expect(once.arrivals[0]).toHaveLength(1);
  });

  test("of clients keeps their requests and answers, too", async () => {
    const answers = async (own: Own): Promise<string[]> => {
      const create = () => ({ onMessage: () => ({ type: "here" }) });
      const { stage } = await traffic([clog(10, 50, own)], [{ atMs: 20, src: "c0" }], { create });
      return stage.answers.map((line) => line.split(" ")[0] as string);
    };
    expect(await answers({})).toEqual(["22000"]);
    expect(await answers({ clients: true })).toEqual(["52000"]);
  });
});

describe("a hold", () => {
  test("keeps the nth message until it ends, and others overtake it", async () => {
    const { arrivals, stage } = await traffic([hold(10, 50, { nth: 2 })], at(5, 20, 25, 30));
    expect(arrivals).toEqual([[6 * MS], [21 * MS], [51 * MS], [31 * MS]]);
    expect(stage.probes).toEqual(["a message was held while others overtook it"]);
  });

  test("counts only messages of its type, where it names one", async () => {
    const sendings = ["a", "b", "a", "b"].map((type, i) => ({ atMs: 20 + i, type }));
    const { arrivals } = await traffic([hold(10, 50, { nth: 2, type: "b" })], sendings);
    expect(arrivals.map(([when]) => when)).toEqual([21 * MS, 22 * MS, 23 * MS, 51 * MS]);
  });

  test("changes nothing, when there are not that many messages", async () => {
    const sendings = at(20, 21, 22, 23);
    const held = await traffic([hold(10, 50, { nth: 5 })], sendings, jitter);
    const idle = await traffic([loss(10, 50, { ppm: 0 })], sendings, jitter);
    expect(held.stage.kernel.hash.digest()).toBe(idle.stage.kernel.hash.digest());
    expect(held.arrivals).toEqual(idle.arrivals);
  });

  test("leaves the fate of all other messages as it was, on its own link and on others", async () => {
    await fc.assert(
      fc.asyncProperty(
        anySendings,
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        async (sendings, nth, seed) => {
          const options = { seed, link: { jitterUs: 0 } };
          const wild = [loss(1, 300, { ppm: 200_000 }), duplicate(1, 300, { ppm: 200_000 })];
          const without = await traffic(wild, sendings, options);
          const held = await traffic([...wild, hold(1, 300, { nth })], sendings, options);
          const moved = sendings.filter(
            (_, i) => String(held.arrivals[i]) !== String(without.arrivals[i]),
          );
          expect(moved.length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("of a message that is lost keeps nothing", async () => {
    const faults = [loss(10, 30, { ppm: 1_000_000 }), hold(10, 50, { nth: 1 })];
    const { arrivals, stage } = await traffic(faults, at(20, 40));
    expect(arrivals).toEqual([[], [41 * MS]]);
    expect(stage.probes).toEqual([]);
  });

  test("and a clog over the same message let it go when both have ended", async () => {
    const sooner = await traffic([hold(10, 50, { nth: 1 }), clog(10, 80)], at(20, 30));
    expect(sooner.arrivals).toEqual([[81 * MS], [81 * MS]]);
    const later = await traffic([hold(10, 80, { nth: 1 }), clog(10, 50)], at(20, 30));
    expect(later.arrivals).toEqual([[81 * MS], [51 * MS]]);
  });

  test("is told in the trace: what was held, and when it was let go", async () => {
    const { stage } = await traffic([hold(10, 50, { nth: 1 })], at(20), { record: true });
    const told = stage.recorder?.records.flatMap(({ timeUs, effects = [] }) =>
      effects.map((effect) => `${timeUs / MS} ${effect}`),
    );
    expect(told).toEqual(["20 n1->n2 m: held", "50 n1->n2 m: let go"]);
  });
});
