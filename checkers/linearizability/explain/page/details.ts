/** What a page says about one operation when a person points at it. */

import type { Operation } from "../../../../histories/history.js";
import { isTimed, ms, show } from "../../../describe.js";
import { label } from "../label.js";
import type { PossibleStates } from "../possible-states.js";
import type { Story } from "../story.js";
import type { Selection } from "./selection.js";

const STATES_MAX = 12;

export interface Details {
  title: string;
  lines: string[];
}

export function detailsOf(operation: Operation, story: Story, selection: Selection): Details {
  const { process, input, output, outcome, node, invoked, invokedAt, completed, completedAt } =
    operation;
  const { breaking, states } = story;
  const lines: string[] = [];
  if (invoked === breaking.invoked) lines.push(`IMPOSSIBLE: ${story.anomaly.message}`);
  else if (selection.story.has(invoked)) lines.push("part of the minimal story");
  lines.push(`asked: ${show(input)}`);
  if (outcome === "ok") lines.push(`answered: ${show(output)}`);
  if (outcome === "fail") lines.push("failed: it never happened");
  lines.push(`invoked at ${when(operation, invokedAt, invoked)}`);
  if (outcome === "info")
    lines.push("never acknowledged: it may take effect at any later moment, or never");
  else lines.push(`returned at ${when(operation, completedAt, completed)}`);
  if (invoked > breaking.completed) lines.push("invoked after the history broke");
  else if (outcome === "ok" && completed > breaking.completed) {
    lines.push("returned after the history broke: counted as pending");
  }
  if (node !== undefined) lines.push(`node: ${node}`);
  const isTold = states?.scope === "prefix" || selection.story.has(invoked);
  if (states !== undefined && isTold && outcome !== "fail") {
    lines.push(`possible states when it was invoked: ${statesAt(states, invoked)}`);
    if (outcome === "ok" && completed <= breaking.completed) {
      lines.push(`when it returned: ${statesAt(states, completed)}`);
    }
    if (states.scope === "story") lines.push("(as far as the minimal story tells)");
  }
  return { title: `process ${process}: ${label(operation, 200)}`, lines };
}

/** The states right after the last event up to a position. */
function statesAt({ events, complete }: PossibleStates, position: number): string {
  const last = events.at(-1);
  if (last === undefined) return "not worked out";
  if (position > last.position) {
    return complete && last.states.length > 0 ? listed(last.states) : "not worked out";
  }
  const event = events.findLast((one) => one.position <= position);
  if (event === undefined) return "the initial one";
  return event.states.length === 0 ? "none: here the history breaks" : listed(event.states);
}

function listed(states: readonly string[]): string {
  const shown = states.slice(0, STATES_MAX).join(" or ");
  return states.length <= STATES_MAX ? shown : `${shown} or ${states.length - STATES_MAX} more`;
}

/** "12.5 ms (event 3)" */
function when(operation: Operation, timeNs: number, position: number): string {
  return isTimed(operation) ? `${ms(timeNs)} (event ${position})` : `event ${position}`;
}
