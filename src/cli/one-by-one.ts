/** Many things that take a while, done one after the other; Ctrl-C leaves what is done by then. */

import type { Terminal } from "./terminal.js";

export interface Series<Item> {
  items: readonly Item[];
  /** What they are, in the plural, for the progress. */
  unit: string;
  /** Whether all of it was done: it may end early once the signal has aborted. */
  act(item: Item, signal: AbortSignal): Promise<boolean>;
}

/**
 * Does one after the other until SIGINT or SIGTERM. Whoever interrupts twice ends the process.
 * @returns what was not done, or not all of it.
 */
export async function oneByOne<Item>(
  terminal: Terminal,
  { items, unit, act }: Series<Item>,
): Promise<Item[]> {
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const onSignal = (): void => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const progress = terminal.progress(items.length, unit);
  let done = 0;
  try {
    for (const item of items) {
      if (signal.aborted || !(await act(item, signal))) break;
      progress.update(++done, 0);
    }
  } finally {
    progress.stop();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
  return items.slice(done);
}
