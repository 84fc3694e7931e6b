"""A node that speaks Maelstrom's protocol, in one thread: standard library only.

    node = Node()

    @node.on("echo")
    def echo(request):
        node.reply(request, {"type": "echo_ok", "echo": request["body"]["echo"]})

    node.run()

It serves one message after the other. Without `every` it acts only when it is spoken to, so that
a run of it repeats exactly.
"""

import json
import os
import select
import sys
import time


class Node:
    def __init__(self):
        self.id = None
        self.nodes = []
        self.peers = []
        self._handlers = {"init": self._init}
        self._started = []
        self._timers = []  # [due, interval, action]
        self._calls = {}
        self._next_id = 0

    def on(self, kind):
        """Registers the handler of one type of request."""

        def register(handler):
            self._handlers[kind] = handler
            return handler

        return register

    def start(self, action):
        """Calls `action` once the node knows its name and its peers."""
        self._started.append(action)
        return action

    def every(self, seconds):
        """Calls a function again and again, in real time."""

        def register(action):
            self._timers.append([time.monotonic() + seconds, seconds, action])
            return action

        return register

    def send(self, dest, body):
        line = json.dumps({"src": self.id, "dest": dest, "body": body})
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    def reply(self, request, body):
        self.send(request["src"], {**body, "in_reply_to": request["body"]["msg_id"]})

    def rpc(self, dest, body, answered):
        """Sends a request; `answered` gets the reply, if there ever is one."""
        self._next_id += 1
        self._calls[self._next_id] = answered
        self.send(dest, {**body, "msg_id": self._next_id})

    def log(self, text):
        sys.stderr.write(text + "\n")

    def run(self):
        pending = b""
        while True:
            if select.select([0], [], [], self._until_next_timer())[0]:
                data = os.read(0, 65536)
                if not data:
                    return
                *lines, pending = (pending + data).split(b"\n")
                for line in lines:
                    self._receive(json.loads(line))
            self._run_timers()

    def _receive(self, message):
        body = message["body"]
        if "in_reply_to" in body:
            answered = self._calls.pop(body["in_reply_to"], None)
            if answered is not None:
                answered(message)
            return
        handler = self._handlers.get(body["type"])
        if handler is not None:
            handler(message)
        elif "msg_id" in body:
            text = "no handler for " + body["type"]
            self.reply(message, {"type": "error", "code": 10, "text": text})

    def _init(self, message):
        self.id = message["body"]["node_id"]
        self.nodes = message["body"]["node_ids"]
        self.peers = [node for node in self.nodes if node != self.id]
        self.reply(message, {"type": "init_ok"})
        for action in self._started:
            action()

    def _until_next_timer(self):
        if not self._timers or self.id is None:
            return None
        return max(0, min(due for due, _, _ in self._timers) - time.monotonic())

    def _run_timers(self):
        if self.id is None:
            return
        now = time.monotonic()
        for timer in self._timers:
            if timer[0] <= now:
                timer[0] = now + timer[1]
                timer[2]()
