"""A linearizable store that keeps nothing: every request goes to the `lin-kv` service.

The answer of the service is the answer to the client. If it is lost, the client hears nothing and
rightly does not know what became of its request. Nothing is lost when a node is killed.
"""

from maelstrom import Node

node = Node()


def forward(request):
    body = {name: value for name, value in request["body"].items() if name != "msg_id"}

    def answered(answer):
        reply = {name: value for name, value in answer["body"].items() if name != "in_reply_to"}
        node.reply(request, reply)

    node.rpc("lin-kv", body, answered)


for kind in ("read", "write", "cas"):
    node.on(kind)(forward)

node.run()
