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
  const { size, f, input, output, completed, values, init } = view;
  /** Elements that are ever in the set, counted from 0. */
  const placeOf = new Map<number, number>();
  const place = (element: number): number => {
    let known = placeOf.get(element);
    if (known === undefined) placeOf.set(element, (known = placeOf.size));
    return known;
  };
  const initial = values.elements(init);
  const isThere = new Uint8Array(size + initial.length);
  /** Per element, the last check of a read that found it listed. */
  const listedAt = new Int32Array(size + initial.length);
  let count = 0;
  let checks = 0;
  /** A value that the set as it is was read as. */
  let known: number | undefined;

  const put = (at: number, there: number): void => {
    count += there - isThere[at]!;
    isThere[at] = there;
  };
  for (const element of initial) put(place(element), 1);

  const isWhole = (read: number): boolean => {
    if (read !== NULL_ID && !values.isList(read)) return false;
    const listed = values.elements(read);
    // As many elements, all of them in the set, and none twice.
    if (listed.length !== count) return false;
    checks += 1;
    for (let n = 0; n < listed.length; n++) {
      const at = placeOf.get(listed[n]!);
      if (at === undefined || isThere[at] === 0 || listedAt[at] === checks) return false;
      listedAt[at] = checks;
    }
    return true;
  };
  return {
    execute(i) {
      if (f[i] === READ) {
        if (completed[i] === PENDING || output[i] === known) return true;
        if (!isWhole(output[i]!)) return false;
        known = output[i]!;
        return true;
      }
      const at = place(input[i]!);
      const there = isThere[at] === 1;
      const answer = completed[i] === PENDING ? undefined : values.boolean(output[i]!);
      if (f[i] !== ADD && f[i] !== REMOVE) return answer === undefined || answer === there;
      const changes = there === (f[i] === REMOVE);
      if (answer !== undefined && answer !== changes) return false;
      if (!changes) return true;
      known = undefined;
      put(at, f[i] === ADD ? 1 : 0);
      return true;
    },
  };
}
