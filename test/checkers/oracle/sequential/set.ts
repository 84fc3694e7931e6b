/**
 * A set: add and remove answer whether they changed it, or something else that tells nothing;
 * contains answers whether the element is there; a read lists every element once, in any order.
 */

import type { Json } from "../../../../src/base/json.js";
import { contains, equal, type SequentialObject, unknownFunction } from "./sequential-object.js";

export const set: SequentialObject = {
  initial: (init) => init ?? [],

  step(state, { f, input, output }) {
    const elements = state as Json[];
    const isThere = () => contains(elements, input);
    switch (f) {
      case "add":
        if (output === isThere()) return undefined;
        return isThere() ? elements : [...elements, input];
      case "remove":
        if (output === !isThere()) return undefined;
        return elements.filter((element) => !equal(element, input));
      case "contains":
        return output === !isThere() ? undefined : elements;
      case "read":
        return output === undefined || lists(output as Json[], elements) ? elements : undefined;
      default:
        return unknownFunction(f);
    }
  },
};

/** Elements of a set differ from each other; so must those of a list of the same length. */
function lists(list: Json[], elements: Json[]): boolean {
  return list.length === elements.length && elements.every((element) => contains(list, element));
}
