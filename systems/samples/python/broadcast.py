"""Broadcast that survives a bad network: every message is sent again until it is acknowledged.

Neighbours are those of the topology. Messages are in memory only: a node that is killed forgets
them, and nobody sends again what it has acknowledged before.
"""

from maelstrom import Node

node = Node()
messages = set()
neighbours = []
unacknowledged = {}  # neighbour -> messages


def learn(message, source):
    if message in messages:
        return
    messages.add(message)
    for neighbour in neighbours:
        if neighbour != source:
            unacknowledged[neighbour].add(message)
            tell(neighbour, [message])


def tell(neighbour, batch):
    def answered(_):
        unacknowledged[neighbour].difference_update(batch)

    node.rpc(neighbour, {"type": "gossip", "messages": batch}, answered)


@node.on("topology")
def topology(request):
    neighbours[:] = request["body"]["topology"][node.id]
    for neighbour in neighbours:
        unacknowledged.setdefault(neighbour, set())
    node.reply(request, {"type": "topology_ok"})


@node.on("broadcast")
def broadcast(request):
    learn(request["body"]["message"], None)
    node.reply(request, {"type": "broadcast_ok"})


@node.on("gossip")
def gossip(request):
    for message in request["body"]["messages"]:
        learn(message, request["src"])
    node.reply(request, {"type": "gossip_ok"})


@node.on("read")
def read(request):
    node.reply(request, {"type": "read_ok", "messages": sorted(messages)})


@node.every(0.2)
def send_again():
    for neighbour in neighbours:
        if unacknowledged[neighbour]:
            tell(neighbour, sorted(unacknowledged[neighbour]))


node.run()
