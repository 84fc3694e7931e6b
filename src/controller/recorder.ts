/** Writes down what clients, nodes and the nemesis did, as the events of a history. */

import type { HistoryEvent } from "../../histories/index.js";
import type { Json } from "../base/json.js";
import type { Misconduct } from "../sim/host.js";
import type { Kernel } from "../sim/kernel.js";
import type { WorldListener } from "../sim/machine.js";

/** A line of the run's log. */
export interface LogLine {
  timeUs: number;
  who: string;
  text: string;
  data?: Json;
}

/** A babbling node must not fill the memory. */
const LOG_LINES_MAX = 20_000;

export class RunRecorder implements WorldListener {
  readonly events: HistoryEvent[] = [];
  readonly logLines: LogLine[] = [];
  readonly probes = new Map<string, number>();
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Appends an event at the present virtual time. Returns its index. */
  event(event: Omit<HistoryEvent, "index" | "time">): number {
    const index = this.events.length;
    this.events.push({ index, time: this.#kernel.now * 1000, ...event });
    return index;
  }

  observed(node: string, f: string, value: Json): void {
    this.event({ process: node, type: "info", f, value });
  }

  misconduct(node: string, kind: Misconduct, detail: string): void {
    this.log(node, `misconduct: ${kind}: ${detail}`);
    this.observed(node, "misconduct", { kind, detail });
  }

  probe(name: string): void {
    this.probes.set(name, (this.probes.get(name) ?? 0) + 1);
  }

  log(who: string, text: string, data?: Json): void {
    if (this.logLines.length >= LOG_LINES_MAX) return;
    const line = { timeUs: this.#kernel.now, who, text };
    this.logLines.push(data === undefined ? line : { ...line, data });
  }
}
