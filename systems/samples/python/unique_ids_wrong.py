"""Not unique: a counter that every node starts at the same number, and starts again when killed."""

from maelstrom import Node

node = Node()
count = 0


@node.on("generate")
def generate(request):
    global count
    count += 1
    node.reply(request, {"type": "generate_ok", "id": count})


node.run()
