"""Transactions for `txn-list-append` and `txn-rw-register`: all run, one by one, on the first node."""

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
    if node.id == node.nodes[0]:
        done = [apply(micro) for micro in request["body"]["txn"]]
        node.reply(request, {"type": "txn_ok", "txn": done})
        return

    def answered(answer):
        node.reply(request, {"type": "txn_ok", "txn": answer["body"]["txn"]})

    node.rpc(node.nodes[0], {"type": "txn", "txn": request["body"]["txn"]}, answered)


node.run()
