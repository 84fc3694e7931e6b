/**
 * A linearizable store: the first node holds the only copy, the others pass requests on to it. Out
 * of reach of the first node there is no service; when that one is killed, all is forgotten.
 */

import { Node } from "./node.mjs";

const node = new Node();
const store = new Map();

function handle({ type, key, value, from, to }) {
  if (type === "write") {
    store.set(key, value);
    return { type: "write_ok" };
  }
  if (!store.has(key)) return { type: "error", code: 20, text: "no such key" };
  if (type === "read") return { type: "read_ok", value: store.get(key) };
  if (store.get(key) !== from) return { type: "error", code: 22, text: `have ${store.get(key)}` };
  store.set(key, to);
  return { type: "cas_ok" };
}

async function serve(request) {
  const [home] = node.nodes;
  const { msg_id, ...body } = request.body;
  if (node.id === home) return node.reply(request, handle(body));
  const { in_reply_to, ...answer } = await node.rpc(home, body);
  node.reply(request, answer);
}

for (const type of ["read", "write", "cas"]) node.on(type, serve);
