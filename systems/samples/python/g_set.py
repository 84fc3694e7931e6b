"""A grow-only set as a CRDT: nodes send each other all they have, now and then. In memory only."""

from maelstrom import Node

node = Node()
elements = set()


@node.on("add")
def add(request):
    elements.add(request["body"]["element"])
    node.reply(request, {"type": "add_ok"})


@node.on("read")
def read(request):
    node.reply(request, {"type": "read_ok", "value": sorted(elements)})


@node.on("merge")
def merge(message):
    elements.update(message["body"]["elements"])


@node.every(0.5)
def gossip():
    for peer in node.peers:
        node.send(peer, {"type": "merge", "elements": sorted(elements)})


node.run()
