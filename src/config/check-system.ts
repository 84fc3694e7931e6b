/**
 * The border check of a user's system: what it says of itself is of the right kind, and names only
 * what exists. JavaScript projects have no compiler to say so.
 */

import { checkers } from "../../checkers/index.js";
import {
  type Bug,
  consistencies,
  defineSystem,
  type OwnSystem,
  type System,
} from "../../systems/system.js";
import { workloads } from "../../workloads/index.js";
import { UsageError } from "../base/errors.js";
import { unknownName } from "../base/names.js";
import { excesses } from "../controller/index.js";
import { simulatedFaultKinds } from "../sim/inject.js";

/**
 * Completes a user's system with what it may leave out.
 * @throws UsageError naming the first thing that is wrong.
 */
export function checkedSystem(candidate: unknown, where: string): System {
  const wrong: Refuse = (what) => {
    throw new UsageError(`${where}: ${what} (see docs/systems.md)`);
  };
  if (!isObject(candidate)) return wrong("is not a system object");
  if (typeof candidate["name"] !== "string" || candidate["name"] === "") {
    return wrong('a system needs a "name"');
  }
  if (typeof candidate["create"] !== "function") return wrong('a system needs "create(context)"');
  if (typeof candidate["service"] !== "function") return wrong('a system needs "service(options)"');
  const own = candidate["workloads"];
  if (!Array.isArray(own) || own.length === 0) {
    return wrong('a system needs "workloads", its default ones');
  }
  for (const name of own) known("workload", name, workloads.keys(), wrong);
  checkLists(candidate, wrong);
  checkBugs(candidate["bugs"], wrong);
  checkOptions(candidate["options"], wrong);
  checkRecovery(candidate["recovery"], wrong);
  checkSurvives(wrong, candidate["survives"]);
  checkBeyond(wrong, candidate["beyond"]);
  const system = defineSystem(candidate as unknown as OwnSystem);
  checkService(system, wrong);
  return { ...system, bugs: completed(system.bugs) };
}

type Refuse = (what: string) => never;
type Fields = { readonly [name: string]: unknown };

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function known(kind: string, name: unknown, names: Iterable<string>, wrong: Refuse): void {
  const all = [...names];
  if (typeof name !== "string") wrong(`${JSON.stringify(name)} is no name of a ${kind}`);
  else if (!all.includes(name)) wrong(unknownName(kind, name, all));
}

function checkLists(
  { nodeCounts = [3], invariants = [], probes = [], driftPpmMax = 0, summary = "" }: Fields,
  wrong: Refuse,
): void {
  if (typeof summary !== "string") wrong('"summary" is not a text');
  const counts = Array.isArray(nodeCounts) ? nodeCounts : [];
  if (counts.length === 0 || !counts.every((count) => Number.isInteger(count) && count > 0)) {
    wrong('"nodeCounts" is a list of whole numbers above 0');
  }
  if (!Array.isArray(invariants)) wrong('"invariants" is a list of checkers');
  else for (const name of invariants) known("checker", name, checkers.keys(), wrong);
  if (!Array.isArray(probes) || !probes.every((name) => typeof name === "string")) {
    wrong('"probes" is a list of texts');
  }
  if (!Number.isInteger(driftPpmMax) || Number(driftPpmMax) < 0) {
    wrong('"driftPpmMax" is a whole number of parts per million');
  }
}

function checkBugs(bugs: unknown, wrong: Refuse): void {
  if (bugs === undefined) return;
  if (!isObject(bugs)) wrong('"bugs" is an object: { NAME: { summary, anomalies } }');
  for (const [name, bug] of Object.entries(bugs)) {
    if (!isObject(bug)) wrong(`bugs.${name} is an object with a summary and anomalies`);
    const { anomalies = [] } = bug;
    if (!Array.isArray(anomalies) || !anomalies.every((type) => typeof type === "string")) {
      wrong(`bugs.${name}.anomalies is a list of types of anomaly`);
    }
  }
}

function checkOptions(options: unknown, wrong: Refuse): void {
  if (options === undefined) return;
  if (!isObject(options)) wrong('"options" is an object: { NAME: { summary, default } }');
  for (const [name, spec] of Object.entries(options)) {
    const usual = isObject(spec) ? spec["default"] : undefined;
    if (!["string", "number", "boolean"].includes(typeof usual)) {
      wrong(`options.${name} needs a "default": a text, a number or a boolean`);
    }
  }
}

function checkRecovery(recovery: unknown, wrong: Refuse): void {
  if (recovery === undefined) return;
  const sound =
    isObject(recovery) &&
    typeof recovery["core"] === "function" &&
    ["number", "function"].includes(typeof recovery["withinMs"]);
  if (!sound) wrong('"recovery" is { core(nodeCount, options), withinMs }');
}

function checkSurvives(wrong: Refuse, survives: unknown = {}): void {
  const promise = isObject(survives) ? survives : wrong('"survives" is an object');
  const { kinds = [], timing = "synchronous", membership = true } = promise;
  for (const count of ["down", "wiped", "byzantine"]) {
    if (["undefined", "function"].includes(typeof promise[count])) continue;
    wrong(`survives.${count} is a function of the number of nodes`);
  }
  if (!Array.isArray(kinds)) wrong("survives.kinds is a list of kinds of fault");
  else for (const kind of kinds) known("kind of fault", kind, simulatedFaultKinds, wrong);
  known("timing model", timing, ["synchronous", "partially-synchronous"], wrong);
  if (membership !== true) wrong("survives.membership is true, or left out");
}

function checkBeyond(wrong: Refuse, beyond: unknown = {}): void {
  const holding = isObject(beyond) ? beyond : wrong('"beyond" is an object: { EXCESS: [CHECKER] }');
  for (const [excess, holds] of Object.entries(holding)) {
    known("excess", excess, [...excesses, ...simulatedFaultKinds], wrong);
    if (!Array.isArray(holds) || !holds.every((name) => typeof name === "string")) {
      wrong(`beyond.${excess} is a list of checkers`);
    }
  }
}

/** Asked as the usual run asks: other options may still come to grief later. */
function checkService(system: System, wrong: Refuse): void {
  const options = Object.fromEntries(
    Object.entries(system.options).map(([name, spec]) => [name, spec.default]),
  );
  let service: unknown;
  try {
    service = system.service(options, system.nodeCounts[0] as number);
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    wrong(`its "service" throws: ${text.split("\n")[0]}`);
  }
  if (!isObject(service)) wrong('"service" returns { operations, consistency }');
  const { operations, consistency, sticky = consistency } = service;
  if (!Array.isArray(operations) || !operations.every((f) => typeof f === "string")) {
    wrong('its "service" names no list of operations');
  }
  if (operations.length === 0) wrong('its "service" offers no operation');
  known("consistency", consistency, consistencies, wrong);
  known("consistency", sticky, consistencies, wrong);
}

/** What tables and messages show of a bug may be left out. */
function completed(bugs: System["bugs"]): System["bugs"] {
  return Object.fromEntries(
    Object.entries(bugs).map(([name, bug]): [string, Bug] => [
      name,
      { ...{ summary: "", source: "", needs: "", anomalies: [] }, ...bug },
    ]),
  );
}
