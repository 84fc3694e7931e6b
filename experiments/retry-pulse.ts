/** A pulse of requests above what a server can serve, and whether it is ever over: part of `thundering-herd`. */

import type { Finding } from "../src/experiment/experiment.js";
import { Lab } from "../src/experiment/lab.js";

const MS_US = 1_000;
const SECOND_US = 1_000_000;
/** One server: 100 attempts a second. */
const SERVICE_US = 10 * MS_US;
/** So long a client waits for an answer before it tries again. */
const TIMEOUT_US = 200 * MS_US;
const PULSE = { fromUs: 2 * SECOND_US, untilUs: 3 * SECOND_US, everyUs: 5 * MS_US };
export const PULSE_IN_WORDS = `It serves μ = ${SECOND_US / SERVICE_US}/s; the time-out is ${TIMEOUT_US / MS_US} ms; the pulse adds ${SECOND_US / PULSE.everyUs}/s for ${(PULSE.untilUs - PULSE.fromUs) / SECOND_US} s.`;
/** Long enough for every queue to drain that does: the slowest does so by a quarter of what it can serve. */
const END_US = 40 * SECOND_US;
const WATCHED_US = 5 * SECOND_US;

/** Requests as a share of what can be served, and how often each is tried again. */
const cases = [
  { load: 0.25, retries: 0 },
  { load: 0.25, retries: 1 },
  { load: 0.25, retries: 2 },
  { load: 0.25, retries: 4 },
  { load: 0.7, retries: 0 },
  { load: 0.7, retries: 1 },
] as const;

/** With the pulse, and without: the same requests are served or not for what was once. */
export async function overloadsOf(seed: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { load, retries } of cases) {
    const at = { "λ/μ": load, r: retries };
    for (const pulse of [true, false]) {
      findings.push({
        kind: "exact",
        of: pulse ? "overloaded long after a pulse" : "overloaded without a pulse",
        at,
        predicted: pulse && load * (1 + retries) > 1,
        measured: (await goodputOf({ load, retries, pulse }, seed)) < 0.5,
      });
    }
  }
  return findings;
}

/** The share of the last requests that were answered in time. */
async function goodputOf(
  { load, retries, pulse }: { load: number; retries: number; pulse: boolean },
  seed: number,
): Promise<number> {
  let asked = 0;
  let answered = 0;
  /** By attempt, when its request came first. */
  const waiting = new Map<number, number>();
  let next = 0;
  const lab = new Lab({ seed, nodes: 1, create: ({ after, send }) => fifo(after, send) });
  const send = lab.client("c1", ({ attempt }) => {
    const bornUs = waiting.get(Number(attempt)) ?? 0;
    waiting.delete(Number(attempt));
    if (bornUs >= END_US - WATCHED_US) answered++;
  });
  const attempt = (bornUs: number, count: number): void => {
    const id = next++;
    waiting.set(id, bornUs);
    send("n1", { type: "work", attempt: id });
    lab.at(lab.kernel.now + TIMEOUT_US, () => {
      if (waiting.delete(id) && count < retries) attempt(bornUs, count + 1);
    });
  };
  const arrive = (everyUs: number, untilUs: number): void => {
    if (lab.kernel.now >= untilUs) return;
    const isWatched = lab.kernel.now >= END_US - WATCHED_US;
    if (isWatched) asked++;
    attempt(lab.kernel.now, 0);
    lab.at(lab.kernel.now + everyUs, () => arrive(everyUs, untilUs));
  };
  const patienceUs = (retries + 1) * TIMEOUT_US;
  lab.at(1, () => arrive(SERVICE_US / load, END_US));
  if (pulse) lab.at(PULSE.fromUs, () => arrive(PULSE.everyUs, PULSE.untilUs));
  await lab.run(END_US + patienceUs);
  return answered / asked;
}

/** Serves one after the other, whether or not anybody still waits. */
function fifo(
  after: (delayMs: number, action: () => void) => unknown,
  send: (to: string, body: { type: string; attempt: number }) => void,
) {
  const queue: number[] = [];
  const serve = (): void => {
    after(SERVICE_US / MS_US, () => {
      send("c1", { type: "done", attempt: queue.shift() as number });
      if (queue.length > 0) serve();
    });
  };
  return {
    onMessage: ({ body }: { body: { [field: string]: unknown } }): undefined => {
      queue.push(Number(body["attempt"]));
      if (queue.length === 1) serve();
    },
  };
}
