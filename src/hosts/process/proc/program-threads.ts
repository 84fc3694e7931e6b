/**
 * All threads of a program and of the processes it started, seen through /proc.
 *
 * Rest is proven in two passes. The first finds every thread blocked in a wait and notes how often
 * and how long each has run. The second finds each of them asleep, not woken, and the counters as
 * they were, and no others. Then no thread ran between its two looks, and none had been woken
 * before the second: at the moment between the passes nothing ran and nothing was about to. Only
 * input from outside or a time-out can set such a program going again.
 *
 * (The state in `stat` matters: a thread that was woken, but that its processor has not taken up,
 * still counts as blocked in `syscall`.)
 */

import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { identify, lastPid, processesGiven } from "./process-table.js";
import { type BlockedCall, NEVER, parseBlockedCall, type Wake, wakeOf } from "./syscalls.js";

/** Open files of one thread, and what was noted of it. */
interface Thread {
  id: number;
  syscall: number;
  schedstat: number;
  stat: number;
  counters: string;
}

const buffer = Buffer.alloc(512);

function readText(file: number): string {
  return buffer.toString("latin1", 0, readSync(file, buffer, 0, buffer.length, 0));
}

class ProcessThreads {
  readonly pid: number;
  readonly #io: number;
  #threads: Thread[] = [];

  constructor(pid: number) {
    this.pid = pid;
    this.#io = openSync(`/proc/${pid}/io`, "r");
  }

  /** Bytes that it has read so far, from anywhere. */
  bytesRead(): number {
    return Number(/^rchar: (\d+)/.exec(readText(this.#io))?.[1] ?? 0);
  }

  /** The first pass: adds every thread's wait to `calls`; false when one of them is at work. */
  look(calls: BlockedCall[]): boolean {
    if (!this.#isComplete()) this.#list();
    for (const thread of this.#threads) {
      const call = parseBlockedCall(readText(thread.syscall), {
        pid: this.pid,
        thread: thread.id,
      });
      if (call === undefined) return false;
      calls.push(call);
      thread.counters = readText(thread.schedstat);
    }
    return true;
  }

  /** The second pass: whether every thread sleeps and has not run since, and there is no other. */
  lookAgain(): boolean {
    const same = this.#threads.every(
      (thread) => isAsleep(readText(thread.stat)) && readText(thread.schedstat) === thread.counters,
    );
    return same && this.#isComplete();
  }

  #isComplete(): boolean {
    return statSync(`/proc/${this.pid}/task`).nlink - 2 === this.#threads.length;
  }

  close(): void {
    closeSync(this.#io);
    for (const thread of this.#threads) closeThread(thread);
    this.#threads = [];
  }

  /** Opens the files of new threads and closes those of ended ones. */
  #list(): void {
    const task = `/proc/${this.pid}/task`;
    const known = new Map(this.#threads.map((thread) => [thread.id, thread]));
    this.#threads = [];
    for (const id of readdirSync(task).map(Number)) {
      const thread = known.get(id) ?? {
        id,
        syscall: openSync(`${task}/${id}/syscall`, "r"),
        schedstat: openSync(`${task}/${id}/schedstat`, "r"),
        stat: openSync(`${task}/${id}/stat`, "r"),
        counters: "",
      };
      known.delete(id);
      this.#threads.push(thread);
    }
    for (const thread of known.values()) closeThread(thread);
  }

  /** Some thread has ended although their number stayed: look again. */
  forget(): void {
    for (const thread of this.#threads) closeThread(thread);
    this.#threads = [];
  }
}

function closeThread(thread: Thread): void {
  closeSync(thread.syscall);
  closeSync(thread.schedstat);
  closeSync(thread.stat);
}

/** The letter after the name in parentheses, which may hold anything. */
function isAsleep(stat: string): boolean {
  return stat.startsWith("S", stat.lastIndexOf(")") + 2);
}

export class ProgramThreads {
  readonly #session: number;
  readonly #processes = new Map<number, ProcessThreads>();
  /** All processes of the program up to this number are known. */
  #knownUpTo: number;
  #closed = false;
  #calls: BlockedCall[] = [];

  /** `session`: the process that leads it, and was started in a session of its own. */
  constructor(session: number) {
    this.#session = session;
    this.#knownUpTo = session;
  }

  /**
   * Whether nothing of the program runs or is about to.
   * @throws NodeJS.ErrnoException EACCES or EPERM when the program may not be looked into.
   */
  atRest(): boolean {
    if (this.#closed) return false;
    this.#calls = [];
    if (!this.#processes.has(this.#session)) this.#add(this.#session);
    return (
      this.#processes.size > 0 &&
      this.#every((process) => process.look(this.#calls)) &&
      !this.#findNewProcesses() &&
      this.#every((process) => process.lookAgain())
    );
  }

  #every(test: (process: ProcessThreads) => boolean): boolean {
    for (const process of this.#processes.values()) {
      try {
        if (test(process)) continue;
        if (identify(process.pid)?.state === "Z") this.#drop(process.pid);
      } catch (error) {
        if (!isGone(error)) throw error;
        if (process.pid === this.#session) process.forget();
        else this.#drop(process.pid);
      }
      return false;
    }
    return true;
  }

  /**
   * Whether there is a process not known before. Called while every known thread is blocked: a fork
   * that one of them made is then complete and can be seen. One that a new process is in the midst
   * of cannot; so the same numbers are looked at again until nothing new is found.
   */
  #findNewProcesses(): boolean {
    const last = lastPid();
    if (last === this.#knownUpTo) return false;
    let found = false;
    for (const pid of processesGiven(this.#knownUpTo, last)) {
      if (this.#processes.has(pid)) continue;
      const identity = identify(pid);
      if (identity?.session !== this.#session || identity.state === "Z") continue;
      found = true;
      this.#add(pid);
    }
    if (!found) this.#knownUpTo = last;
    return found;
  }

  #add(pid: number): void {
    try {
      this.#processes.set(pid, new ProcessThreads(pid));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /** When the first of the threads last looked at goes on by itself. */
  wake(): Wake {
    let first: Wake = NEVER;
    for (const call of this.#calls) {
      const wake = wakeOf(call);
      if (wake === "unknown") return wake;
      first = Math.min(first, wake);
    }
    return first;
  }

  /** Bytes read so far by all processes that live. */
  bytesRead(): number {
    let total = 0;
    for (const process of this.#processes.values()) {
      try {
        total += process.bytesRead();
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    }
    return total;
  }

  close(): void {
    this.#closed = true;
    for (const process of this.#processes.values()) process.close();
    this.#processes.clear();
  }

  #drop(pid: number): void {
    this.#processes.get(pid)?.close();
    this.#processes.delete(pid);
  }
}

function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ESRCH" || code === "ENOENT";
}
