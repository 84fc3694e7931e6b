/**
 * What a replica remembers across crashes, kept in one file: one write, so that a crash leaves all of
 * a change or nothing of it. Nothing of it may be shown to anybody before it is durable: a dot that
 * others have seen would otherwise be given again. It is written no sooner than it is to be shown, for
 * every write has the whole state.
 */

import { isJsonObject, type JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { type Dot, joined, type Vector } from "./vector.js";

/** Requests already taken: the number of the last one, by client. */
export type Requests = { [client: string]: number };

/** The states of objects, by key, and the requests that are in them. */
export type Content = { objects: { [key: string]: JsonObject }; requests: Requests };

/** An operation on its way: after what else it may take effect, and whose request it is. */
export type Entry = {
  dot: Dot;
  after: Vector;
  key: string;
  operation: JsonObject;
  requests: Requests;
};

type Kept = Content & {
  /** This replica's own name: of this disk, not of this machine. */
  replica: string;
  /** Has it heard from all the others since it got its name? */
  admitted: boolean;
  /** The name of the replica that lives at each other node. */
  lives: { [node: string]: string };
  /** The updates that are in `objects`. */
  covered: Vector;
  /** What every replica covers, as far as anything was collected by it. */
  frontier: Vector;
  /** How often `objects` has changed. */
  changes: number;
  /** Operations that another replica may still lack, in an order in which they may take effect. */
  log: Entry[];
  /** What was covered by operations that are no longer in the log. */
  forgotten: Vector;
};

export class Memory {
  readonly #context: NodeContext;
  #kept: Kept;
  #isWritten = false;

  /** Reads the disk; an empty one makes a new replica, whose name is `newName`. */
  constructor(context: NodeContext, newName: () => string) {
    this.#context = context;
    const saved = context.disk.read("replica");
    if (isJsonObject(saved)) {
      this.#kept = saved as Kept;
      this.#isWritten = true;
      context.probe("a replica restarted with its state");
      return;
    }
    this.#kept = {
      replica: newName(),
      admitted: false,
      lives: {},
      covered: {},
      frontier: {},
      changes: 0,
      log: [],
      forgotten: {},
      objects: {},
      requests: {},
    };
  }

  get kept(): Kept {
    return this.#kept;
  }

  get content(): Content {
    const { objects, requests } = this.#kept;
    return { objects: { ...objects }, requests: { ...requests } };
  }

  object(key: string): JsonObject {
    return this.#kept.objects[key] ?? {};
  }

  /** The dot of this replica's next update. */
  nextDot(): Dot {
    const { replica, covered } = this.#kept;
    return { replica, n: (covered[replica] ?? 0) + 1 };
  }

  isTaken(client: string, request: number): boolean {
    return request <= (this.#kept.requests[client] ?? 0);
  }

  /** Notes changed objects, the requests in them, and what they cover now. */
  take({ objects, requests }: Content, covered: Vector): void {
    const kept = this.#kept;
    Object.assign(kept.objects, objects);
    kept.requests = joined(kept.requests, requests);
    kept.covered = joined(kept.covered, covered);
    kept.changes += 1;
    this.touch();
  }

  /** Says that `kept` is no longer what was written. */
  touch(): void {
    this.#isWritten = false;
  }

  /** Until all that is known now is on the disk. Whatever has begun to change must be changed whole. */
  durable(): Promise<void> {
    const { disk } = this.#context;
    if (!this.#isWritten) disk.write("replica", this.#kept);
    this.#isWritten = true;
    return disk.fsync();
  }
}
