/** Real time, which external programs live in: the one clock and the sleeps of this host. */

/** The kernel's CLOCK_MONOTONIC in milliseconds, the same that programs set their timers by. */
export function realMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** One turn of Node's own loop: what pipes hold is read, and signals are seen. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Until `event` settles, or the time is up. */
export async function within(ms: number, event: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([event, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Gives the processor away without a turn of the loop: for waits too short for a timer. */
export function nap(ms: number): void {
  Atomics.wait(cell, 0, 0, ms);
}
