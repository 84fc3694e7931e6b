/** A graph with all of its version orders chosen: known orders only. O(size). */

import { type DependencyGraph, edgeKinds, GraphBuilder } from "../dependencies.js";
import { choiceCause } from "./choices.js";

/** `versions`: by open key, the places of its versions, first to last. */
export function complete(graph: DependencyGraph, versions: readonly Int32Array[]): DependencyGraph {
  const builder = GraphBuilder.extending(graph);
  graph.open.forEach(({ key, writers, readers }, i) => {
    const order = versions[i]!;
    const cause = choiceCause(key);
    for (let place = 0; place + 1 < order.length; place++) {
      const next = writers[order[place + 1]!]!;
      builder.add(writers[order[place]!]!, next, edgeKinds.ww, cause);
      for (const reader of readers[order[place]!]!) builder.add(reader, next, edgeKinds.rw, cause);
    }
  });
  return builder.seal();
}
