/**
 * Which processes were started lately, and to which session they belong.
 *
 * The last number that the kernel gave to a process or thread stands in /proc/loadavg: while it
 * stays, nothing was forked, and one read of 4 us says so. (/proc/PID/task/TID/children would name
 * a process's children directly, but not every kernel has it.)
 */

import { openSync, readdirSync, readFileSync, readSync } from "node:fs";

const buffer = Buffer.alloc(128);
let loadavg: number | undefined;

/** The number last given to a process or a thread, perhaps one that cannot be seen yet. */
export function lastPid(): number {
  loadavg ??= openSync("/proc/loadavg", "r");
  const text = buffer.toString("latin1", 0, readSync(loadavg, buffer, 0, buffer.length, 0));
  return Number(text.slice(text.lastIndexOf(" ")));
}

/** Processes whose numbers were given after `after`, up to `last`; the numbers go round. */
export function processesGiven(after: number, last: number): number[] {
  const given = (pid: number): boolean =>
    after < last ? pid > after && pid <= last : pid > after || pid <= last;
  return readdirSync("/proc").map(Number).filter(given);
}

/** The session that a process belongs to and the letter of its state, unless it is gone. */
export function identify(pid: number): { session: number; state: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in parentheses may hold anything; then come state, parent, group, session.
    const [state = "", , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 4);
    return { session: Number(session), state };
  } catch {
    return undefined;
  }
}
