/**
 * OR-Set: every add has a tag of its own, and a remove takes away the tags that it has seen. An add
 * that it has not seen survives: between an add and a concurrent remove, the add wins.
 *
 * As a state, removed tags stay behind as tombstones, or an older state would bring them back. A
 * tombstone may go once it is causally stable, that is, when every replica covers the remove; and
 * from then on no state may be merged that is older than that (see dissemination.ts), nor a delta sent
 * that still adds what is gone. As operations no
 * tombstones are needed: a remove arrives after the adds that it has seen, and none arrives twice.
 */

import { canonical, type Json, type JsonObject, jsonEquals } from "../../src/base/json.js";
import { type MakeDatatype, type OperationBased, type StateBased, takes } from "./datatype.js";
import { dotOf, dotText, holds } from "./vector.js";

type Tagged = { [tag: string]: Json };
/** Tag to the dot of the remove that took it. */
type Tombstones = { [tag: string]: string };

const stateBased: StateBased = {
  mutate: (state, { f, argument }, dot) => {
    if (f === "add") return { added: { [dotText(dot)]: argument } };
    const removed = tagsOf(state, argument).map((tag) => [tag, dotText(dot)]);
    return { removed: Object.fromEntries(removed) as Tombstones };
  },
  merge: (left, right) => {
    const removed = { ...tombstonesOf(left) };
    for (const [tag, dot] of Object.entries(tombstonesOf(right))) {
      // Two removes may have taken one tag: which of them is remembered must not depend on the order.
      const known = removed[tag];
      if (known === undefined || dot < known) removed[tag] = dot;
    }
    const added = { ...taggedOf(left), ...taggedOf(right) };
    for (const tag of Object.keys(removed)) delete added[tag];
    return { added, removed };
  },
  value: elementsOf,
  refresh: (delta, state) => {
    const alive = taggedOf(state);
    const added = Object.entries(taggedOf(delta)).filter(([tag]) => tag in alive);
    return { ...delta, added: Object.fromEntries(added) };
  },
  collect: (state, stable) => {
    const kept = Object.entries(tombstonesOf(state)).filter(
      ([, dot]) => !holds(stable, dotOf(dot)),
    );
    return { ...state, removed: Object.fromEntries(kept) };
  },
};

export const orSet: MakeDatatype = (bugs) => ({
  ...takes(["add", "remove"], "element"),
  receipt: (state, { f, argument }, dot) =>
    f === "add" ? { tag: dotText(dot) } : { tags: tagsOf(state, argument) },
  stateBased,
  operationBased: bugs.has("removes-unseen") ? removesByElement : removesByTag,
});

const removesByTag: OperationBased = {
  prepare: (state, { f, argument }, dot) =>
    f === "add" ? { tag: dotText(dot), element: argument } : { tags: tagsOf(state, argument) },
  effect: (state, { tag, element, tags }) => {
    const added = { ...taggedOf(state) };
    if (tag !== undefined) added[String(tag)] = element ?? null;
    for (const gone of (tags ?? []) as string[]) delete added[gone];
    return { added };
  },
  value: elementsOf,
};

/** The bug: a remove names the element, and takes at every replica what happens to be there. */
const removesByElement: OperationBased = {
  ...removesByTag,
  prepare: (state, update, dot) =>
    update.f === "add" ? removesByTag.prepare(state, update, dot) : { takenAway: update.argument },
  effect: (state, operation) => {
    const element = operation["takenAway"];
    if (element === undefined) return removesByTag.effect(state, operation);
    return removesByTag.effect(state, { tags: tagsOf(state, element) });
  },
};

function taggedOf({ added }: JsonObject): Tagged {
  return (added ?? {}) as Tagged;
}

function tombstonesOf({ removed }: JsonObject): Tombstones {
  return (removed ?? {}) as Tombstones;
}

function tagsOf(state: JsonObject, element: Json): string[] {
  return Object.entries(taggedOf(state))
    .filter(([, candidate]) => jsonEquals(candidate, element))
    .map(([tag]) => tag);
}

/** Each element once, however many tags it has. O(tags). */
function elementsOf(state: JsonObject): Json[] {
  const elements = Object.values(taggedOf(state));
  return [...new Map(elements.map((element) => [canonical(element), element])).values()];
}
