/**
 * A set, executed in place: add and remove answer whether they changed it, or something that tells
 * nothing; contains answers whether the element is there; a read lists every element once, in any
 * order. A read costs its own length at most, and nothing when the set is as it was when the same
 * value was read last.
 */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { SequentialObject } from "../verify.js";
import type { ObjectView } from "../view.js";

const ADD = 0;
const REMOVE = 1;
const READ = 2;

export function setObject(view: ObjectView): SequentialObject {
  const { f, input, output, completed, values, init } = view;
  const elements = new Set<number>(values.elements(init));
  /** A value that the set as it is was read as. */
  let known: number | undefined;
  const isWhole = (read: number): boolean => {
    if (read !== NULL_ID && !values.isList(read)) return false;
    const listed = values.elements(read);
    // As many distinct elements, all of them in the set.
    if (listed.length !== elements.size) return false;
    return new Set(listed).size === listed.length && listed.every((one) => elements.has(one));
  };
  return {
    execute(i) {
      const element = input[i]!;
      if (f[i] === READ) {
        if (completed[i] === PENDING || output[i] === known) return true;
        if (!isWhole(output[i]!)) return false;
        known = output[i]!;
        return true;
      }
      const there = elements.has(element);
      const answer = completed[i] === PENDING ? undefined : values.boolean(output[i]!);
      if (f[i] !== ADD && f[i] !== REMOVE) return answer === undefined || answer === there;
      const changes = there === (f[i] === REMOVE);
      if (answer !== undefined && answer !== changes) return false;
      if (changes) known = undefined;
      if (f[i] === ADD) elements.add(element);
      else elements.delete(element);
      return true;
    },
  };
}
