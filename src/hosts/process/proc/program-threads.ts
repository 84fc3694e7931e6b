/**
 * All threads of a program and of the processes it started, seen through /proc.
 *
 * A snapshot is a text over every thread's scheduling counters, taken only while all of them are
 * blocked in a wait. Two equal snapshots in a row prove that at the moment between them no thread
 * ran and none was about to: only input from outside or a time-out can set the program going again.
 */

import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { processTable } from "./process-table.js";
import { type BlockedCall, NEVER, parseBlockedCall, type Wake, wakeOf } from "./syscalls.js";

interface Thread {
  id: number;
  syscall: number;
  schedstat: number;
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

  /** Adds every thread's wait to `calls`; undefined when one of them is at work. */
  snapshot(calls: BlockedCall[]): string | undefined {
    const count = statSync(`/proc/${this.pid}/task`).nlink - 2;
    if (count !== this.#threads.length) {
      this.#list();
      if (count !== this.#threads.length) return undefined;
    }
    let text = `${this.pid}`;
    for (const thread of this.#threads) {
      const call = parseBlockedCall(readText(thread.syscall), this.pid);
      if (call === undefined) return undefined;
      calls.push(call);
      text += `/${thread.id} ${readText(thread.schedstat)}`;
    }
    return text;
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
}

export class ProgramThreads {
  readonly #session: number;
  readonly #processes = new Map<number, ProcessThreads>();
  #version = -1;
  #closed = false;
  #calls: BlockedCall[] = [];

  /** `session`: the process that leads it, and was started in a session of its own. */
  constructor(session: number) {
    this.#session = session;
  }

  /**
   * A text as above, or undefined while some thread is at work.
   * @throws NodeJS.ErrnoException EACCES or EPERM when the program may not be looked into.
   */
  snapshot(): string | undefined {
    if (this.#closed) return undefined;
    this.#calls = [];
    this.#refresh();
    let text = "";
    for (const [pid, process] of this.#processes) {
      try {
        const part = process.snapshot(this.#calls);
        if (part === undefined) return isZombie(pid, this.#session) ? this.#drop(pid) : undefined;
        text += part;
      } catch (error) {
        if (!isGone(error)) throw error;
        process.forget();
        if (pid !== this.#session) this.#drop(pid);
        return undefined;
      }
    }
    return text;
  }

  /** When the first thread of the last snapshot goes on by itself. */
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

  #refresh(): void {
    processTable.refresh();
    if (processTable.version === this.#version) return;
    this.#version = processTable.version;
    const members = new Set(processTable.membersOf(this.#session));
    for (const pid of this.#processes.keys()) if (!members.has(pid)) this.#drop(pid);
    for (const pid of members) {
      if (this.#processes.has(pid) || isZombie(pid, this.#session)) continue;
      try {
        this.#processes.set(pid, new ProcessThreads(pid));
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    }
  }

  #drop(pid: number): undefined {
    this.#processes.get(pid)?.close();
    this.#processes.delete(pid);
  }
}

/** A child that ended and that its parent has not asked for yet has no threads that could run. */
function isZombie(pid: number, leader: number): boolean {
  if (pid === leader) return false;
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\)/s, ""));
  } catch {
    return true;
  }
}

function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ESRCH" || code === "ENOENT";
}
