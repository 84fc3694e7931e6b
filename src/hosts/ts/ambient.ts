/**
 * The fence around simulated code: real time, real randomness and real timers are out of reach.
 *
 * While events of a simulation run, the functions below throw `AmbientUse` instead of working;
 * outside they are what they were. Modules that captured `Date` or `Math.random` when they were
 * loaded hold the fenced versions if the fence was raised first, as the command line does.
 */

import { createRequire, syncBuiltinESMExports } from "node:module";
import { scheduler } from "node:timers/promises";
import { UsageError } from "../../base/errors.js";

/** A simulated node reached for something outside its world. */
export class AmbientUse extends UsageError {
  override name = "AmbientUse";
}

/** What to use instead, by what was used. */
const instead = {
  time: "use context.clock.monotonicMs() or context.clock.wallMs()",
  random: "use context.random",
  timer: "use context.after() or context.sleep()",
  network: "use context.send() or context.rpc()",
  process: "throw an error to crash the node",
} as const;

/** The fence of the simulation whose events run at this moment. */
let current: Fence | undefined;
let raised = false;

/** One simulation's fence: between `enter` and `leave` its code runs, and nothing else. */
export class Fence {
  #firstUse: AmbientUse | undefined;
  /** Who answers for a promise that fails with nobody listening. */
  #blamed: ((reason: unknown) => void) | undefined;

  /** The fence of the code that runs now; undefined outside of all simulations. */
  static get current(): Fence | undefined {
    return current;
  }

  /** The first ambient use, if any: kept even when the node swallowed the exception. */
  get firstUse(): AmbientUse | undefined {
    return this.#firstUse;
  }

  enter(): void {
    raise();
    current = this;
    process.on("unhandledRejection", this.#stray);
  }

  leave(): void {
    current = undefined;
    process.off("unhandledRejection", this.#stray);
  }

  /** Makes `handler` answer for the promises that fail unheard from now on. */
  blame(handler: (reason: unknown) => void): void {
    this.#blamed = handler;
  }

  /** A callback that runs later: who is blamed now answers for what it throws then. */
  answered(action: AnyFunction): AnyFunction {
    const blamed = this.#blamed;
    return function (this: unknown, ...args: unknown[]): unknown {
      try {
        return Reflect.apply(action, this, args);
      } catch (error) {
        if (blamed === undefined) throw error;
        return blamed(error);
      }
    };
  }

  /** Keeps the use as the first, if it is. */
  report(use: AmbientUse): AmbientUse {
    this.#firstUse ??= use;
    return use;
  }

  readonly #stray = (reason: unknown): void => {
    if (this.#blamed === undefined) throw reason;
    this.#blamed(reason);
  };
}

type Called = Parameters<typeof Error.captureStackTrace>[1];

/** Throws when simulated code is running, which called `refused`. */
function refuse(name: string, hint: string, refused: Called): void {
  if (current === undefined) return;
  throw current.report(new AmbientUse(`a simulated node used ${name}${caller(refused)}: ${hint}`));
}

/** The first stack frame below the function that is outside of Node itself: whom to blame. */
function caller(called: Called): string {
  const trace: { stack?: string } = {};
  Error.captureStackTrace(trace, called);
  const frames = (trace.stack ?? "").split("\n").slice(1);
  const frame = frames.find((line) => !line.includes("node:"));
  const place = frame?.match(/\(?((?:file:\/\/)?\/[^()]*:\d+):\d+\)?$/)?.[1];
  return place === undefined ? "" : ` at ${place.replace("file://", "")}`;
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

function guard(owner: object, property: string, label: string, hint: string): void {
  const original = Reflect.get(owner, property) as AnyFunction | undefined;
  if (typeof original !== "function") return;
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    refuse(label, hint, guarded);
    return Reflect.apply(original, this, args);
  };
  Object.defineProperties(guarded, Object.getOwnPropertyDescriptors(original));
  const slot = Object.getOwnPropertyDescriptor(owner, property);
  Object.defineProperty(owner, property, {
    value: guarded,
    writable: true,
    configurable: true,
    enumerable: slot?.enumerable ?? true,
  });
}

/**
 * What is put off to the end of an event may throw where nobody catches it, which Node does not
 * survive while the kernel drains: the node that put it off crashes instead.
 */
function guardPutOff(owner: object, property: string): void {
  const original = Reflect.get(owner, property) as AnyFunction;
  const guarded = function (this: unknown, action: unknown, ...args: unknown[]): unknown {
    const safe =
      typeof action === "function" ? (current?.answered(action as AnyFunction) ?? action) : action;
    return Reflect.apply(original, this, [safe, ...args]);
  };
  const slot = Object.getOwnPropertyDescriptor(owner, property) ?? {};
  Object.defineProperty(owner, property, { ...slot, value: guarded });
}

/** Raises the fence once for this thread; harmless when it stands already. */
export function raise(): void {
  if (raised) return;
  raised = true;
  guardDate();
  guard(Math, "random", "Math.random()", instead.random);
  for (const timer of ["setTimeout", "setInterval", "setImmediate"]) {
    guard(globalThis, timer, `${timer}()`, instead.timer);
  }
  guardPutOff(process, "nextTick");
  guardPutOff(globalThis, "queueMicrotask");
  guard(performance, "now", "performance.now()", instead.time);
  guard(globalThis, "fetch", "fetch()", instead.network);
  guard(process, "hrtime", "process.hrtime()", instead.time);
  guard(process.hrtime, "bigint", "process.hrtime.bigint()", instead.time);
  for (const end of ["exit", "reallyExit", "abort", "kill"]) {
    guard(process, end, `process.${end}()`, instead.process);
  }
  guard(process, "uptime", "process.uptime()", instead.time);
  guard(globalThis.crypto, "getRandomValues", "crypto.getRandomValues()", instead.random);
  guard(globalThis.crypto, "randomUUID", "crypto.randomUUID()", instead.random);
  guardModules();
}

function guardModules(): void {
  const require = createRequire(import.meta.url);
  const guardAll = (module: string, names: string[], hint: string): void => {
    for (const name of names) guard(require(module), name, `${module}.${name}()`, hint);
  };
  guardAll(
    "node:crypto",
    ["randomBytes", "randomInt", "randomUUID", "randomFill", "randomFillSync"],
    instead.random,
  );
  guardAll("node:timers", ["setTimeout", "setInterval", "setImmediate"], instead.timer);
  guardAll("node:timers/promises", ["setTimeout", "setInterval", "setImmediate"], instead.timer);
  for (const wait of ["wait", "yield"]) {
    guard(scheduler, wait, `node:timers/promises.scheduler.${wait}()`, instead.timer);
  }
  guardAll("node:net", ["connect", "createConnection", "createServer"], instead.network);
  guardAll("node:http", ["request", "get", "createServer"], instead.network);
  guardAll("node:dgram", ["createSocket"], instead.network);
  syncBuiltinESMExports();
}

/** `new Date()` and `Date.now()` read the clock; `new Date(value)` and `Date.UTC` do not. */
function guardDate(): void {
  const RealDate = globalThis.Date;
  guard(RealDate, "now", "Date.now()", instead.time);
  const handler = {
    construct(target: DateConstructor, args: unknown[], newTarget: AnyFunction): Date {
      if (args.length === 0) refuse("new Date()", instead.time, handler.construct);
      return Reflect.construct(target, args, newTarget === FencedDate ? target : newTarget);
    },
    apply(target: DateConstructor, self: unknown, args: unknown[]): string {
      refuse("Date()", instead.time, handler.apply);
      return Reflect.apply(target, self, args);
    },
  };
  const FencedDate: DateConstructor = new Proxy(RealDate, handler);
  RealDate.prototype.constructor = FencedDate;
  globalThis.Date = FencedDate;
}
