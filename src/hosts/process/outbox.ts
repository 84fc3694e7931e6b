/** From a program's lines to messages on the network, or to the report of its misconduct. */

import type { JsonObject } from "../../base/json.js";
import type { Machine } from "../../sim/host.js";
import type { EndpointKind } from "../../sim/network.js";
import { NotPlainData } from "../../sim/seal.js";
import { type ConductReport, excerpt } from "./conduct-report.js";
import { asClientSees, parseEnvelope } from "./envelope.js";
import { HARNESS_CLIENT } from "./handshake.js";
import { limits, type Output } from "./program.js";

export interface OutboxOptions {
  machine: Machine;
  report: ConductReport;
  /** What kind of thing bears this name on the network. */
  kindOf(name: string): EndpointKind | undefined;
}

export class Outbox {
  readonly #machine: Machine;
  readonly #report: ConductReport;
  readonly #kindOf: OutboxOptions["kindOf"];

  constructor({ machine, report, kindOf }: OutboxOptions) {
    this.#machine = machine;
    this.#report = report;
    this.#kindOf = kindOf;
  }

  /** Sends what was said, line by line; a bad line does not keep the next ones back. */
  post({ lines, tooLong }: Output): void {
    for (const line of lines) this.#postLine(line);
    for (let i = 0; i < tooLong; i++) {
      const detail = `printed a line of more than ${limits.lineBytes} bytes, which was dropped`;
      this.#report.add("oversized-message", detail);
    }
  }

  #postLine(line: string): void {
    const envelope = parseEnvelope(line);
    if ("problem" in envelope) {
      this.#report.add("bad-message", `printed ${envelope.problem}: ${excerpt(line)}`);
      return;
    }
    const { src, dest, body, marked } = envelope;
    // A late answer to a request of our own.
    if (dest === HARNESS_CLIENT) return;
    const kind = this.#kindOf(dest);
    if (kind === undefined) {
      const detail = `sent a message to "${dest}", which does not exist: ${excerpt(line)}`;
      this.#report.add("unknown-destination", detail);
    } else if (this.#kindOf(src) === undefined) {
      const detail = `spoke in the name of "${src}", which does not exist: ${excerpt(line)}`;
      this.#report.add("bad-message", detail);
    } else this.#send(dest, marked && kind === "client" ? asClientSees(body) : body, src);
  }

  #send(dest: string, body: JsonObject, src: string): void {
    try {
      this.#machine.send(dest, body, src);
    } catch (error) {
      if (!(error instanceof NotPlainData)) throw error;
      this.#report.add("bad-message", `sent a body that is ${error.message}`);
    }
  }
}
