/**
 * Makes the saved cases of this repository anew: what `faultline gate` runs here.
 *
 * Each of the bugs below is found, and its plan shrunk. Then the bug is switched off: the case is the
 * run that the bug would make fail, and must pass, as a guard against the bug's return. A few stay
 * with the bug on, marked as failing: they must fail for as long as checkers see what they saw.
 *
 *     npm run bench -- cases [--only SYSTEM[:BUG]] [--out faultline/cases] [--shrink-runs N]
 *
 * To be run when what seeds expand to has changed, or a case says so. Takes half a minute a case.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCampaign } from "../src/campaign/campaign.js";
import { openPool, type Pool } from "../src/campaign/pool.js";
import { Workshop } from "../src/campaign/prepare.js";
import { type Execution, execute } from "../src/controller/index.js";
import { type Shrunk, shrink } from "../src/shrink/index.js";
import { parseCase } from "../src/store/case-file.js";
import { readJson, writeText } from "../src/store/files.js";
import { formatCase } from "../src/store/run-dir.js";
import { type Bug, systems } from "../systems/index.js";
import { type Row, table } from "./table.js";

/** Guarded by a case that must pass. */
const guarded: { readonly [system: string]: readonly string[] } = {
  quorum: ["weak-quorum", "no-write-back", "ack-unsynced"],
  raft: [
    "stale-read",
    "read-index-without-no-op",
    "count-votes-twice",
    "truncate-always",
    "ack-before-commit",
    "ack-unsynced",
    "apply-twice",
  ],
  "primary-backup": ["no-fencing", "promote-behind", "degrades-silently"],
  "multi-leader": ["tie-keeps-local"],
  "lww-register": ["tie-keeps-local", "shown-unsynced"],
  "counter-set": ["merge-by-sum"],
  txn: ["no-first-committer-wins", "snapshot-per-read", "double-append-on-retry"],
  log: ["retry-appends-again", "promote-behind"],
  queue: ["retry-takes-again", "promote-behind"],
  ids: ["unsynced-block"],
};

/** Kept with the bug on, too, and where the real one was told. */
const open: { readonly [bug: string]: string } = {
  "raft:stale-read": "https://aphyr.com/posts/316-jepsen-etcd-and-consul",
  "quorum:no-write-back": "https://issues.apache.org/jira/browse/CASSANDRA-10726",
  "primary-backup:no-fencing": "https://github.com/elastic/elasticsearch/issues/2488",
};

/** A bug is looked for on so many seeds. */
const SEEDS = 299;
const SHRINK_RUNS = 4_000;

export async function casesBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "" },
      out: { type: "string", default: "faultline/cases" },
      "shrink-runs": { type: "string", default: String(SHRINK_RUNS) },
    },
  });
  const [onlySystem, onlyBug] = values.only.split(":");
  const scratch = mkdtempSync(join(tmpdir(), "faultline-cases-"));
  const source = { cwd: process.cwd() };
  const workshop = await Workshop.open(source);
  const pool = await openPool(source);
  const rows: Row[] = [];
  try {
    for (const [system, bugs] of Object.entries(guarded)) {
      if (onlySystem !== "" && onlySystem !== system) continue;
      for (const bug of bugs) {
        if (onlyBug !== undefined && onlyBug !== bug) continue;
        const maker = new CaseMaker({ system, bug, pool, workshop, scratch });
        rows.push(await maker.make(values.out, Number(values["shrink-runs"])));
        process.stderr.write(`${system} ${bug}: ${rows.at(-1)?.["outcome"]}\n`);
      }
    }
    table("cases made", rows);
    if (rows.some((row) => row["outcome"] !== "made")) process.exitCode = 1;
  } finally {
    await pool.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface About {
  system: string;
  bug: string;
  pool: Pool;
  workshop: Workshop;
  scratch: string;
}

class CaseMaker {
  readonly #about: About;
  readonly #started = performance.now();

  constructor(about: About) {
    this.#about = about;
  }

  /** Finds, shrinks, switches off, and writes what came of it. */
  async make(folder: string, runsMax: number): Promise<Row> {
    const { system, bug } = this.#about;
    const found = await this.#find();
    if (found === undefined) return this.#row("not found");
    const { execution, mark, complete } = await this.#shrunk(found, runsMax);
    const sound = await this.#execute({ ...execution.plan, bugs: [] });
    if (sound.valid !== true) return this.#row(`${sound.valid} without the bug`);
    writeText(
      join(folder, `${system}-${bug}.json`),
      formatCase(sound, { gate: { expected: "passes" }, shrunk: mark }),
    );
    const issue = open[`${system}:${bug}`];
    if (issue !== undefined) {
      writeText(
        join(folder, `${system}-${bug}-open.json`),
        formatCase(execution, { gate: { expected: "fails", issue }, shrunk: mark }),
      );
    }
    const { operations, faults } = execution.plan;
    return {
      ...this.#row("made"),
      group: mark.group,
      operations: operations.length,
      faults: faults.length,
      runs: mark.runs,
      minimal: complete ? "yes" : "no",
    };
  }

  /** The case file of the first seed that shows the bug. */
  async #find(): Promise<string | undefined> {
    const { system, bug, pool, scratch } = this.#about;
    const { nemesis = "swarm", workload } = this.#bug();
    const usual = systems.get(system)?.workloads[0] as string;
    const outcome = await runCampaign(
      {
        count: SEEDS,
        run: (ordinal) => ({
          seed: ordinal + 1,
          system,
          workload: workload ?? usual,
          nemesis: [nemesis],
          bugs: [bug],
        }),
        out: scratch,
        probes: [],
        maxFailures: 1,
      },
      pool,
    );
    return outcome.failures[0]?.case;
  }

  async #shrunk(file: string, runsMax: number): Promise<Shrunk> {
    const { plan, expected } = parseCase(readJson(file), file);
    return shrink({
      plan,
      signature: expected.signature as string,
      execute: (candidate) => this.#execute(candidate),
      nodeCounts: systems.get(this.#about.system)?.nodeCounts ?? [],
      runsMax,
    });
  }

  async #execute(plan: Execution["plan"]): Promise<Execution> {
    return execute(plan, await this.#about.workshop.options(plan));
  }

  #bug(): Bug {
    const { system, bug } = this.#about;
    return systems.get(system)?.bugs[bug] as Bug;
  }

  #row(outcome: string): Row {
    const { system, bug } = this.#about;
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    const nothing = { group: "-", operations: "-", faults: "-", runs: "-", minimal: "-" };
    return { system, bug, outcome, seconds, ...nothing };
  }
}
