/**
 * Hosts a node written as a TypeScript object in this process: bit-exact.
 *
 * Every boot makes a new node and a new context; the old context goes dead, so that whatever the
 * old incarnation still holds (timers, promises, closures) can no longer act.
 */

import type { System } from "../../../systems/system.js";
import { UsageError } from "../../base/errors.js";
import type { Json, JsonObject } from "../../base/json.js";
import type { Plan } from "../../plan/plan.js";
import type { Timing } from "../../plan/timing.js";
import { Calls } from "../../sim/calls.js";
import type { Host, HostFactory, HostKind, Machine } from "../../sim/host.js";
import { simulatedFaultKinds } from "../../sim/inject.js";
import type { Message } from "../../sim/message.js";
import { AmbientUse, Fence } from "./ambient.js";
import { diskOf } from "./disk.js";
import {
  errorCodes,
  isRefusal,
  type Node,
  type NodeContext,
  type OptionValue,
  Refusal,
  RpcTimeout,
} from "./node.js";

interface TsHostOptions {
  create(context: NodeContext): Node;
  perjure?: System["perjure"];
  options: { readonly [name: string]: OptionValue };
  bugs: ReadonlySet<string>;
  timing?: Timing | undefined;
}

/** A factory of hosts for the nodes of one system. */
function tsHost(options: TsHostOptions): HostFactory {
  return (machine) => new TsHost(machine, options);
}

class TsHost implements Host {
  readonly #machine: Machine;
  readonly #options: TsHostOptions;
  #running: Incarnation | undefined;

  constructor(machine: Machine, options: TsHostOptions) {
    this.#machine = machine;
    this.#options = options;
  }

  boot(): void {
    const incarnation = new Incarnation(this.#machine, this.#options, () => this.kill());
    this.#running = incarnation;
    incarnation.start();
  }

  deliver(message: Message): void {
    this.#running?.deliver(message);
  }

  perjure(truth: JsonObject, lie: JsonObject, word: number): JsonObject {
    return this.#options.perjure?.(this.#machine.id, truth, lie, word) ?? lie;
  }

  kill(): void {
    this.#running?.end();
    this.#running = undefined;
  }
}

/** One life of a node, from boot to crash. */
class Incarnation {
  readonly #machine: Machine;
  readonly #context: NodeContext;
  readonly #calls = new Calls();
  readonly #create: (context: NodeContext) => Node;
  readonly #kill: () => void;
  /** The fence of the simulation in which it was born; it may act nowhere else. */
  readonly #fence = Fence.current;
  #node: Node | undefined;
  #alive = true;
  /** Messages that came while an async `start` was at work; undefined once it is done. */
  #waiting: Message[] | undefined = [];

  constructor(machine: Machine, options: TsHostOptions, kill: () => void) {
    this.#machine = machine;
    this.#create = options.create;
    this.#kill = kill;
    this.#context = this.#makeContext(options);
  }

  start(): void {
    this.#guarded(
      () => {
        this.#node = this.#create(this.#context);
        return this.#node.start?.();
      },
      () => {
        const waiting = this.#waiting ?? [];
        this.#waiting = undefined;
        for (const message of waiting) this.deliver(message);
      },
    );
  }

  deliver(message: Message): void {
    if (!this.#alive) return;
    this.#fence?.blame(this.#crash);
    if (this.#calls.accept(message)) return;
    if (this.#waiting !== undefined) {
      this.#waiting.push(message);
      return;
    }
    try {
      const result = this.#node?.onMessage(message);
      if (result instanceof Promise) this.#answerLater(message, result);
      else if (result !== undefined) this.#reply(message, result);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      this.#refuse(message, error);
    }
  }

  #answerLater(message: Message, result: Promise<JsonObject | undefined | void>): void {
    result
      .then((reply) => {
        if (reply !== undefined) this.#reply(message, reply);
      })
      .catch((error) => this.#refuse(message, error));
  }

  #refuse(message: Message, error: unknown): void {
    const answer = asAnswer(error);
    if (answer === undefined) this.#crash(error);
    else this.#guarded(() => this.#reply(message, answer));
  }

  end(): void {
    this.#alive = false;
  }

  /** Whether the node may do `what` now: it is alive, and its code runs inside the simulation. */
  #acts(what: string): boolean {
    if (!this.#alive) return false;
    if (this.#fence === Fence.current) return true;
    this.#fence?.report(
      new AmbientUse(
        `node ${this.#machine.id} went on outside the simulation (${what}), after it awaited something real, such as I/O or import(): await only what context gives`,
      ),
    );
    return false;
  }

  /** Runs the node's own code; what it throws, now or through its promise, crashes the node. */
  #guarded(action: () => unknown, then?: () => void): void {
    this.#fence?.blame(this.#crash);
    try {
      const result = action();
      if (!(result instanceof Promise)) then?.();
      else result.then(() => (this.#acts("promise") ? then?.() : undefined)).catch(this.#crash);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      this.#crash(error);
    }
  }

  readonly #crash = (error: unknown): void => {
    if (!this.#acts("throw")) return;
    // The fence has kept this one: it ends the whole run, as the user's mistake and not the node's.
    if (error instanceof AmbientUse) {
      this.#kill();
      return;
    }
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#machine.misconduct("threw", text, true);
  };

  #reply(request: Message, body: JsonObject): void {
    if (!this.#acts("reply")) return;
    const id = request.body["msg_id"];
    this.#machine.send(request.src, typeof id === "number" ? { ...body, in_reply_to: id } : body);
  }

  #rpc(to: string, body: JsonObject, timeoutMs: number): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      if (!this.#acts("rpc")) return;
      const id = this.#machine.nextMessageId();
      const timer = this.#machine.timer(microseconds(timeoutMs), () => {
        this.#fence?.blame(this.#crash);
        this.#calls.expire(id);
      });
      this.#calls.open(id, timer, (outcome) => {
        if ("timedOut" in outcome) {
          reject(new RpcTimeout(`no reply from ${to} within ${timeoutMs} ms`));
        } else if (outcome.reply["type"] === "error") {
          const { code, text } = outcome.reply;
          reject(new Refusal(Number(code ?? errorCodes.crash), String(text ?? "")));
        } else resolve(outcome.reply);
      });
      this.#machine.send(to, { ...body, msg_id: id });
    });
  }

  #makeContext(options: TsHostOptions): NodeContext {
    const machine = this.#machine;
    const after = (delayMs: number, action: () => unknown): { cancel(): void } => {
      if (!this.#acts("after")) return { cancel: () => undefined };
      return machine.timer(microseconds(delayMs), () => {
        if (this.#alive) this.#guarded(action);
      });
    };
    const probe = (name: string): void => {
      if (this.#acts("probe")) machine.probe(name);
    };
    return {
      id: machine.id,
      nodes: machine.nodes,
      members: machine.members,
      peers: machine.nodes.filter((node) => node !== machine.id),
      options: options.options,
      bugs: options.bugs,
      ...timingKnown(options.timing),
      random: machine.random,
      disk: diskOf(machine.disk, {
        acts: (what) => this.#acts(what),
        run: (action) => this.#guarded(action),
      }),
      clock: {
        monotonicMs: () => machine.monotonicUs() / 1000,
        wallMs: () => machine.wallUs() / 1000,
      },
      send: (to: string, body: JsonObject) => {
        if (this.#acts("send")) machine.send(to, body);
      },
      reply: (request: Message, body: JsonObject) => this.#reply(request, body),
      rpc: (to, body, { timeoutMs }) => this.#rpc(to, body, timeoutMs),
      after,
      sleep: (delayMs) => new Promise<void>((resolve) => after(delayMs, resolve)),
      log: (text: string, data?: Json) => machine.log(text, data),
      observe: (f: string, value: Json) => {
        if (this.#acts("observe")) machine.observe(f, value);
      },
      probe,
      sometimes: probe,
    };
  }
}

/** A node is told the bound, and not when it begins to hold. */
function timingKnown(timing: Timing | undefined): Pick<NodeContext, "timing"> {
  if (timing === undefined) return {};
  const boundMs = "boundUs" in timing ? timing.boundUs / 1000 : Number.POSITIVE_INFINITY;
  return { timing: { model: timing.model, boundMs } };
}

/** What a thrown error says to whoever asked: a refusal its code, a time-out that nobody knows. */
function asAnswer(error: unknown): JsonObject | undefined {
  if (isRefusal(error)) return { type: "error", code: error.code, text: error.message };
  if (!(error instanceof Error) || error.name !== "RpcTimeout") return undefined;
  return { type: "error", code: errorCodes.timeout, text: error.message };
}

/** A delay of the node's, in the machine's unit; the node answers for what is no number. */
function microseconds(delayMs: number): number {
  if (Number.isFinite(delayMs)) return delayMs * 1000;
  throw new RangeError(`a delay of ${delayMs} ms`);
}

/** TypeScript classes as nodes, for one run. */
export function tsHostKind(
  system: Pick<System, "create" | "perjure">,
  plan: Pick<Plan, "options" | "bugs" | "timing">,
): HostKind {
  return {
    name: "ts",
    exactness: "bit",
    faultKinds: simulatedFaultKinds,
    fenced: true,
    makeHost: tsHost({
      create: (context) => system.create(context),
      perjure: system.perjure,
      options: plan.options,
      bugs: new Set(plan.bugs),
      timing: plan.timing,
    }),
  };
}
