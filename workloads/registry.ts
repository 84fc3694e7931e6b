/**
 * Instances that come and go, and clients that look for them.
 *
 * Each client registers instances under names of their own, never used twice: some for good, others with
 * a lease that it renews for a while; some it deregisters, others it forgets. In between everybody asks
 * who is there. Judged by how old an answer may be, as the service says in the history.
 *
 * Requests: `{type: "register", service, instance, lease}` -> `{type: "register_ok", leaseMs}`, null for
 * good, else valid from when it was asked for; `{type: "renew", service, instance, beat}` with heartbeats
 * numbered from 1 -> `{type: "renew_ok", leaseMs}`; `{type: "deregister", service, instance}` ->
 * `deregister_ok`; `{type: "lookup", service}` -> `{type: "lookup_ok", instances}`.
 */

import { registry as registryChecker } from "../checkers/index.js";
import { isJsonObject, type JsonObject } from "../src/base/json.js";
import type { Random } from "../src/random/random.js";
import { listField } from "./maelstrom/replies.js";
import { wholeNumber } from "./settings.js";
import { expectType, field, type OperationDraft, type Workload } from "./workload.js";

const specs = {
  services: { summary: "how many services instances register under", default: 2, range: [1, 100] },
} as const;

/** One client: what it has registered, and what it does next. */
class Operator {
  readonly #random: Random;
  readonly #client: number;
  readonly #services: number;
  #born = 0;
  /** With a lease; one at a time, so that it can be kept. */
  #leased: { key: string; instance: string; beat: number } | undefined;
  #permanent: { key: string; instance: string }[] = [];

  constructor(random: Random, client: number, services: number) {
    this.#random = random;
    this.#client = client;
    this.#services = services;
  }

  next(): OperationDraft {
    const { client, ...draft } = { ...this.#act(), client: this.#client };
    return { ...draft, client };
  }

  #act(): Omit<OperationDraft, "client"> {
    const [permanent] = this.#permanent;
    const leased = this.#leased;
    const draw = this.#random.int(100);
    if (draw < 35) return { f: "lookup", key: this.#someService(), value: null };
    if (draw < 43 && permanent !== undefined) {
      this.#permanent.shift();
      return { f: "deregister", key: permanent.key, value: { instance: permanent.instance } };
    }
    if (draw < 53) return this.#register(false);
    if (leased === undefined) return this.#register(true);
    if (draw < 88) {
      leased.beat++;
      const { key, instance, beat } = leased;
      return { f: "renew", key, value: { instance, beat } };
    }
    this.#leased = undefined;
    if (draw < 96) {
      return { f: "deregister", key: leased.key, value: { instance: leased.instance } };
    }
    return this.#register(true);
  }

  #register(lease: boolean): Omit<OperationDraft, "client"> {
    const key = this.#someService();
    const instance = `i${this.#client + 1}.${++this.#born}`;
    if (lease) this.#leased = { key, instance, beat: 0 };
    else this.#permanent.push({ key, instance });
    return { f: "register", key, value: { instance, lease } };
  }

  #someService(): string {
    return `s${this.#random.int(this.#services)}`;
  }
}

export const registry: Workload = {
  name: "registry",
  summary: "a service registry: who registered, kept its lease or went is found, or not, in time",
  requires: ["register", "renew", "deregister", "lookup"],
  readOnly: ["lookup"],
  options: specs,
  // Longer than any lease lasts that was renewed in the end, and handed on.
  settleMs: 6_000,
  plan: ({ random, operations, clients, options }) => {
    const services = wholeNumber(options, specs, "services");
    const operators = Array.from({ length: clients }, (_, i) => new Operator(random, i, services));
    return Array.from({ length: operations }, (_, i) => operators[i % clients]!.next());
  },
  finals: (drafts) => {
    const services = new Set(drafts.map(({ key }) => key).filter((key) => key !== undefined));
    return [...services].sort().map((key) => ({ f: "lookup", key, value: null }));
  },
  invoke: ({ f, key = "", value }) => ({
    value,
    body: { type: f, service: key, ...(isJsonObject(value) ? value : {}) },
  }),
  complete: ({ f }, value, reply) => {
    expectType(reply, `${f}_ok`);
    if (f === "lookup") return listField(reply, "instances");
    if (f === "deregister") return value;
    return { ...(value as JsonObject), leaseMs: field(reply, "leaseMs") };
  },
  checkers: () => [registryChecker],
};
