import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import { MS, SECOND, Stage } from "../sim/stage.js";

type Create = (context: NodeContext) => Partial<Node>;

/** One node that answers the client's one request, at 10 ms. */
async function answersOf(create: Create, body: JsonObject = { type: "ask" }): Promise<Stage> {
  const stage = new Stage({ nodes: ["n1"], create });
  stage.ask(10 * MS, "n1", body);
  return stage.run(SECOND);
}

/** The body of the only answer, and when it came. */
function answer(stage: Stage): { atUs: number; body: JsonObject } {
  expect(stage.answers).toHaveLength(1);
  const [at, , ...json] = (stage.answers[0] as string).split(" ");
  return { atUs: Number(at), body: JSON.parse(json.join(" ")) as JsonObject };
}

describe("a handler's answer", () => {
  test("is sent back to whoever asked, as the reply to the request", async () => {
    const stage = await answersOf(() => ({ onMessage: () => ({ type: "ok", value: 7 }) }));
    expect(answer(stage)).toEqual({
      atUs: 12 * MS,
      body: { type: "ok", value: 7, in_reply_to: 10 * MS },
    });
  });

  test("may come through a promise, in the same instant or later", async () => {
    const stage = await answersOf(({ sleep }) => ({
      onMessage: async () => {
        await sleep(5);
        return { type: "ok" };
      },
    }));
    expect(answer(stage).atUs).toBe(17 * MS);
  });

  test("may be given later, by reply", async () => {
    const stage = await answersOf((context) => ({
      onMessage: (message: Message) => {
        context.after(30, () => context.reply(message, { type: "at last" }));
      },
    }));
    expect(answer(stage)).toEqual({
      atUs: 42 * MS,
      body: { type: "at last", in_reply_to: 10 * MS },
    });
  });

  test.each([
    ["plain", () => undefined],
    ["async", async () => undefined],
  ])("may be silence (%s)", async (_, onMessage) => {
    const stage = await answersOf(() => ({ onMessage }));
    expect(stage.answers).toEqual([]);
    expect(stage.misconduct).toEqual([]);
  });

  test.each([
    [
      "plain",
      () => {
        throw new Refusal(errorCodes.preconditionFailed, "expected 1, had 2");
      },
    ],
    [
      "async",
      async () => {
        await Promise.resolve();
        throw new Refusal(errorCodes.preconditionFailed, "expected 1, had 2");
      },
    ],
  ])("may be a refusal: an error reply with its code (%s)", async (_, onMessage) => {
    const stage = await answersOf(() => ({ onMessage }));
    expect(answer(stage).body).toEqual({
      type: "error",
      code: 22,
      text: "expected 1, had 2",
      in_reply_to: 10 * MS,
    });
    expect(stage.misconduct).toEqual([]);
  });
});

describe("a node that throws", () => {
  const broken = new TypeError("x is not a function");
  const ways: { [way: string]: Create } = {
    "when it is made": () => {
      throw broken;
    },
    "when it starts": () => ({
      start: () => {
        throw broken;
      },
    }),
    "in an async start": ({ sleep }) => ({
      start: async () => {
        await sleep(5);
        throw broken;
      },
    }),
    "in a handler": () => ({
      onMessage: () => {
        throw broken;
      },
    }),
    "in an async handler": ({ sleep }) => ({
      onMessage: async () => {
        await sleep(5);
        throw broken;
      },
    }),
    "in a timer": (context) => ({
      start: () => {
        context.after(5, () => {
          throw broken;
        });
      },
    }),
    "in an async timer": (context) => ({
      start: () => {
        context.after(5, async () => {
          await context.sleep(5);
          throw broken;
        });
      },
    }),
    "in a callback of the disk": ({ disk }) => ({
      start: () =>
        disk.fsync(() => {
          throw broken;
        }),
    }),
    "at the next tick": (context) => ({
      start: () => {
        context.after(5, () => {
          process.nextTick(() => {
            throw broken;
          });
        });
      },
    }),
    "in a microtask": (context) => ({
      start: () => {
        context.after(5, () => {
          queueMicrotask(() => {
            throw broken;
          });
        });
      },
    }),
    "in a promise nobody listens to": ({ sleep }) => ({
      start: () => {
        void sleep(5).then(() => {
          throw broken;
        });
      },
    }),
    "in a promise nobody listens to, after an fsync": ({ disk }) => ({
      start: () => {
        void disk.fsync().then(() => {
          throw broken;
        });
      },
    }),
    "in a promise nobody listens to, after a reply": ({ id, rpc }) => ({
      start: () => {
        if (id !== "n1") return;
        void rpc("n2", { type: "ask" }, { timeoutMs: 50 }).then(() => {
          throw broken;
        });
      },
      onMessage: () => ({ type: "ok" }),
    }),
  };

  test.each(Object.entries(ways))("%s is down, and reported once", async (_, create) => {
    const stage = new Stage({
      nodes: ["n1", "n2", "n3"],
      create: (context) => {
        if (context.id === "n1") return create(context);
        const busy = (): void => {
          context.after(1, busy);
        };
        return { start: busy, onMessage: () => ({ type: "ok" }) };
      },
    });
    for (const at of [10, 100]) stage.ask(at * MS, "n1");
    await stage.run(SECOND);
    expect(stage.misconduct).toEqual(["n1 threw: TypeError: x is not a function"]);
    expect(stage.answers.filter((line) => Number(line.split(" ")[0]) > 50 * MS)).toEqual([]);
    expect([...stage.world.machines].map(({ up }) => up)).toEqual([false, true, true]);
  });

  test("what is no error is reported all the same", async () => {
    const stage = await answersOf(() => ({ onMessage: () => Promise.reject("just a text") }));
    expect(stage.misconduct).toEqual(["n1 threw: just a text"]);
  });

  test("a reply that is not plain data is the node's own fault", async () => {
    const date = { type: "ok", at: new Date(0) } as unknown as JsonObject;
    for (const onMessage of [() => date, async () => date]) {
      const stage = await answersOf(() => ({ onMessage }));
      expect(stage.misconduct).toEqual([
        'n1 threw: NotPlainData: an instance of Date is not plain data at "at"',
      ]);
    }
  });

  test("so is a refusal without a sound code", async () => {
    const onMessage = (): never => {
      throw new Refusal(Number.NaN, "no");
    };
    for (const handler of [onMessage, async () => onMessage()]) {
      const stage = await answersOf(() => ({ onMessage: handler }));
      expect(stage.misconduct).toHaveLength(1);
      expect(stage.misconduct[0]).toContain("NaN");
    }
  });

  test("so is a delay that is no number", async () => {
    for (const delay of [Number.NaN, Number.POSITIVE_INFINITY, undefined as unknown as number]) {
      const stage = await answersOf((context) => ({
        onMessage: () => {
          context.after(delay, () => undefined);
        },
      }));
      expect(stage.misconduct).toEqual([`n1 threw: RangeError: a delay of ${delay} ms`]);
    }
  });

  test("a node that never lets time pass is stopped, and the others go on", async () => {
    const forever: { [how: string]: Create } = {
      timers: (context) => {
        const loop = (): void => {
          context.after(0, loop);
        };
        return { start: loop };
      },
      promises: ({ sleep }) => ({
        start: async () => {
          for (;;) await sleep(0);
        },
      }),
      messages: ({ id, send }) => ({
        start: () => send(id, { type: "again" }),
        onMessage: () => send(id, { type: "again" }),
      }),
    };
    for (const create of Object.values(forever)) {
      const stage = new Stage({
        nodes: ["n1", "n2"],
        link: { delayUs: 0 },
        create: (context) =>
          context.id === "n1" ? create(context) : { onMessage: () => ({ type: "ok" }) },
      });
      stage.ask(10 * MS, "n2");
      await stage.run(SECOND);
      expect(stage.misconduct).toEqual([
        "n1 babbling: acted 100000 times without letting time pass",
      ]);
      expect(stage.answers).toHaveLength(1);
    }
  });

  test("a message to nobody is reported, and the node goes on", async () => {
    const stage = await answersOf(({ send }) => ({
      onMessage: () => {
        send("n9", { type: "hello" });
        return { type: "ok" };
      },
    }));
    expect(stage.misconduct).toEqual([
      'n1 unknown-destination: sent a message to "n9", which does not exist',
    ]);
    expect(stage.answers).toHaveLength(1);
  });
});

describe("rpc", () => {
  /** n1 asks n2 at boot, with 20 ms of patience; `answers` is n2's handler. */
  async function ask(
    answers: Node["onMessage"],
    prepare: (stage: Stage) => void = () => undefined,
  ) {
    const stage = new Stage({
      nodes: ["n1", "n2"],
      create: ({ id, rpc, observe }) => ({
        start: () => {
          if (id !== "n1") return;
          rpc("n2", { type: "ask" }, { timeoutMs: 20 }).then(
            (reply) => observe("reply", reply["value"] ?? null),
            (error: Error & { code?: number }) =>
              observe(error.name, `${error.code ?? ""} ${error.message}`.trim()),
          );
        },
        onMessage: (message) => {
          if (id === "n2") return answers(message);
          observe("message", String(message.body["type"]));
          return undefined;
        },
      }),
    });
    prepare(stage);
    await stage.run(SECOND);
    expect(stage.misconduct).toEqual([]);
    return stage.observed;
  }

  test("resolves with the reply, which is no message to the handler", async () => {
    expect(await ask(() => ({ type: "ok", value: 7 }))).toEqual([`${2 * MS} n1 reply 7`]);
  });

  test("rejects with the refusal of the other side", async () => {
    expect(
      await ask(() => {
        throw new Refusal(11, "later");
      }),
    ).toEqual([`${2 * MS} n1 Refusal 11 later`]);
    const bare = { type: "error" };
    expect(await ask(() => bare)).toEqual([`${2 * MS} n1 Refusal ${errorCodes.crash}`]);
  });

  test("rejects after its patience when no reply comes", async () => {
    expect(await ask(() => undefined)).toEqual([
      `${20 * MS} n1 RpcTimeout no reply from n2 within 20 ms`,
    ]);
  });

  test("measures its patience on the node's own clock", async () => {
    const observed = await ask(
      () => undefined,
      (stage) =>
        stage.fault({ kind: "clock-rate", atUs: 0, untilUs: SECOND, target: "n1", ppm: 1_000_000 }),
    );
    expect(observed).toEqual([`${10 * MS} n1 RpcTimeout no reply from n2 within 20 ms`]);
  });

  test("drops a reply that comes too late, and a second one", async () => {
    expect(
      await ask(
        () => ({ type: "ok", value: 1 }),
        (stage) => stage.link("n2", "n1", { delayUs: 30 * MS }),
      ),
    ).toEqual([`${20 * MS} n1 RpcTimeout no reply from n2 within 20 ms`]);
    expect(
      await ask(
        () => ({ type: "ok", value: 1 }),
        (stage) => stage.link("n2", "n1", { duplicatePpm: 1_000_000 }),
      ),
    ).toEqual([`${2 * MS} n1 reply 1`]);
  });

  test("that nobody waits for takes down the node that asked, not another, when time is up", async () => {
    const stage = new Stage({
      create: (context) => ({
        start: () => {
          const busy = (): void => {
            context.after(0.1, busy);
          };
          if (context.id !== "n1") busy();
          else void context.rpc("n2", { type: "ask" }, { timeoutMs: 20 });
        },
      }),
    });
    await stage.run(SECOND);
    expect(stage.misconduct).toEqual(["n1 threw: RpcTimeout: no reply from n2 within 20 ms"]);
  });

  test("keeps answers to several questions apart", async () => {
    const stage = new Stage({
      create: ({ id, peers, rpc, observe }) => ({
        start: async () => {
          if (id !== "n1") return;
          const questions = [...peers, ...peers].map((peer, i) =>
            rpc(peer, { type: "ask", i }, { timeoutMs: 50 }),
          );
          observe(
            "replies",
            (await Promise.all(questions)).map((reply) => reply["said"] ?? null),
          );
        },
        onMessage: ({ body }) => ({ type: "ok", said: `${id} ${body["i"]}` }),
      }),
    });
    await stage.run(SECOND);
    expect(stage.observed).toEqual([`${2 * MS} n1 replies ["n2 0","n3 1","n2 2","n3 3"]`]);
  });
});

describe("a start that takes its time", () => {
  test("keeps messages waiting, in their order, but not the replies that it needs", async () => {
    const heard: unknown[] = [];
    const stage = new Stage({
      nodes: ["n1", "n2"],
      create: ({ id, rpc, sleep, observe }) => ({
        start: async () => {
          if (id !== "n1") return;
          await rpc("n2", { type: "join" }, { timeoutMs: 50 });
          observe("joined", null);
          await sleep(98);
          observe("started", null);
        },
        onMessage: ({ body }) => {
          heard.push(body["msg_id"]);
          return { type: "ok" };
        },
      }),
    });
    for (const at of [10, 20, 30, 150]) stage.ask(at * MS, "n1");
    await stage.run(SECOND);
    expect(stage.observed).toEqual([`${2 * MS} n1 joined null`, `${100 * MS} n1 started null`]);
    expect(heard.slice(1)).toEqual([10 * MS, 20 * MS, 30 * MS, 150 * MS]);
    expect(stage.answers.map((line) => Number(line.split(" ")[0]))).toEqual([
      101 * MS,
      101 * MS,
      101 * MS,
      152 * MS,
    ]);
  });

  test("that crashes hears none of them", async () => {
    const heard: unknown[] = [];
    const stage = new Stage({
      nodes: ["n1"],
      create: ({ sleep }) => ({
        start: async () => {
          await sleep(50);
          throw new Error("no disk");
        },
        onMessage: ({ body }) => void heard.push(body["msg_id"]),
      }),
    });
    stage.ask(10 * MS, "n1");
    await stage.run(SECOND);
    expect(heard).toEqual([]);
    expect(stage.misconduct).toEqual(["n1 threw: Error: no disk"]);
  });
});

describe("the context", () => {
  test("knows the cluster", async () => {
    const stage = new Stage({
      create: ({ id, nodes, peers, observe }) => ({
        start: () => observe("sees", { nodes: [...nodes], peers: [...peers], id }),
      }),
    });
    await stage.run(SECOND);
    expect(stage.observed.sort()[0]).toBe(
      '0 n1 sees {"nodes":["n1","n2","n3"],"peers":["n2","n3"],"id":"n1"}',
    );
  });

  test("has a random stream for each node, the same in every run of a seed", async () => {
    const draws = async (seed: number): Promise<string[]> => {
      const stage = new Stage({
        seed,
        create: ({ random, observe }) => ({ start: () => observe("draws", random.int(1 << 30)) }),
      });
      await stage.run(SECOND);
      return stage.observed;
    };
    const first = await draws(1);
    expect(new Set(first.map((line) => line.split(" ")[3])).size).toBe(3);
    expect(await draws(1)).toEqual(first);
    expect(await draws(2)).not.toEqual(first);
  });

  test("has clocks in milliseconds: one that starts anywhere, one that knows the date", async () => {
    const stage = new Stage({
      clocks: { n1: { wallOffsetUs: 250 * MS } },
      create: ({ clock, observe, after: later }) => {
        const bootedMs = clock.monotonicMs();
        return {
          start: () => {
            later(40, () => {
              const date = new Date(clock.wallMs()).toISOString();
              observe("clocks", { ran: clock.monotonicMs() - bootedMs, date, bootedMs });
            });
          },
        };
      },
    });
    await stage.run(SECOND);
    const [first, second] = stage.observed
      .sort((a, b) => (a.slice(6) < b.slice(6) ? -1 : 1))
      .map((line) => JSON.parse(line.split(" ")[3] as string) as { [name: string]: unknown });
    expect(first).toMatchObject({ ran: 40, date: "2020-01-01T00:00:00.290Z" });
    expect(second).toMatchObject({ ran: 40, date: "2020-01-01T00:00:00.040Z" });
    expect(first?.["bootedMs"]).not.toBe(second?.["bootedMs"]);
  });

  test("counts probes and hands on what the node observes", async () => {
    const stage = new Stage({
      nodes: ["n1"],
      create: ({ probe, observe }) => ({
        start: () => {
          probe("seldom");
          observe("leader", { term: 3 });
        },
      }),
    });
    await stage.run(SECOND);
    expect(stage.probes).toEqual(["seldom"]);
    expect(stage.observed).toEqual(['0 n1 leader {"term":3}']);
    expect(stage.world.leader).toBe("n1");
  });
});
