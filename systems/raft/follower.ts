/**
 * Log replication, the follower's side (§5.3): the consistency check, and the log made equal to the
 * leader's; or a snapshot in its place, for who is so far behind that the leader no longer has the
 * entries (Raft §7, figure 13). The answer waits until what it says is durable.
 */

import type { AppendEntries, Appended, InstallSnapshot } from "./messages.js";
import type { Server } from "./server.js";

/**
 * An AppendEntries; the server has acknowledged the sender as its leader unless the term is older
 * than its own.
 */
export function onAppendEntries(server: Server, leader: string, message: AppendEntries): void {
  const { context, log } = server;
  const { previous, entries, term } = message;
  const answer = answerTo(server, message, previous.index);
  if (term < server.term) {
    context.probe("refused a leader of an older term");
  } else if (previous.index < log.base.index) {
    // All up to the base is committed, hence the leader has the same.
    answer.success = true;
    answer.matchIndex = log.base.index;
  } else if (log.termAt(previous.index) !== previous.term) {
    context.probe("entries did not fit a follower's log");
    answer.conflictIndex = log.conflictIndex(previous.index);
    if (server.bug("refusal-names-own-end")) answer.previousIndex = log.lastIndex;
  } else {
    makeEqual(server, message);
    answer.success = true;
    answer.matchIndex = previous.index + entries.length;
    server.commitTo(Math.min(message.commitIndex, answer.matchIndex));
    const hasAll = answer.matchIndex >= message.commitIndex && log.last.term === term;
    if (hasAll) server.caughtUp();
  }
  reply(server, leader, answer);
}

export function onInstallSnapshot(server: Server, leader: string, message: InstallSnapshot): void {
  const { snapshot, term } = message;
  const { index } = snapshot.last;
  const answer = answerTo(server, message, index);
  if (term < server.term) {
    server.context.probe("refused a leader of an older term");
  } else {
    server.install(snapshot);
    if (snapshot.last.term === term) server.caughtUp();
    answer.success = true;
    answer.matchIndex = index;
  }
  reply(server, leader, answer);
}

function answerTo(server: Server, { round }: { round: number }, previousIndex: number): Appended {
  return {
    type: "appended",
    term: server.term,
    round,
    previousIndex,
    success: false,
    matchIndex: 0,
    conflictIndex: 0,
  };
}

function reply(server: Server, leader: string, answer: Appended): void {
  server.storage.whenDurable(() => {
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
  if (server.bug("truncate-always")) server.truncateAfter(previous.index);
  let index = previous.index;
  for (const entry of entries) {
    const own = log.termAt(++index);
    if (own === entry.term) continue;
    if (own !== undefined) {
      context.probe("truncated a conflicting suffix");
      server.truncateAfter(index - 1);
    }
    server.append(entry);
  }
}
