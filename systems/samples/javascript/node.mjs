/**
 * A node that speaks Maelstrom's protocol: no dependencies.
 *
 *     const node = new Node();
 *     node.on("echo", (request) => node.reply(request, { type: "echo_ok", echo: request.body.echo }));
 */

import { createInterface } from "node:readline";

export class Node {
  id;
  nodes = [];
  #handlers = new Map();
  #calls = new Map();
  #nextId = 0;

  constructor() {
    this.on("init", (request) => {
      this.id = request.body.node_id;
      this.nodes = request.body.node_ids;
      this.reply(request, { type: "init_ok" });
    });
    createInterface({ input: process.stdin }).on("line", (line) => this.#receive(JSON.parse(line)));
  }

  get peers() {
    return this.nodes.filter((node) => node !== this.id);
  }

  /** Registers the handler of one type of request. */
  on(type, handler) {
    this.#handlers.set(type, handler);
  }

  send(dest, body) {
    process.stdout.write(`${JSON.stringify({ src: this.id, dest, body })}\n`);
  }

  reply(request, body) {
    this.send(request.src, { ...body, in_reply_to: request.body.msg_id });
  }

  /** Sends a request; resolves with the body of the reply, if there ever is one. */
  rpc(dest, body) {
    const id = ++this.#nextId;
    this.send(dest, { ...body, msg_id: id });
    return new Promise((resolve) => this.#calls.set(id, resolve));
  }

  #receive(message) {
    const { body } = message;
    if (body.in_reply_to !== undefined) {
      this.#calls.get(body.in_reply_to)?.(body);
      this.#calls.delete(body.in_reply_to);
      return;
    }
    const handler = this.#handlers.get(body.type);
    if (handler !== undefined) handler(message);
    else if (body.msg_id !== undefined) {
      this.reply(message, { type: "error", code: 10, text: `no handler for ${body.type}` });
    }
  }
}
