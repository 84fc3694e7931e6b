"""A counter for `g-counter` and `pn-counter`: one sum of increments and one of decrements per node.

Both only grow, so that merging two views is taking the larger of each. In memory only.
"""

from maelstrom import Node

node = Node()
sums = {}  # node -> [sum of increments, sum of decrements]


@node.on("add")
def add(request):
    delta = request["body"]["delta"]
    own = sums.setdefault(node.id, [0, 0])
    own[0 if delta >= 0 else 1] += abs(delta)
    node.reply(request, {"type": "add_ok"})


@node.on("read")
def read(request):
    value = sum(up - down for up, down in sums.values())
    node.reply(request, {"type": "read_ok", "value": value})


@node.on("merge")
def merge(message):
    for name, (up, down) in message["body"]["sums"].items():
        known = sums.setdefault(name, [0, 0])
        sums[name] = [max(known[0], up), max(known[1], down)]


@node.every(0.5)
def gossip():
    for peer in node.peers:
        node.send(peer, {"type": "merge", "sums": sums})


node.run()
