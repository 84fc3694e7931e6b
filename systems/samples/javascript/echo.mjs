/** Echo: answers with what it was sent. */

import { Node } from "./node.mjs";

const node = new Node();

node.on("echo", (request) => node.reply(request, { type: "echo_ok", echo: request.body.echo }));
