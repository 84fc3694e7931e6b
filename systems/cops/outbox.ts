/**
 * What other data centres are still to be told: each server of them its own sequence of writes, sent again
 * until it says that it has applied all up to some place.
 */

import type { Json } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Placement } from "./placement.js";
import type { Put } from "./put.js";

/** A write is sent after so long: what makes data centres differ enough to be told apart. */
const LAG_MS = { min: 1, max: 60 };
const AGAIN_MS = 150;
const WINDOW = 16;

interface Stream {
  puts: Put[];
  /** The first so many are applied there. */
  applied: number;
}

export class Outbox {
  readonly #context: NodeContext;
  readonly #placement: Placement;
  readonly #streams = new Map<string, Stream>();

  constructor(context: NodeContext, placement: Placement) {
    this.#context = context;
    this.#placement = placement;
  }

  start(): void {
    this.#context.after(AGAIN_MS, () => this.#again());
  }

  /** A write of this server, in the order of its disk. */
  add(put: Put): void {
    const { after, random } = this.#context;
    for (const server of this.#placement.remote(put.key)) {
      const stream = this.#streams.get(server) ?? { puts: [], applied: 0 };
      this.#streams.set(server, stream);
      const place = stream.puts.push(put);
      after(random.magnitude(LAG_MS.min, LAG_MS.max), () => this.#send(server, stream, place));
    }
  }

  applied(server: string, count: number): void {
    const stream = this.#streams.get(server);
    if (stream !== undefined) stream.applied = Math.max(stream.applied, count);
  }

  #again(): void {
    this.#context.after(AGAIN_MS, () => this.#again());
    for (const [server, stream] of this.#streams) {
      const { applied, puts } = stream;
      if (applied < puts.length) this.#context.probe("a write was sent again");
      const until = Math.min(puts.length, applied + WINDOW);
      for (let place = applied + 1; place <= until; place++) this.#send(server, stream, place);
    }
  }

  #send(server: string, { puts, applied }: Stream, place: number): void {
    if (place <= applied) return;
    const put = puts[place - 1] as unknown as Json;
    this.#context.send(server, { type: "replicate", place, put });
  }
}
