/**
 * Other names for the values of a history: every value by an injective function, wherever the
 * operation has one. For types whose values are names only; numbers that are added up or counted
 * have no other names.
 */

import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { isLook, isTake, type ObjectType } from "./object-types.js";
import type { RandomHistory } from "./random-history.js";

type Rename = (value: Json) => Json;

/** How a value of the type is renamed; undefined where values mean something. */
function renameOf(type: ObjectType): Rename | undefined {
  switch (type) {
    case "register":
    case "cas-register":
    case "set":
    case "list-append":
    case "unique-ids":
      return (value) => ({ was: value });
    case "queue":
    case "stack":
      return (value) => (value === null ? null : { was: value });
    case "kv":
      // Null stays the empty string, and the name of a concatenation is that of its parts.
      return (value) =>
        typeof value === "string" ? shifted(value) : value === null ? null : { was: value };
    case "priority-queue":
    case "max-priority-queue":
      return (value) => (value === null ? null : 3 * (value as number) - 1000);
    default:
      return undefined;
  }
}

/** The history with other values, the initial one included; undefined where there are none. */
export function renamedValues(history: RandomHistory): RandomHistory | undefined {
  const { type, init } = history;
  const rename = renameOf(type);
  if (rename === undefined) return undefined;
  const isList = Array.isArray(init) && !["register", "cas-register", "kv"].includes(type);
  const isRegister = type === "register" || type === "cas-register";
  return {
    ...history,
    init: isList
      ? (init as Json[]).map(rename)
      : init === null && !isRegister
        ? null
        : rename(init),
    events: history.events.map((event) =>
      typeof event.process === "string" || !hasValue(type, event)
        ? event
        : { ...event, value: renamedValue(type, event, rename) },
    ),
  };
}

/** Whether the event's value is one that the object holds, held, or will hold. */
function hasValue(type: ObjectType, { type: event, f, value }: HistoryEvent): boolean {
  if (f === "fence") return false;
  if (type === "unique-ids") return event === "ok";
  if (f === "contains") return event !== "ok";
  if (type === "set" && event === "ok" && f !== "read" && typeof value === "boolean") return false;
  return event === "ok" || !(isLook(f) || isTake(f));
}

function renamedValue(type: ObjectType, { type: event, f, value }: HistoryEvent, rename: Rename) {
  const isListing = f === "read" && (type === "set" || type === "list-append") && event === "ok";
  if (isListing) return value === null ? null : (value as Json[]).map(rename);
  return f === "cas" ? (value as Json[]).map(rename) : rename(value);
}

function shifted(text: string): string {
  return [...text].map((letter) => String.fromCharCode(letter.charCodeAt(0) + 1000)).join("");
}
