"""Not linearizable: every node has a copy, answers from it at once, and tells the others later.

A read at another node may return what was overwritten before it began.
"""

from maelstrom import Node

node = Node()
store = {}


def put(key, value):
    store[key] = value
    for peer in node.peers:
        node.send(peer, {"type": "replicate", "key": key, "value": value})


def error(request, code, text):
    node.reply(request, {"type": "error", "code": code, "text": text})


@node.on("read")
def read(request):
    key = request["body"]["key"]
    if key in store:
        node.reply(request, {"type": "read_ok", "value": store[key]})
    else:
        error(request, 20, "no such key")


@node.on("write")
def write(request):
    put(request["body"]["key"], request["body"]["value"])
    node.reply(request, {"type": "write_ok"})


@node.on("cas")
def cas(request):
    body = request["body"]
    if body["key"] not in store:
        error(request, 20, "no such key")
    elif store[body["key"]] != body["from"]:
        error(request, 22, "expected %s, found %s" % (body["from"], store[body["key"]]))
    else:
        put(body["key"], body["to"])
        node.reply(request, {"type": "cas_ok"})


@node.on("replicate")
def replicate(message):
    store[message["body"]["key"]] = message["body"]["value"]


node.run()
