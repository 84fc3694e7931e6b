/**
 * Sessions that live at one node, whichever node they talk to.
 *
 * A session (a client's network name) is bound for life to the node that it turned to first, its
 * home. Another node that it turns to later passes the request on and relays the answer. Who came
 * first is settled by a registrar, one node per session by a hash of its name, which writes the home
 * down before it tells anybody; from then on the home needs nobody to serve its session.
 *
 * A session has one request open at a time and numbers its requests upwards. A request that comes
 * twice while the home lives is served once and answered alike; what must survive a crash, the store
 * notes itself together with the effect.
 *
 * Left out: moving a home. While it is down its sessions wait, though other replicas could serve.
 */

import type { JsonObject } from "../../src/base/json.js";
import { type Message, type NodeContext, RpcTimeout } from "../../src/hosts/ts/node.js";
import { hashText } from "../../src/random/mix.js";

/** What a session asks of its home. */
export type SessionRequest = { session: string; number: number; body: JsonObject };

export type Reply = JsonObject | undefined;

interface Options {
  /** False: a node serves whoever turns to it, wherever the session has been before. */
  follow?: boolean;
}

/** How long a node tries to get an answer: clients wait no longer. */
const PATIENCE_MS = 1000;
const ATTEMPT_MS = 300;
const RETRY_MS = 50;

/** What happens sometimes on the way to a session's home. */
export const sessionProbes = [
  "a session turned to a node that is not its home",
  "a session's home did not answer in time",
  "a request came twice to its session's home",
] as const;

export class Sessions {
  readonly #context: NodeContext;
  readonly #serve: (request: SessionRequest) => Promise<Reply>;
  readonly #follow: boolean;
  /** Homes that the registrar has confirmed: they never change. */
  readonly #homes = new Map<string, string>();
  readonly #last = new Map<string, { number: number; reply: Promise<Reply> }>();

  constructor(
    context: NodeContext,
    serve: (request: SessionRequest) => Promise<Reply>,
    { follow = true }: Options = {},
  ) {
    this.#context = context;
    this.#serve = serve;
    this.#follow = follow;
  }

  /** Null when the message is none of a session's business. */
  onMessage({ src, body }: Message): Promise<Reply> | null {
    if (!this.#context.nodes.includes(src)) {
      return this.#bring({ session: src, number: Number(body["msg_id"]), body });
    }
    switch (body["type"]) {
      case "find-home":
        return this.#register(String(body["session"]), src);
      case "pass-on":
        return this.#once(body["request"] as SessionRequest);
      default:
        return null;
    }
  }

  /** To the session's home, and the answer back; silent when time is up. */
  async #bring(request: SessionRequest): Promise<Reply> {
    const { clock, id, nodes, sleep, rpc } = this.#context;
    if (!this.#follow) return this.#once(request);
    const { session } = request;
    const registrar = nodes[(hashText(session) >>> 0) % nodes.length] as string;
    const untilMs = clock.monotonicMs() + PATIENCE_MS;
    while (clock.monotonicMs() < untilMs) {
      try {
        const home = this.#homes.get(session) ?? (await this.#ask(registrar, session));
        this.#homes.set(session, home);
        if (home === id) return await this.#once(request);
        this.#context.probe("a session turned to a node that is not its home");
        return await rpc(home, { type: "pass-on", request }, { timeoutMs: ATTEMPT_MS });
      } catch (error) {
        if (!(error instanceof RpcTimeout)) throw error;
        this.#context.probe("a session's home did not answer in time");
        await sleep(RETRY_MS);
      }
    }
    return undefined;
  }

  async #ask(registrar: string, session: string): Promise<string> {
    const { id, rpc } = this.#context;
    const question = { type: "find-home", session };
    const answer =
      registrar === id
        ? await this.#register(session, id)
        : await rpc(registrar, question, { timeoutMs: ATTEMPT_MS });
    return String(answer["home"]);
  }

  /** The first to ask becomes the home. */
  async #register(session: string, candidate: string): Promise<JsonObject> {
    const { disk } = this.#context;
    const file = `home/${session}`;
    if (disk.read(file) === undefined) disk.write(file, candidate);
    const home = String(disk.read(file));
    if (this.#homes.get(session) !== home) await disk.fsync();
    return { type: "find-home_ok", home };
  }

  #once(request: SessionRequest): Promise<Reply> {
    const { session, number } = request;
    const last = this.#last.get(session);
    if (last !== undefined && number <= last.number) {
      this.#context.probe("a request came twice to its session's home");
      // Nobody waits for the answer to an earlier one any more.
      return number === last.number ? last.reply : Promise.resolve(undefined);
    }
    const reply = this.#serve(request);
    this.#last.set(session, { number, reply });
    return reply;
  }
}
