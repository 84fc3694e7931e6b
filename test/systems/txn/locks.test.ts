import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LockTable } from "../../../systems/txn/locks.js";
import type { LockMode } from "../../../systems/txn/messages.js";

/** What each owner has, as its answers told it. */
type Held = Map<string, Map<string, LockMode>>;

interface Step {
  owner: string;
  key: string;
  mode: LockMode;
}

const step = fc.record({
  owner: fc.constantFrom("a", "b", "c", "d"),
  key: fc.constantFrom("x", "y", "z"),
  mode: fc.constantFrom<LockMode>("shared", "exclusive"),
});

/** A table with owners that ask for one lock at a time and let everything go when they die. */
class Scene {
  readonly table = new LockTable();
  readonly held: Held = new Map();
  readonly waiting = new Map<string, Step>();

  /** An owner that waits does nothing else. */
  play({ owner, key, mode }: Step): void {
    if (this.waiting.has(owner)) return;
    const answer = this.table.acquire(owner, key, mode);
    if (answer === "granted") this.#hold({ owner, key, mode });
    else if (answer === "waits") this.waiting.set(owner, { owner, key, mode });
    else this.release(owner);
  }

  release(owner: string): void {
    this.held.delete(owner);
    this.waiting.delete(owner);
    for (const lucky of this.table.release(owner)) {
      this.#hold(this.waiting.get(lucky) as Step);
      this.waiting.delete(lucky);
    }
  }

  conflicts(): string[] {
    const all = [...this.held].flatMap(([owner, keys]) =>
      [...keys].map(([key, mode]) => ({ owner, key, mode })),
    );
    return all
      .filter(({ owner, key, mode }) =>
        all.some((other) => other.key === key && other.owner !== owner && mode === "exclusive"),
      )
      .map(({ owner, key }) => `${owner} shares ${key}`);
  }

  #hold({ owner, key, mode }: Step): void {
    const keys = this.held.get(owner) ?? new Map<string, LockMode>();
    this.held.set(owner, keys);
    if (keys.get(key) !== "exclusive") keys.set(key, mode);
  }
}

describe("a lock table", () => {
  it("never lets anybody share what somebody holds alone", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const scene = new Scene();
        for (const next of steps) {
          scene.play(next);
          expect(scene.conflicts()).toEqual([]);
        }
      }),
    );
  });

  it("leaves somebody who does not wait: nobody waits in a circle, and all get their turn", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const scene = new Scene();
        for (const next of steps) scene.play(next);
        while (scene.waiting.size > 0) {
          const idle = [...scene.held.keys()].filter((owner) => !scene.waiting.has(owner));
          expect(idle).not.toEqual([]);
          for (const owner of idle) scene.release(owner);
        }
      }),
    );
  });

  it("lets the older wait and the younger die", () => {
    const table = new LockTable();
    expect(table.acquire("old", "x", "shared")).toBe("granted");
    expect(table.acquire("young", "y", "exclusive")).toBe("granted");
    expect(table.acquire("young", "x", "exclusive")).toBe("dies");
    expect(table.acquire("old", "y", "shared")).toBe("waits");
    expect(table.release("young")).toEqual(["old"]);
  });

  it("lets the only reader become the writer, before those who queue", () => {
    const table = new LockTable();
    table.acquire("oldest", "y", "shared");
    table.acquire("reader", "x", "shared");
    expect(table.acquire("oldest", "x", "exclusive")).toBe("waits");
    expect(table.acquire("reader", "x", "exclusive")).toBe("granted");
    expect(table.release("reader")).toEqual(["oldest"]);
  });

  it("gives the same answer to the same question asked again", () => {
    const table = new LockTable();
    table.acquire("old", "y", "shared");
    table.acquire("young", "x", "exclusive");
    expect(table.acquire("young", "x", "shared")).toBe("granted");
    expect(table.acquire("old", "x", "shared")).toBe("waits");
    expect(table.acquire("old", "x", "shared")).toBe("waits");
    expect(table.release("young")).toEqual(["old"]);
    expect(table.acquire("old", "x", "shared")).toBe("granted");
  });
});
