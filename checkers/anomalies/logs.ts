/** What can be wrong with append-only logs with offsets. */

export const logAnomalies: { readonly [type: string]: string } = {
  "inconsistent-offsets": "one offset of a log holds several values",
  duplicate: "one value is at several offsets of a log",
  "invalid-poll": "a poll returns what is no message",
  "precommitted-read": "a transaction polls what it sends itself",
  "poll-skip": "from one poll to the next a consumer leaves messages out",
  "nonmonotonic-poll": "from one poll to the next a consumer does not move forward",
  "int-poll-skip": "within one transaction a consumer leaves messages out",
  "int-nonmonotonic-poll": "within one transaction a consumer does not move forward",
  "nonmonotonic-send": "a producer's later message is at an earlier place",
  "int-nonmonotonic-send": "within one transaction a later message is at an earlier place",
  "int-send-skip": "within one transaction others' messages come in between",
  unseen: "nobody polls an acknowledged message to the end",
};
