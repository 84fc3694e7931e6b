"""Echo: answers with what it was sent."""

from maelstrom import Node

node = Node()


@node.on("echo")
def echo(request):
    node.reply(request, {"type": "echo_ok", "echo": request["body"]["echo"]})


node.run()
