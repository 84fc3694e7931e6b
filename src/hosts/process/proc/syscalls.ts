/**
 * System calls in which a thread waits for something to happen, and until when.
 *
 * A thread blocked in anything else (fsync, a page fault, an open file) is at work: it goes on by
 * itself. Numbers from the kernel's tables for x86-64 and arm64.
 */

import { closeSync, openSync, readlinkSync, readSync } from "node:fs";
import { realMs } from "../real-time.js";

/** When a waiting thread goes on by itself: never, at a real time (ms), or nobody can say. */
export type Wake = number | "unknown";
export const NEVER = Number.POSITIVE_INFINITY;

/** One line of /proc/PID/task/TID/syscall, parsed as far as needed. */
export interface BlockedCall {
  pid: number;
  /** Whether the thread is the one that the process began with. */
  leads: boolean;
  wait: Wait;
  /** Arguments as the kernel prints them, in hexadecimal. */
  args: readonly string[];
}

/** How to find a call's time-out: in milliseconds in an argument, or behind a pointer. */
type Wait =
  | "never"
  | "unknown"
  | "read"
  | "clock"
  | "futex"
  | "nanosleep"
  | { msIn: number }
  | { timespecAt: number }
  | { timevalAt: number };

const waits: { [name: string]: Wait } = {
  read: "read",
  readv: "read",
  recvfrom: "never",
  recvmsg: "never",
  accept: "never",
  accept4: "never",
  wait4: "never",
  waitid: "never",
  pause: "never",
  rt_sigsuspend: "never",
  rt_sigtimedwait: { timespecAt: 2 },
  poll: { msIn: 2 },
  ppoll: { timespecAt: 2 },
  select: { timevalAt: 4 },
  pselect6: { timespecAt: 4 },
  epoll_wait: { msIn: 3 },
  epoll_pwait: { msIn: 3 },
  epoll_pwait2: { timespecAt: 3 },
  nanosleep: "nanosleep",
  clock_nanosleep: "clock",
  futex: "futex",
  futex_waitv: "unknown",
  io_uring_enter: "unknown",
  restart_syscall: "unknown",
};

// biome-ignore format: a table
const numbers: { [arch: string]: { [name: string]: number } } = {
  x64: {
    read: 0, poll: 7, readv: 19, select: 23, pause: 34, nanosleep: 35, accept: 43, recvfrom: 45,
    recvmsg: 47, wait4: 61, rt_sigtimedwait: 128, rt_sigsuspend: 130, futex: 202,
    restart_syscall: 219, clock_nanosleep: 230, epoll_wait: 232, waitid: 247, pselect6: 270,
    ppoll: 271, epoll_pwait: 281, accept4: 288, io_uring_enter: 426, epoll_pwait2: 441,
    futex_waitv: 449,
  },
  arm64: {
    epoll_pwait: 22, read: 63, readv: 65, pselect6: 72, ppoll: 73, waitid: 95, futex: 98,
    nanosleep: 101, clock_nanosleep: 115, restart_syscall: 128, rt_sigsuspend: 133,
    rt_sigtimedwait: 137, accept: 202, recvfrom: 207, recvmsg: 212, accept4: 242, wait4: 260,
    io_uring_enter: 426, epoll_pwait2: 441, futex_waitv: 449,
  },
};

const waitByNumber = new Map(
  Object.entries(numbers[process.arch] ?? {}).map(([name, n]) => [String(n), waits[name] as Wait]),
);

/** Whether this machine's system calls are known at all. */
export const knowsSyscalls = waitByNumber.size > 0;

/**
 * Reads a line of a thread's `syscall` file.
 * @returns undefined while the thread runs, or is blocked in the midst of work.
 */
export function parseBlockedCall(
  line: string,
  { pid, thread }: { pid: number; thread: number },
): BlockedCall | undefined {
  const [number, ...args] = line.split(" ", 7);
  const wait = waitByNumber.get(number as string);
  if (wait === undefined) return undefined;
  if (wait === "read" && !readsFromAnother(pid, Number(args[0]))) return undefined;
  return { pid, leads: thread === pid, wait, args };
}

/** Reading from standard input, a pipe or a socket waits for others; from a file, for the disk. */
function readsFromAnother(pid: number, descriptor: number): boolean {
  if (descriptor === 0) return true;
  try {
    return /^(pipe|socket|anon_inode):|^\/dev\//.test(
      readlinkSync(`/proc/${pid}/fd/${descriptor}`),
    );
  } catch {
    return false;
  }
}

const FUTEX_COMMAND = 0x7f;
const FUTEX_CLOCK_REALTIME = 0x100;
const FUTEX_WAIT = 0;
const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const TIMER_ABSTIME = 1;

/**
 * Go's monitor thread sleeps for at most 10 ms after each event and then for a minute, whatever the
 * program does; Go's own timers, and the C library's, wait in other calls. It is not waited for.
 */
const goMonitorMs = { naps: 10, sleeps: [59_000, 60_000] } as const;

/** When the call returns by itself. Reads the caller's memory where the time-out is kept there. */
export function wakeOf({ pid, leads, wait, args }: BlockedCall): Wake {
  if (wait === "never" || wait === "read") return NEVER;
  if (wait === "unknown") return "unknown";
  if (wait === "nanosleep") {
    const ms = durationMs(pid, args[0], 1e6);
    if (!leads && ms !== "unknown" && ms <= goMonitorMs.naps) return NEVER;
    return onClock(ms, true, CLOCK_MONOTONIC);
  }
  if (wait === "futex") {
    const operation = Number(args[1]);
    const clock = operation & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    const relative = (operation & FUTEX_COMMAND) === FUTEX_WAIT;
    const ms = durationMs(pid, args[3], 1e6);
    const [least, most] = goMonitorMs.sleeps;
    if (!leads && relative && ms !== "unknown" && ms > least && ms <= most) return NEVER;
    return onClock(ms, relative, clock);
  }
  if (wait === "clock") {
    const relative = (Number(args[1]) & TIMER_ABSTIME) === 0;
    return onClock(durationMs(pid, args[2], 1e6), relative, Number(args[0]));
  }
  if ("msIn" in wait) {
    const ms = Number(args[wait.msIn]) | 0;
    return ms < 0 ? NEVER : realMs() + ms;
  }
  const [pointer, unit] =
    "timespecAt" in wait ? [args[wait.timespecAt], 1e6] : [args[wait.timevalAt], 1e3];
  return onClock(durationMs(pid, pointer, unit), true, CLOCK_MONOTONIC);
}

function onClock(ms: Wake, relative: boolean, clock: number): Wake {
  if (ms === "unknown" || ms === NEVER) return ms;
  if (relative) return realMs() + ms;
  if (clock === CLOCK_MONOTONIC) return ms;
  return clock === CLOCK_REALTIME ? realMs() + (ms - Date.now()) : "unknown";
}

const pair = Buffer.alloc(16);

/** A (seconds, fraction) pair at an address of the program; a null pointer means no time-out. */
function durationMs(pid: number, pointer: string | undefined, fractionPerMs: number): Wake {
  const address = BigInt(pointer ?? 0);
  if (address === 0n) return NEVER;
  try {
    const memory = openSync(`/proc/${pid}/mem`, "r");
    try {
      if (readSync(memory, pair, 0, 16, address) < 16) return "unknown";
    } finally {
      closeSync(memory);
    }
  } catch {
    return "unknown";
  }
  return Number(pair.readBigInt64LE(0)) * 1000 + Number(pair.readBigInt64LE(8)) / fractionPerMs;
}
