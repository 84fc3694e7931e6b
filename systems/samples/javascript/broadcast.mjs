/**
 * Broadcast that survives a bad network: every message is sent again until it is acknowledged.
 * Messages are in memory only: a node that is killed forgets them.
 */

import { Node } from "./node.mjs";

const RETRY_MS = 200;

const node = new Node();
const messages = new Set();
/** Neighbour to messages that it has not acknowledged. */
const pending = new Map();

function learn(message, source) {
  if (messages.has(message)) return;
  messages.add(message);
  for (const [neighbour, waiting] of pending) {
    if (neighbour === source) continue;
    waiting.add(message);
    tell(neighbour, [message]);
  }
}

async function tell(neighbour, batch) {
  await node.rpc(neighbour, { type: "gossip", messages: batch });
  for (const message of batch) pending.get(neighbour).delete(message);
}

node.on("topology", (request) => {
  for (const neighbour of request.body.topology[node.id]) pending.set(neighbour, new Set());
  node.reply(request, { type: "topology_ok" });
});

node.on("broadcast", (request) => {
  learn(request.body.message);
  node.reply(request, { type: "broadcast_ok" });
});

node.on("gossip", (request) => {
  for (const message of request.body.messages) learn(message, request.src);
  node.reply(request, { type: "gossip_ok" });
});

node.on("read", (request) => node.reply(request, { type: "read_ok", messages: [...messages] }));

setInterval(() => {
  for (const [neighbour, waiting] of pending) {
    if (waiting.size > 0) tell(neighbour, [...waiting]);
  }
}, RETRY_MS);
