/**
 * The deterministic kernel: virtual time, one queue, one order. The only place that decides what
 * happens next.
 *
 * Time is in integer microseconds (in V8's fast integer range for 35 virtual minutes). After every
 * event the kernel drains next-ticks and microtasks synchronously, so that promises settle inside
 * the event that resolved them; `process._tickCallback` does nothing inside a microtask, so the
 * loop starts from a macrotask and never from the continuation of an `await`.
 */

import { assert, HarnessError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import { hashText } from "../random/mix.js";
import type { Streams } from "../random/streams.js";
import { type BranchPoint, Draws } from "./draws.js";
import type { Message } from "./message.js";
import { EventQueue } from "./queue.js";
import { copyOf } from "./seal.js";
import { type Recorder, TraceHash } from "./trace.js";

/** Virtual time in microseconds since the run began. */
export type VirtualTime = number;

/** What happens, with the word that stands for it in the trace hash. */
const kindWords = {
  boot: 1 << 24,
  message: 2 << 24,
  timer: 3 << 24,
  fault: 4 << 24,
  client: 5 << 24,
  disk: 6 << 24,
  harness: 7 << 24,
} as const;
export type EventKind = keyof typeof kindWords;

/** Nearly all events are messages or timers: two comparisons are quicker than a look-up. */
function wordOf(kind: EventKind): number {
  if (kind === "message") return kindWords.message;
  return kind === "timer" ? kindWords.timer : kindWords[kind];
}

export class KernelEvent {
  cancelled = false;

  constructor(
    public time: VirtualTime,
    readonly lane: number,
    readonly seq: number,
    readonly kind: EventKind,
    /** Who acts, for people. */
    readonly who: string,
    readonly fire: (event: KernelEvent) => void,
    readonly data: unknown,
  ) {}
}

/** What the run's seed promises about the order of events; see the exactness of a host. */
export type HashScope = "bit" | "schedule";

export interface KernelOptions {
  streams: Streams;
  /** "schedule": only messages and faults count, in their order, without time and payload. */
  hashScope?: HashScope;
  recorder?: Recorder | undefined;
  /** From there on, all that is drawn comes from another seed. */
  branch?: BranchPoint | undefined;
  /** Called around every uninterrupted stretch of events: where ambient effects are fenced off. */
  fence?: { enter(): void; leave(): void };
}

/** How many events run before Node's own loop gets a turn (signals, watchdogs). */
const EVENTS_PER_SLICE = 4096;
const NEVER = Number.POSITIVE_INFINITY;
const setImmediate = globalThis.setImmediate;
const drain = drainer();

export class Kernel {
  now: VirtualTime = 0;
  /** How many events have begun. */
  steps = 0;
  readonly draws: Draws;
  readonly hash = new TraceHash();
  readonly recorder: Recorder | undefined;
  readonly #queue: EventQueue<KernelEvent>;
  readonly #scope: HashScope;
  readonly #fence: KernelOptions["fence"];
  #seq = 0;
  #stopped = false;
  /** Not yet reached; never, without a branch. */
  #branchUs: VirtualTime;
  #hold: Promise<void> | undefined;

  constructor(options: KernelOptions) {
    const { streams, recorder, branch } = options;
    this.recorder = recorder;
    this.draws = new Draws(streams, branch, recorder && ((name) => recorder.draw(name)));
    const { branchUs, lastStreams } = this.draws;
    this.#branchUs = branchUs === 0 ? NEVER : branchUs;
    this.#scope = options.hashScope ?? "bit";
    this.#queue = new EventQueue(streams.key("order"), {
      atUs: branchUs,
      tieKey: lastStreams.key("order"),
    });
    this.#fence = options.fence;
  }

  /**
   * Schedules `fire` at a time not before now. Events of one lane at one instant stay in order;
   * see EventQueue. O(log pending).
   */
  at(
    time: VirtualTime,
    lane: number,
    kind: EventKind,
    who: string,
    fire: (event: KernelEvent) => void,
    data?: unknown,
  ): KernelEvent {
    const due = time > this.now ? time : this.now;
    const event = new KernelEvent(due, lane, this.#seq++, kind, who, fire, data);
    this.#queue.push(event);
    return event;
  }

  /** A cancelled event stays queued and vanishes unseen when its time comes. */
  cancel(event: KernelEvent): void {
    event.cancelled = true;
  }

  /** Mixes content into the trace hash, where the run promises its content. */
  absorb(word: number): void {
    if (this.#scope === "bit") this.hash.word(word);
  }

  /** Moves pending events, after a clock changed its rate. O(pending). */
  retime(retime: (event: KernelEvent) => VirtualTime | undefined): void {
    this.#queue.retime(retime);
  }

  /** Visits what is pending, in no order that means anything. O(pending). */
  forEachPending(visit: (event: KernelEvent) => void): void {
    this.#queue.forEach(visit);
  }

  /** Makes the loop wait for the outside world after the current event: a process at work. */
  hold(until: Promise<void>): void {
    const before = this.#hold;
    this.#hold = before === undefined ? until : Promise.all([before, until]).then(() => undefined);
    // The loop hears of a failure when the event is over; until then it must not count as unheard.
    this.#hold.catch(() => undefined);
  }

  /** The time of the next event, or undefined when nothing is pending. */
  nextTime(): VirtualTime | undefined {
    for (let next = this.#queue.peek(); next !== undefined; next = this.#queue.peek()) {
      if (!next.cancelled) return next.time;
      this.#queue.pop();
    }
    return undefined;
  }

  /** Moves the clock between events, before something from outside; never past the next event. */
  advanceTo(time: VirtualTime): void {
    const next = this.nextTime();
    assert(time >= this.now && (next === undefined || time <= next), `cannot advance to ${time}`);
    if (time >= this.#branchUs) this.#reachBranch();
    this.now = time;
  }

  /** Ends `run` after the current event. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Runs every event up to and including `until`, or until `stop`. `beforeAdvance`, if given, is
   * awaited when time is about to move (a world with real processes paces itself there).
   * @throws whatever an event throws: events are expected to contain the failures of nodes.
   */
  run(
    until: VirtualTime,
    beforeAdvance?: (to: VirtualTime) => Promise<void> | undefined,
  ): Promise<void> {
    this.#stopped = false;
    return new Promise((resolve, reject) => {
      const slice = (): void => {
        let waiting: Promise<void> | undefined;
        try {
          this.#fence?.enter();
          for (let left = EVENTS_PER_SLICE; left > 0 && waiting === undefined; left--) {
            const next = this.nextTime();
            if (this.#stopped || next === undefined || next > until) {
              if (!this.#stopped) this.now = Math.max(this.now, until);
              resolve();
              return;
            }
            if (next >= this.#branchUs) this.#reachBranch();
            if (next > this.now) waiting = beforeAdvance?.(next);
            if (waiting !== undefined) break;
            this.#step();
            waiting = this.#hold;
            this.#hold = undefined;
          }
        } catch (error) {
          reject(error);
          return;
        } finally {
          this.#fence?.leave();
        }
        if (waiting === undefined) setImmediate(slice);
        else resume(waiting);
      };
      const resume = (waiting: Promise<void>): void => {
        waiting.then(() => {
          // What came up meanwhile, such as the end of a program that was just at work.
          const more = this.#hold;
          this.#hold = undefined;
          if (more === undefined) setImmediate(slice);
          else resume(more);
        }, reject);
      };
      setImmediate(slice);
    });
  }

  #step(): void {
    const event = this.#queue.pop();
    assert(event !== undefined, "step without an event");
    this.now = event.time;
    this.steps++;
    if (this.#scope === "bit") this.hash.event(event.time, wordOf(event.kind) ^ event.lane);
    else if (event.kind === "fault") this.hash.word(hashText(event.who));
    // Before the receiver can change it.
    const detail = this.recorder === undefined ? undefined : this.#describe(event, this.recorder);
    event.fire(event);
    drain();
    if (!this.#counts(event)) return;
    this.hash.endEvent();
    if (this.recorder !== undefined) this.#record(event, detail);
  }

  /** In schedule scope the network says what a delivery counts as: its link and body type. */
  absorbSchedule(word: number): void {
    if (this.#scope === "schedule") this.hash.word(word);
  }

  /** In schedule scope time is the program's own: only what it sends and suffers counts. */
  #counts(event: KernelEvent): boolean {
    return this.#scope === "bit" || event.kind === "message" || event.kind === "fault";
  }

  #reachBranch(): void {
    this.#branchUs = NEVER;
    this.draws.follow();
  }

  /**
   * What a record says of an event ahead of it: a message's body; of the harness's own data nothing.
   * Where something on another lane was due at the same instant, the seed put this event first.
   */
  #describe(event: KernelEvent, recorder: Recorder): Json | undefined {
    const tied = this.nextTime() === event.time && this.#queue.peek()?.lane !== event.lane;
    if (tied) recorder.draw("order");
    const { data } = event;
    if (typeof data !== "object" || data === null || !("body" in data)) return undefined;
    return copyOf((data as Message).body);
  }

  #record(event: KernelEvent, detail: Json | undefined): void {
    this.recorder?.event({
      n: this.hash.events - 1,
      timeUs: event.time,
      kind: event.kind,
      who: event.who,
      ...(detail === undefined ? {} : { detail }),
      hash: this.hash.digest(),
    });
  }
}

/** Node's own "run all next-ticks and microtasks now"; undocumented, present in Node 20 to 25. */
function drainer(): () => void {
  const { _tickCallback } = process as unknown as { _tickCallback?: () => void };
  if (typeof _tickCallback !== "function") {
    throw new HarnessError("this JavaScript runtime has no process._tickCallback: run on Node.js");
  }
  return _tickCallback;
}
