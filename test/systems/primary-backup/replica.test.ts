import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/base/json.js";
import { primaryBackup } from "../../../systems/primary-backup/index.js";
import type { Entry, PeerMessage } from "../../../systems/primary-backup/messages.js";
import { Solo, type SoloOptions } from "../solo.js";

/** Longer than any backup waits for its primary. */
const SILENCE_MS = 600;

class Backup extends Solo {
  constructor(options: SoloOptions = {}) {
    super(primaryBackup, { nodes: ["n1", "n2", "n3"], ...options });
  }

  hear(src: string, message: PeerMessage): Promise<JsonObject | undefined> {
    return this.ask(src, message as unknown as JsonObject);
  }

  /** Makes it primary of the next epoch, with a grant of n2. */
  async promote(entries: Entry[] | null = null): Promise<void> {
    await this.advance(SILENCE_MS);
    await this.settle();
    const epoch = Number(this.take("claim")[0]?.body["epoch"]);
    await this.hear("n2", { type: "grant", epoch, entries });
  }
}

function entriesOf(...epochs: number[]): Entry[] {
  return epochs.map((epoch) => ({ epoch, request: null }));
}

function replicate(epoch: number, entries: Entry[], base = 0, baseEpoch = 0): PeerMessage {
  return { type: "replicate", epoch, round: 1, base, baseEpoch, entries };
}

const claim = (epoch: number): PeerMessage => ({
  type: "claim",
  epoch,
  extent: { epoch: 0, length: 0 },
});

describe("a node that is asked for a grant", () => {
  it("gives an epoch to one claimant, as often as that one asks", async () => {
    const node = new Backup();
    await node.hear("n2", claim(1));
    await node.hear("n2", claim(1));
    await node.hear("n3", claim(1));
    expect(node.take("grant").map(({ to }) => to)).toEqual(["n2", "n2"]);
    expect(node.take("outdated").map(({ to }) => to)).toEqual(["n3"]);
  });

  it("gives an epoch that it has only heard of to one claimant, too", async () => {
    const node = new Backup();
    await node.hear("n2", { type: "outdated", epoch: 4 });
    await node.hear("n2", claim(4));
    await node.hear("n3", claim(4));
    expect(node.take("grant").map(({ to }) => to)).toEqual(["n2"]);
  });

  it("keeps its promise across a crash", async () => {
    const node = new Backup();
    await node.hear("n2", claim(1));
    node.crash();
    await node.hear("n3", claim(1));
    expect(node.take("grant")).toEqual([]);
  });

  it("does not speak of a promise before it is durable", async () => {
    const node = new Backup();
    node.tell("n2", claim(1) as unknown as JsonObject);
    expect(node.take("grant")).toEqual([]);
    await node.settle();
    expect(node.take("grant")).toHaveLength(1);
  });

  it("sends its log along when it reaches further than the claimant's", async () => {
    const node = new Backup();
    await node.hear("n2", replicate(1, entriesOf(1, 1)));
    await node.hear("n3", claim(2));
    expect(node.take("grant")[0]?.body["entries"]).toEqual(entriesOf(1, 1));
  });
});

describe("a backup", () => {
  it("acknowledges entries once they are durable", async () => {
    const node = new Backup();
    node.tell("n2", replicate(1, entriesOf(1, 1)) as unknown as JsonObject);
    expect(node.take("replicated")).toEqual([]);
    await node.settle();
    expect(node.take("replicated")[0]?.body).toMatchObject({ fits: true, length: 2 });
  });

  it("refuses entries of an epoch that is over, and says which one it is in", async () => {
    const node = new Backup();
    await node.hear("n3", claim(2));
    await node.hear("n2", replicate(1, entriesOf(1)));
    expect(node.take("replicated")).toEqual([]);
    expect(node.take("outdated")[0]?.body).toMatchObject({ epoch: 2 });
  });

  it("with the bug no-fencing takes them", async () => {
    const node = new Backup({ bugs: ["no-fencing"] });
    await node.hear("n3", claim(2));
    await node.hear("n2", replicate(1, entriesOf(1)));
    expect(node.take("replicated")).toHaveLength(1);
  });

  it("says where to try when the entries do not fit", async () => {
    const node = new Backup();
    await node.hear("n2", replicate(1, entriesOf(1, 1)));
    node.take("replicated");
    await node.hear("n3", replicate(2, entriesOf(2), 2, 2));
    expect(node.take("replicated")[0]?.body).toMatchObject({ fits: false, length: 0 });
  });
});

describe("a node that is made primary", () => {
  it("says so only with enough grants, and takes over the log that reaches furthest", async () => {
    const node = new Backup();
    await node.advance(SILENCE_MS);
    await node.settle();
    expect(node.observed).toEqual([]);
    await node.hear("n2", { type: "grant", epoch: 1, entries: entriesOf(0, 0) });
    expect(node.observed).toEqual([
      'leader {"term":1}',
      'elected {"term":1,"last":2,"terms":[[1,0]]}',
    ]);
    await node.hear("n3", claim(2));
    expect(node.take("grant")[0]?.body["entries"]).toEqual(entriesOf(0, 0, 1));
  });

  it("with the bug promote-behind stays with the log it has", async () => {
    const node = new Backup({ bugs: ["promote-behind"] });
    await node.promote(entriesOf(0, 0));
    await node.hear("n3", claim(2));
    expect(node.take("grant")[0]?.body["entries"]).toEqual(entriesOf(1));
  });

  it("acknowledges a write when one backup has it, and not before", async () => {
    const node = new Backup();
    await node.promote();
    const reply = node.tell("c1", { type: "write", key: "x", value: 7, msg_id: 16 });
    await node.settle();
    expect(reply()).toBeUndefined();
    await node.hear("n3", { type: "replicated", epoch: 1, round: 0, fits: true, length: 2 });
    expect(reply()).toEqual({ type: "write_ok" });
  });

  it("answers a read when a majority has answered after it, and not before", async () => {
    const node = new Backup();
    await node.promote();
    await node.hear("n2", { type: "replicated", epoch: 1, round: 0, fits: true, length: 1 });
    const reply = node.tell("c1", { type: "read", key: "x", msg_id: 16 });
    await node.settle();
    expect(reply()).toBeUndefined();
    await node.hear("n3", { type: "replicated", epoch: 1, round: 1, fits: false, length: 0 });
    expect(reply()).toEqual({ type: "read_ok", value: null });
  });

  it("shows what it took over only below an entry of its own that enough nodes hold", async () => {
    const node = new Backup();
    const request = { client: "c9", number: 16 };
    const operation = { type: "write", key: "x", value: 7 } as const;
    await node.promote([{ epoch: 0, request: { ...request, operation } }]);
    const reply = node.tell("c1", { type: "read", key: "x", msg_id: 16 });
    await node.hear("n2", { type: "replicated", epoch: 1, round: 1, fits: true, length: 1 });
    expect(reply()).toBeUndefined();
    await node.hear("n2", { type: "replicated", epoch: 1, round: 1, fits: true, length: 2 });
    expect(reply()).toEqual({ type: "read_ok", value: 7 });
  });

  it("serves no more once it has heard of a later epoch", async () => {
    const node = new Backup();
    await node.promote();
    await node.hear("n3", { type: "outdated", epoch: 5 });
    node.take("replicate");
    const reply = node.tell("c1", { type: "write", key: "x", value: 7, msg_id: 16 });
    await node.hear("n2", { type: "replicated", epoch: 1, round: 9, fits: true, length: 2 });
    expect(reply()).toBeUndefined();
    await node.advance(100);
    expect(node.take("replicate")).toEqual([]);
  });
});
