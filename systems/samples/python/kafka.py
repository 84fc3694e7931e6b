"""Append-only logs with offsets, all kept by the first node; the others pass requests on to it."""

from maelstrom import Node

node = Node()
logs = {}  # key -> messages
committed = {}  # key -> offset


def handle(body):
    if body["type"] == "send":
        log = logs.setdefault(body["key"], [])
        log.append(body["msg"])
        return {"type": "send_ok", "offset": len(log) - 1}
    if body["type"] == "poll":
        messages = {
            key: [[offset, logs[key][offset]] for offset in range(start, len(logs[key]))]
            for key, start in body["offsets"].items()
            if key in logs
        }
        return {"type": "poll_ok", "msgs": messages}
    if body["type"] == "commit_offsets":
        for key, offset in body["offsets"].items():
            committed[key] = max(committed.get(key, 0), offset)
        return {"type": "commit_offsets_ok"}
    known = {key: committed[key] for key in body["keys"] if key in committed}
    return {"type": "list_committed_offsets_ok", "offsets": known}


def serve(request):
    body = {name: value for name, value in request["body"].items() if name != "msg_id"}
    if node.id == node.nodes[0]:
        node.reply(request, handle(body))
        return

    def answered(answer):
        reply = {name: value for name, value in answer["body"].items() if name != "in_reply_to"}
        node.reply(request, reply)

    node.rpc(node.nodes[0], body, answered)


for kind in ("send", "poll", "commit_offsets", "list_committed_offsets"):
    node.on(kind)(serve)

node.run()
