/**
 * Log replication, the follower's side (§5.3): the consistency check, and the log made equal to the
 * leader's. The answer waits until what it says is durable.
 */

import type { AppendEntries, Appended } from "./messages.js";
import type { Server } from "./server.js";

/**
 * An AppendEntries whose term is not newer than the server's own; the server has acknowledged the
 * sender as its leader unless the term is older.
 */
export function onAppendEntries(server: Server, leader: string, message: AppendEntries): void {
  const { context, log, storage } = server;
  const { previous, entries, term } = message;
  const answer: Appended = {
    type: "appended",
    term: server.term,
    round: message.round,
    previousIndex: previous.index,
    success: false,
    matchIndex: 0,
    conflictIndex: 0,
  };
  if (term < server.term) {
    context.probe("refused a leader of an older term");
  } else if (log.termAt(previous.index) !== previous.term) {
    context.probe("entries did not fit a follower's log");
    answer.conflictIndex = log.conflictIndex(previous.index);
    if (server.bug("refusal-names-own-end")) answer.previousIndex = log.lastIndex;
  } else {
    makeEqual(server, message);
    answer.success = true;
    answer.matchIndex = previous.index + entries.length;
    server.commitTo(Math.min(message.commitIndex, answer.matchIndex));
  }
  storage.whenDurable(() => {
    // In a later term this log may have been overwritten since.
    if (server.term === answer.term) server.send(leader, answer);
  });
}

/**
 * Messages may be late or doubled, so an entry that is already there proves nothing about those
 * after it: only an entry of another term at the same index makes the rest of the log wrong.
 */
function makeEqual(server: Server, { previous, entries }: AppendEntries): void {
  const { context, log } = server;
  if (server.bug("truncate-always")) log.truncateAfter(previous.index);
  let index = previous.index;
  for (const entry of entries) {
    const own = log.termAt(++index);
    if (own === entry.term) continue;
    if (own !== undefined) {
      context.probe("truncated a conflicting suffix");
      log.truncateAfter(index - 1);
    }
    log.append(entry);
  }
}
