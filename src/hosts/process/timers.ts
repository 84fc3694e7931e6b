/**
 * How far virtual time may run ahead of a program with timers of its own.
 *
 * A program that waits with a time-out promises silence until then: its lookahead, as in
 * conservative parallel simulation (Chandy and Misra 1979, Bryant 1977). When the time-out is first
 * seen it gets a due time on the virtual clock, as far ahead there as it is in real time. Virtual
 * time moves at once up to the due time and then waits for real time to come along. A program that
 * waits for input alone promises silence for good and is never waited for.
 */

import { realMs } from "./real-time.js";
import { NEVER, type Wake } from "./watch.js";

/** Time-outs seen this close together are one: programs round them, and we see them a bit late. */
const SAME_MS = 5;

export class Timers {
  /** Virtual time up to which the program stays silent. */
  horizonUs = NEVER;
  /** The real time that belongs to the horizon. */
  wakeMs = NEVER;
  /** False when it may wake any time: virtual and real time then go side by side. */
  known = true;
  /** Time-outs seen before and still to come: a program shows only its earliest. */
  #due: { wakeMs: number; virtualUs: number }[] = [];

  /** The program rests at the virtual time `nowUs` and goes on by itself at `wake`. */
  observe(wake: Wake, nowUs: number): void {
    const now = realMs();
    this.known = wake !== "unknown";
    if (wake === "unknown") {
      this.wakeMs = now;
      this.horizonUs = nowUs;
      return;
    }
    this.wakeMs = wake;
    this.#due = this.#due.filter((due) => due.wakeMs > now - SAME_MS);
    if (wake === NEVER) {
      this.horizonUs = NEVER;
      return;
    }
    let due = this.#due.find((candidate) => Math.abs(candidate.wakeMs - wake) < SAME_MS);
    if (due === undefined) {
      due = { wakeMs: wake, virtualUs: nowUs + Math.max(0, Math.ceil((wake - now) * 1000)) };
      this.#due.push(due);
    }
    this.horizonUs = due.virtualUs;
  }

  /** The real time for which to wait before virtual time may move to `toUs`. */
  waitUntilMs(toUs: number): number {
    return this.known ? this.wakeMs : this.wakeMs + (toUs - this.horizonUs) / 1000;
  }

  /** What real time it is for this program in virtual terms, past its horizon. */
  virtualUs(): number {
    return this.horizonUs + Math.max(0, Math.floor((realMs() - this.wakeMs) * 1000));
  }

  /** A new program, or none. */
  clear(): void {
    this.#due = [];
    this.observe(NEVER, 0);
  }
}
