"""Broadcast that trusts the network: every message is passed on once, and lost with its packet."""

from maelstrom import Node

node = Node()
messages = []
neighbours = []


def learn(message, source):
    if message in messages:
        return
    messages.append(message)
    for neighbour in neighbours:
        if neighbour != source:
            node.send(neighbour, {"type": "gossip", "message": message})


@node.on("topology")
def topology(request):
    neighbours[:] = request["body"]["topology"][node.id]
    node.reply(request, {"type": "topology_ok"})


@node.on("broadcast")
def broadcast(request):
    learn(request["body"]["message"], None)
    node.reply(request, {"type": "broadcast_ok"})


@node.on("gossip")
def gossip(message):
    learn(message["body"]["message"], message["src"])


@node.on("read")
def read(request):
    node.reply(request, {"type": "read_ok", "messages": messages})


node.run()
