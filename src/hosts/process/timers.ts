/**
 * How far virtual time may go while a program has timers of its own, which run in real time.
 *
 * With a timer that is due soon, virtual time goes beside real time, never ahead of it (it may fall
 * behind when many messages are exchanged, and then catches up). A timer that is due late is often
 * its runtime's (V8 collects garbage when idle, after 8 s): virtual time goes on at once up to where
 * the timer is due on both clocks and waits there, as with lookahead in conservative parallel
 * simulation (Chandy and Misra 1979, Bryant 1977). A program that waits for input alone is never waited for.
 */

import { realMs } from "./real-time.js";
import { NEVER, type Wake } from "./watch.js";

/** Timers due later than this do not slow virtual time down before they are due. */
const NEAR_MS = 6_000;
/** Time-outs seen this close together are one: programs round them, and we see them a bit late. */
const SAME_MS = 5;

/** A moment on both clocks. */
interface Moment {
  realMs: number;
  virtualUs: number;
}

export class Timers {
  /** Real time at which the first timer is due; NEVER also when only nobody can say. */
  wakeMs = NEVER;
  /** Where the two clocks were set side by side, while a timer is due soon. */
  #anchor: Moment | undefined;
  /** Late timers seen so far: a program shows only its earliest. */
  #late: Moment[] = [];

  /** The program rests at the virtual time `nowUs` and goes on by itself at `wake`. */
  observe(wake: Wake, nowUs: number): void {
    const now = realMs();
    this.wakeMs = wake === "unknown" ? NEVER : wake;
    // What was due before the earliest is no longer to come.
    this.#late = this.#late.filter((late) => late.realMs > this.wakeMs - SAME_MS);
    if (wake === "unknown" || wake - now <= NEAR_MS) {
      if (this.limitUs() < nowUs || this.#anchor === undefined) {
        this.#anchor = { realMs: now, virtualUs: nowUs };
      }
      return;
    }
    this.#anchor = undefined;
    if (wake === NEVER || this.#late.some((late) => late.realMs < wake + SAME_MS)) return;
    this.#late.push({ realMs: wake, virtualUs: nowUs + Math.ceil((wake - now) * 1000) });
  }

  /** The virtual time that may be reached by now. */
  limitUs(): number {
    if (this.#anchor !== undefined) {
      return this.#anchor.virtualUs + Math.floor((realMs() - this.#anchor.realMs) * 1000);
    }
    return Math.min(...this.#late.map(({ virtualUs }) => virtualUs), NEVER);
  }

  /** The real time from which on virtual time may be `virtualUs`. */
  realMsAt(virtualUs: number): number {
    if (this.#anchor !== undefined) {
      return this.#anchor.realMs + (virtualUs - this.#anchor.virtualUs) / 1000;
    }
    const times = this.#late.map((late) =>
      virtualUs <= late.virtualUs ? 0 : late.realMs + (virtualUs - late.virtualUs) / 1000,
    );
    return Math.max(0, ...times);
  }

  /** No program, no timers. */
  clear(): void {
    this.observe(NEVER, 0);
  }
}
