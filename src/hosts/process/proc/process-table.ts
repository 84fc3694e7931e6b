/**
 * Which processes belong to which session, kept up to date cheaply.
 *
 * The last number that the kernel gave to a process or thread stands in /proc/loadavg: while it
 * stays, nothing was forked, and one read of 4 us says so. Otherwise only numbers not seen before
 * are looked at. (/proc/PID/task/TID/children would say it directly, but not every kernel has it.)
 */

import { openSync, readdirSync, readFileSync, readSync } from "node:fs";

class ProcessTable {
  readonly #session = new Map<number, number>();
  readonly #buffer = Buffer.alloc(128);
  #file: number | undefined;
  #lastPid = "";
  /** Changes whenever something may have been forked. */
  version = 0;

  refresh(): void {
    this.#file ??= openSync("/proc/loadavg", "r");
    const text = this.#buffer.toString("latin1", 0, readSync(this.#file, this.#buffer, 0, 128, 0));
    const lastPid = text.slice(text.lastIndexOf(" "));
    if (lastPid === this.#lastPid) return;
    this.#lastPid = lastPid;
    this.version++;
    const present = new Set(readdirSync("/proc").map(Number).filter(Number.isInteger));
    for (const pid of this.#session.keys()) if (!present.has(pid)) this.#session.delete(pid);
    for (const pid of present) if (!this.#session.has(pid)) this.#session.set(pid, sessionOf(pid));
  }

  /** The processes of a session, its leader first. */
  membersOf(session: number): number[] {
    const members = [session];
    for (const [pid, its] of this.#session) {
      if (its === session && pid !== session) members.push(pid);
    }
    return members;
  }
}

/** One for this thread: sessions of all programs are told apart in one scan. */
export const processTable = new ProcessTable();

function sessionOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in parentheses may hold anything; then come state, parent, group, session.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ", 4)[3]);
  } catch {
    return 0;
  }
}
