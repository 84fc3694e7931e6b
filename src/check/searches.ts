/**
 * Searches of objects side by side, in worker threads, where that is worth their start: several
 * objects that no algorithm decides, and enough operations in them. Verdicts do not depend on it.
 */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Searcher } from "../../checkers/index.js";
import { decidePacked } from "../../checkers/index.js";

/** Operations to be searched below which threads start in vain. */
const WORTHWHILE = 5_000;

export interface Searches {
  search: Searcher;
  close(): Promise<void>;
}

export function openSearches(jobs: number): Searches {
  const filename = fileURLToPath(new URL("./search-worker.js", import.meta.url));
  let close = async (): Promise<void> => undefined;
  return {
    async search(tasks) {
      const operations = tasks.reduce((sum, { view }) => sum + view.size, 0);
      // Run from its sources, as the tests do, there is no compiled worker to start.
      const alone = jobs === 1 || tasks.length < 2 || operations < WORTHWHILE;
      if (alone || !existsSync(filename)) return tasks.map(decidePacked);
      const { Piscina } = await import("piscina");
      const maxThreads = Math.min(jobs, tasks.length);
      const pool = new Piscina({ filename, minThreads: maxThreads, maxThreads });
      close = () => pool.destroy();
      const verdicts = await Promise.all(tasks.map((task) => pool.run(task)));
      await pool.close();
      return verdicts;
    },
    close: () => close(),
  };
}
