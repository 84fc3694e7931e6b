/** All reliable channels of a network: a stream for each link between two nodes. */

import { type Carrier, Connection, type Stream } from "./channel.js";
import { isBetweenNodes, type Link } from "./link.js";

export class ReliableChannels {
  readonly #carrier: Carrier;
  readonly #streams = new Map<Link, Stream>();

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  of(link: Link): Stream | undefined {
    return this.#streams.get(link);
  }

  /** Connects two nodes; links of a node to itself and to clients are no channels. */
  join(there: Link, back: Link): void {
    if (there === back || !isBetweenNodes(there)) return;
    for (const stream of new Connection(this.#carrier, there, back).streams) {
      this.#streams.set(stream.link, stream);
    }
  }

  /** The conditions of a link are others than before. */
  changed(link: Link): void {
    this.#streams.get(link)?.changed();
  }

  /** One that went down takes all its connections with it. O(links). */
  hangUp(node: string): void {
    for (const { link, connection } of this.#streams.values()) {
      if (link.src.name === node) connection.break("its connection ended");
    }
  }

  /** Nobody waits for a time-out any more. O(links). */
  pump(): void {
    for (const stream of this.#streams.values()) stream.pump();
  }
}
