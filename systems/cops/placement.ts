/**
 * Who is where: nodes are dealt out to the data centres in turn, and each data centre spreads all keys
 * over its own nodes.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import { hashText } from "../../src/random/mix.js";

export function centresOf(
  nodes: readonly string[],
  options: NodeContext["options"],
): readonly (readonly string[])[] {
  const count = Math.min(Number(options["datacentres"]), nodes.length);
  return Array.from({ length: count }, (_, centre) => nodes.filter((_, i) => i % count === centre));
}

export class Placement {
  /** By data centre. */
  readonly #centres: readonly (readonly string[])[];
  readonly #here: number;

  constructor({ nodes, id, options }: Pick<NodeContext, "nodes" | "id" | "options">) {
    this.#centres = centresOf(nodes, options);
    this.#here = this.#centres.findIndex((centre) => centre.includes(id));
  }

  /** The server of the key in this data centre. */
  local(key: string): string {
    return serverOf(this.#centres[this.#here] ?? [], key);
  }

  /** Its servers in all others. */
  remote(key: string): string[] {
    return this.#centres.flatMap((servers, i) =>
      i === this.#here ? [] : [serverOf(servers, key)],
    );
  }

  isLocal(node: string): boolean {
    return this.#centres[this.#here]?.includes(node) ?? false;
  }
}

function serverOf(servers: readonly string[], key: string): string {
  return servers[(hashText(key) >>> 0) % servers.length] as string;
}
