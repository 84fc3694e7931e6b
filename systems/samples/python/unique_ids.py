"""Unique ids: the node's name and a counter; time tells a restarted node from its former self."""

import time

from maelstrom import Node

node = Node()
life = time.time_ns()
count = 0


@node.on("generate")
def generate(request):
    global count
    count += 1
    node.reply(request, {"type": "generate_ok", "id": "%s-%d-%d" % (node.id, life, count)})


node.run()
