/** A leader's locks, with the log in the hands of the test. */

import { describe, expect, it } from "vitest";
import { isolationOf } from "../../../systems/txn/isolation.js";
import { TransactionLeader } from "../../../systems/txn/leader.js";
import type { CommitRecord, Lock, LockMode } from "../../../systems/txn/messages.js";
import { StateMachine } from "../../../systems/txn/state-machine.js";

class Scene {
  readonly log = {
    leads: true,
    term: 3,
    append: (_: string, record: CommitRecord) => this.#append(record),
  };
  readonly appended: string[] = [];
  readonly machine: StateMachine;
  readonly leader: TransactionLeader;
  nowMs = 0;

  constructor(bugs: string[] = []) {
    const isolation = isolationOf("strict-serializable");
    this.machine = new StateMachine({ isolation, bugs: new Set(bugs) });
    const clock = { monotonicMs: () => this.nowMs, wallMs: () => this.nowMs };
    const context = { bugs: new Set(bugs), clock, probe: () => undefined };
    this.leader = new TransactionLeader({
      context,
      isolation,
      log: this.log,
      machine: this.machine,
    });
  }

  /** What a request for a lock came to: "granted", the code of the refusal, or "waits" for now. */
  async lock(client: string, key: string, lockTerm: number | null, mode: LockMode = "exclusive") {
    const lock: Lock = { type: "lock", owner: { client, number: 1 }, lockTerm, key, mode };
    let outcome: string | number = "waits";
    const settled = this.leader.lock(lock).then(
      () => (outcome = "granted"),
      ({ code }) => (outcome = code as number),
    );
    await Promise.race([settled, new Promise((resolve) => setImmediate(resolve))]);
    return () => outcome;
  }

  /** Asks for a commit; false when it is refused. */
  commit(client: string, lockTerm: number): boolean {
    return this.leader.commit("n2", { type: "commit", record: recordOf(client, lockTerm) });
  }

  apply(client: string, timestamp: number): void {
    const record = recordOf(client, this.log.term);
    this.machine.apply(record, timestamp);
    this.leader.applied(record);
  }

  /** Another term begins, led by this node. */
  lead(term: number): void {
    this.log.term = term;
    this.leader.reset();
  }

  #append({ client }: CommitRecord): void {
    this.appended.push(client);
  }
}

function recordOf(client: string, lockTerm: number): CommitRecord {
  const writes = [{ kind: "set" as const, key: "x", value: client }];
  return { client, number: 1, snapshot: 0, reads: [], writes, lockTerm };
}

describe("locks at the leader", () => {
  it("are kept until the record is applied", async () => {
    const scene = new Scene();
    const older = await scene.lock("old", "y", null);
    const younger = await scene.lock("young", "x", null);
    const wanted = await scene.lock("old", "x", 3);
    expect([older(), younger(), wanted()]).toEqual(["granted", "granted", "waits"]);
    expect(scene.commit("young", 3)).toBe(true);
    await settle();
    expect(wanted()).toBe("waits");
    scene.apply("young", 9);
    await settle();
    expect(wanted()).toBe("granted");
  });

  it("are worth nothing in another term, and are not granted again in the middle", async () => {
    const scene = new Scene();
    await scene.lock("a", "x", null);
    scene.lead(5);
    expect((await scene.lock("a", "y", 3))()).toBe(30);
    expect(scene.commit("a", 3)).toBe(false);
    expect(scene.appended).toEqual([]);
  });

  it("are worth all the same with the bug lost-lock-on-failover", async () => {
    const scene = new Scene(["lost-lock-on-failover"]);
    await scene.lock("a", "x", null);
    scene.lead(5);
    expect((await scene.lock("b", "x", null))()).toBe("granted");
    expect(scene.commit("a", 3)).toBe(true);
    expect(scene.appended).toEqual(["a"]);
  });

  it("say nothing of a transaction whose locks are of a later term", async () => {
    const scene = new Scene();
    expect(scene.commit("a", 4)).toBe(true);
    expect(scene.appended).toEqual([]);
  });

  it("are refused by who does not lead, and to who waits when it no longer does", async () => {
    const scene = new Scene();
    await scene.lock("old", "y", null);
    await scene.lock("young", "x", null);
    const wanted = await scene.lock("old", "x", 3);
    scene.log.leads = false;
    scene.leader.reset();
    await settle();
    expect(wanted()).toBe(11);
    expect((await scene.lock("c", "z", null))()).toBe(11);
  });

  it("are taken from a coordinator that is not heard of, unless its record is on its way", async () => {
    const scene = new Scene();
    await scene.lock("silent", "x", null);
    await scene.lock("sent", "y", null);
    scene.commit("sent", 3);
    scene.nowMs = 10_000;
    expect((await scene.lock("new", "x", null))()).toBe("granted");
    expect((await scene.lock("new", "y", 3))()).toBe(30);
    expect(scene.commit("silent", 3)).toBe(false);
  });

  it("are not taken by late copies of requests of a transaction that is over", async () => {
    const scene = new Scene();
    await scene.lock("a", "x", null);
    scene.commit("a", 3);
    expect((await scene.lock("a", "x", null))()).toBe(30);
    scene.apply("a", 9);
    expect((await scene.lock("a", "x", null))()).toBe(30);
    scene.leader.abandon({ client: "b", number: 1 });
    expect((await scene.lock("b", "x", null))()).toBe(30);
    scene.lead(5);
    expect((await scene.lock("a", "x", null))()).toBe(30);
  });
});

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
