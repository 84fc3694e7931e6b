import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprint, gossipStage } from "./gossip.js";
import { MS, SECOND, Stage, type StageOptions } from "./stage.js";

const BRANCH_MS = 100;
const [OLD, NEW] = [11, 12];
const branch = { atUs: BRANCH_MS * MS, seed: NEW };

/** The run of the old seed, of the new one, and of the old one that branches off to the new. */
async function three<T>(watch: (stage: Stage) => T, options: StageOptions): Promise<[T, T, T]> {
  const of = async (own: StageOptions): Promise<T> =>
    watch(await new Stage({ ...options, ...own }).run(SECOND));
  return [await of({ seed: OLD }), await of({ seed: NEW }), await of({ seed: OLD, branch })];
}

/** How many of the first `count` come before the branch, when something happens every 2 ms. */
const BEFORE = BRANCH_MS / 2 - 1;

describe("at a branch", () => {
  test("links go on with the delays that the other seed has for the same messages", async () => {
    const delays = (seed: number, branches: boolean): Promise<number[]> => {
      const came: number[] = [];
      const stage: Stage = new Stage({
        seed,
        link: { jitterUs: 500 },
        create: () => ({
          onMessage: ({ body }) => {
            came.push(stage.kernel.now - (body["sentUs"] as number));
            return undefined;
          },
        }),
        ...(branches ? { branch } : {}),
      });
      for (let ms = 10; ms < 2 * BRANCH_MS; ms += 10) {
        const sentUs = ms * MS;
        stage.at(sentUs, () => stage.network.send("n1", "n2", { type: "m", sentUs }));
      }
      return stage.run(SECOND).then(() => came);
    };
    const [old, other, branched] = [
      await delays(OLD, false),
      await delays(NEW, false),
      await delays(OLD, true),
    ];
    expect(branched).toEqual([...old.slice(0, 9), ...other.slice(9)]);
    expect(old.slice(9)).not.toEqual(other.slice(9));
  });

  test("nodes go on with the other seed's streams, from their start", async () => {
    const [old, other, branched] = await three((stage) => stage.observed.map(lastNumber), {
      nodes: ["n1"],
      create: ({ after: later, random, observe }) => {
        const tick = (): void => {
          observe("drew", random.word());
          later(2, tick);
        };
        return { start: () => void later(2, tick) };
      },
    });
    expect(branched.slice(0, BEFORE)).toEqual(old.slice(0, BEFORE));
    expect(branched.slice(BEFORE)).toEqual(other.slice(0, branched.length - BEFORE));
  });

  test("disks take as long as under the other seed", async () => {
    const [old, other, branched] = await three((stage) => stage.observed.map(lastNumber), {
      nodes: ["n1"],
      create: ({ after: later, clock, disk, observe }) => {
        const tick = (): void => {
          const began = clock.monotonicMs();
          disk.fsync(() => observe("took", Math.round((clock.monotonicMs() - began) * 1_000)));
          later(2, tick);
        };
        return { start: () => void later(2, tick) };
      },
    });
    expect([...branched].sort()).toEqual(
      [...old.slice(0, BEFORE), ...other.slice(0, branched.length - BEFORE)].sort(),
    );
  });

  test("who comes first at one instant is what the other seed says", async () => {
    const [old, other, branched] = await three((stage) => stage.observed, {
      nodes: ["n1", "n2", "n3", "n4", "n5"],
      create: ({ after: later, observe }) => {
        const tick = (): void => {
          observe("tick", null);
          later(20, tick);
        };
        return { start: () => void later(20, tick) };
      },
    });
    const isPast = (line: string): boolean => Number(line.split(" ")[0]) < BRANCH_MS * MS;
    expect(branched).toEqual([...old.filter(isPast), ...other.filter((line) => !isPast(line))]);
    expect(old).not.toEqual(branched);
  });

  test("nothing of the past changes, whatever nodes and faults do", async () => {
    const anyBranch = fc.record({ atUs: fc.nat(2 * SECOND), seed: fc.nat() });
    await fc.assert(
      fc.asyncProperty(fc.nat(), anyBranch, async (seed, point) => {
        const untilUs = Math.max(0, point.atUs - 1);
        const [whole, branched] = [
          await fingerprint(gossipStage({ seed }), untilUs),
          await fingerprint(gossipStage({ seed, branch: point }), untilUs),
        ];
        if (point.atUs > 0) expect(branched).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });
});

function lastNumber(line: string): number {
  return Number(line.split(" ").at(-1));
}
