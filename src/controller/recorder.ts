/** Writes down what clients, nodes and the nemesis did, as the events of a history. */

import type { HistoryEvent } from "../../histories/index.js";
import type { Json } from "../base/json.js";
import type { Misconduct } from "../sim/host.js";
import type { Kernel } from "../sim/kernel.js";
import type { WorldListener } from "../sim/machine-world.js";
import { duringProbe, unknownDuringProbe } from "./probes.js";

/** A line of the run's log. */
export interface LogLine {
  timeUs: number;
  who: string;
  text: string;
  data?: Json;
}

const END = "-end";
/** A babbling node must not fill the memory. */
const LOG_LINES_MAX = 20_000;

export class RunRecorder implements WorldListener {
  readonly events: HistoryEvent[] = [];
  readonly logLines: LogLine[] = [];
  readonly probes = new Map<string, number>();
  /** How many faults of each kind lie over the world now. */
  readonly #faults = new Map<string, number>();
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Appends an event at the present virtual time. Returns its index. */
  event(event: Omit<HistoryEvent, "index" | "time">): number {
    const index = this.events.length;
    this.events.push({ index, time: this.#kernel.now * 1000, ...event });
    if (typeof event.process === "number") this.#operationEnded(event.type);
    else if (event.process === "nemesis") this.#faultsChanged(event.f);
    return index;
  }

  observed(node: string, f: string, value: Json): void {
    this.event({ process: node, type: "info", f, value });
  }

  nemesis(f: string, value: Json): void {
    this.event({ process: "nemesis", type: "info", f, value });
  }

  misconduct(node: string, kind: Misconduct, detail: string): void {
    this.log(node, `misconduct: ${kind}: ${detail}`);
    this.observed(node, "misconduct", { kind, detail });
  }

  probe(name: string): void {
    this.probes.set(name, (this.probes.get(name) ?? 0) + 1);
  }

  /** Whoever tells the history of faults tells of a fault by its kind, and of its end by "kind-end". */
  #faultsChanged(f: string): void {
    const [kind, change] = f.endsWith(END) ? [f.slice(0, -END.length), -1] : [f, 1];
    const count = (this.#faults.get(kind) ?? 0) + change;
    if (count > 0 && f !== "heal") this.#faults.set(kind, count);
    else this.#faults.delete(kind);
  }

  #operationEnded(type: HistoryEvent["type"]): void {
    if (type !== "ok" && type !== "info") return;
    const nameOf = type === "ok" ? duringProbe : unknownDuringProbe;
    for (const kind of this.#faults.keys()) this.probe(nameOf(kind));
  }

  log(who: string, text: string, data?: Json): void {
    if (this.logLines.length >= LOG_LINES_MAX) return;
    const line = { timeUs: this.#kernel.now, who, text };
    this.logLines.push(data === undefined ? line : { ...line, data });
  }
}
