/**
 * What a cycle through the accesses of a history is called among litmus tests: SB, MP, IRIW, CoRR.
 *
 * Only communication counts: which write was read, overwritten or missed. Between two communications
 * stands a session, from the access that it enters by to the one that it leaves by; an update is entered as
 * what was read or written there. A step through several sessions is spelled out first. Where a session
 * takes part twice, the detour is left out if program order leads past it in every model: a shape that
 * the violated model allows would be a wrong name.
 *
 * A name must stand on what the history shows: a step that some argument derived (this write is the
 * later one, because otherwise another read would be wrong) has no part in it. Then the history, if it
 * is small, is searched for a cycle that is evident.
 *
 * Two updates of one value have no cycle, but a name all the same. Leaves out violations that only a
 * search found, cycles that visit a session twice all the same, and those without a name.
 */

import { type HistoryEdge, shapeOf as shapeOfCycle } from "../litmus/cycles/shape.js";
import type { Accesses } from "./accesses.js";
import type { Relation, Step } from "./decision.js";
import { Evidence } from "./evidence.js";
import { evidentCycles } from "./evident-cycles.js";

export interface Shape {
  /** SB, MP, CoRR … */
  name: string;
  /** In words: store buffering; the name again where the literature has none. */
  title: string;
  /** The circle that has the name; empty where the name needs none. */
  path: readonly Step[];
}

const LOST_UPDATE: Shape = { name: "lost-update", title: "lost update", path: [] };

type Communication = Step & { relation: "reads-from" | "overwrites" | "replaced" };

/**
 * Undefined where nothing evident has a name. `model` is what the history violates, by its name among
 * the checkers; unknown ones are served by the path alone. O(size * steps + steps^2), and a search of
 * small histories.
 */
export function shapeOf(accesses: Accesses, path: readonly Step[], model = ""): Shape | undefined {
  const evidence = new Evidence(accesses);
  const named = shapeOfPath(accesses, evidence, path);
  if (named !== undefined && orderedWrites(named) === 0) return named;
  if (named === undefined && evidence.losesUpdate) return LOST_UPDATE;
  let best = named;
  for (const cycle of evidentCycles(accesses, evidence, model)) {
    const shape = shapeOfPath(accesses, evidence, cycle);
    if (shape === undefined) continue;
    if (best === undefined || orderedWrites(shape) < orderedWrites(best)) best = shape;
  }
  return best;
}

/** What somebody read or missed says more than an order of writes that third parties saw. */
function orderedWrites({ path }: Shape): number {
  return path.filter(({ relation }) => relation === "overwrites").length;
}

function shapeOfPath(
  accesses: Accesses,
  evidence: Evidence,
  path: readonly Step[],
): Shape | undefined {
  const first = path[0];
  if (first === undefined || path.at(-1)!.to !== first.from) return undefined;
  const steps: Step[] = [];
  for (const step of path) {
    const spelled = step.relation === "causes" ? spelledOut(accesses, step) : [step];
    if (spelled === undefined) return undefined;
    steps.push(...spelled);
  }
  const cycle = shortened(accesses, steps.filter(communicates));
  if (cycle.length === 0 || visitsTwice(accesses, cycle)) return undefined;
  if (!cycle.every((step) => evidence.shows(step))) return undefined;
  const shape = shapeOfCycle(edgesOf(accesses, cycle));
  return shape === undefined ? undefined : { ...shape, path };
}

function communicates(step: Step): step is Communication {
  return step.relation !== "session" && step.relation !== "causes";
}

/** A shortest way by session order and reads-from; undefined where there is none. */
function spelledOut({ starts, session, source }: Accesses, { from, to }: Step): Step[] | undefined {
  const next = new Map<number, Step>();
  const queue = [to];
  for (const access of queue) {
    if (access === from) {
      const way: Step[] = [];
      for (let at = from; at !== to; at = way.at(-1)!.to) way.push(next.get(at)!);
      return way;
    }
    const reach = (before: number, relation: Relation): void => {
      if (before < 0 || before === to || next.has(before)) return;
      next.set(before, { from: before, to: access, relation });
      queue.push(before);
    };
    reach(source[access]!, "reads-from");
    if (access > starts[session[access]!]!) reach(access - 1, "session");
  }
  return undefined;
}

/** Without the detours between two visits to a session, where program order of any model leads past them. */
function shortened(accesses: Accesses, cycle: readonly Communication[]): readonly Communication[] {
  const { length } = cycle;
  for (const [i, entering] of cycle.entries()) {
    for (let between = 2; between < length; between++) {
      const leaving = cycle[(i + between) % length]!;
      if (!leadsTo(accesses, entering, leaving)) continue;
      const rest = Array.from({ length: length - between + 1 }, (_, k) => i + between + k);
      return shortened(
        accesses,
        rest.map((place) => cycle[place % length]!),
      );
    }
  }
  return cycle;
}

/** Program order that every model keeps: from a read, or on one key. */
function leadsTo({ session, key }: Accesses, entering: Step, leaving: Step): boolean {
  if (session[entering.to] !== session[leaving.from] || entering.to > leaving.from) return false;
  return entering.relation === "reads-from" || key[entering.to] === key[leaving.from];
}

function visitsTwice({ session }: Accesses, cycle: readonly Communication[]): boolean {
  const visits = cycle
    .filter(({ from, to }) => session[from] !== session[to])
    .map(({ to }) => session[to]);
  return new Set(visits).size < visits.length;
}

function edgesOf({ key, session }: Accesses, cycle: readonly Communication[]): HistoryEdge[] {
  return cycle.flatMap((one, i): HistoryEdge[] => {
    const next = cycle[(i + 1) % cycle.length]!;
    const communication: HistoryEdge = {
      relation: one.relation,
      from: one.relation === "replaced" ? "read" : "write",
      to: one.relation === "reads-from" ? "read" : "write",
      sameKey: true,
      sameSession: session[one.from] === session[one.to],
    };
    const leaves = next.relation === "replaced" ? "read" : "write";
    if (one.to === next.from && communication.to === leaves) return [communication];
    const within: HistoryEdge = {
      relation: "session",
      from: communication.to,
      to: leaves,
      sameKey: key[one.to] === key[next.from],
      sameSession: true,
    };
    return [communication, within];
  });
}
