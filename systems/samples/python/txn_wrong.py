"""Not serializable: every node runs transactions on a copy of its own, and tells the others later.

Two nodes may append to one list at the same time, each without the other's element.
"""

from maelstrom import Node

node = Node()
store = {}


def apply(micro):
    f, key, value = micro
    if f == "append":
        store[key] = store.get(key, []) + [value]
    elif f == "w":
        store[key] = value
    else:
        value = store.get(key)
    return [f, key, value]


@node.on("txn")
def txn(request):
    micros = request["body"]["txn"]
    node.reply(request, {"type": "txn_ok", "txn": [apply(micro) for micro in micros]})
    writes = [micro for micro in micros if micro[0] != "r"]
    for peer in node.peers:
        node.send(peer, {"type": "replicate", "writes": writes})


@node.on("replicate")
def replicate(message):
    for micro in message["body"]["writes"]:
        apply(micro)


node.run()
