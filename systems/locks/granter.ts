/**
 * One replica of a quorum lock: grants a key to one owner at a time, for a while, under a token.
 *
 * A grant must be durable before it is given, else a crash gives it again; the clock need not be. A
 * replica that restarts cannot tell how long it was away, so that it counts every lease from its
 * boot anew: too long, never too short. The highest token is kept beyond the grant. Asked again by
 * the owner under the same token, it grants again, which is how a lease is renewed.
 *
 * Without leases these are Paxos promises; with them it is close to PaxosLease (Trencseni, Gazso,
 * Reinhardt 2009). O(keys) a grant.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";

type Grant = { owner: string; token: number; leaseMs: number };
type Granted = { grant: Grant | null; highest: number };

export interface GranterOptions {
  /** False: the highest token is kept in memory only. */
  keepTokens: boolean;
  /** False: a grant goes back to whoever names its token. */
  checkOwner: boolean;
}

export class Granter {
  readonly #context: NodeContext;
  readonly #options: GranterOptions;
  readonly #keys = new Map<string, Granted & { untilMs: number }>();

  constructor(context: NodeContext, options: GranterOptions) {
    this.#context = context;
    this.#options = options;
    const saved = (context.disk.read("grants") ?? {}) as { [key: string]: Granted };
    for (const [key, { grant, highest }] of Object.entries(saved)) {
      if (grant !== null) context.probe("a replica restarted with a grant");
      const untilMs = context.clock.monotonicMs() + (grant?.leaseMs ?? 0);
      this.#keys.set(key, { grant, highest, untilMs });
    }
  }

  /** The highest token granted of the key; 0 before the first. */
  highest(key: string): number {
    return this.#keys.get(key)?.highest ?? 0;
  }

  /** How long it will grant the key to nobody else, by its own clock. */
  busyMs(key: string): number {
    const state = this.#keys.get(key);
    if (state === undefined || state.grant === null) return 0;
    return Math.max(0, state.untilMs - this.#context.clock.monotonicMs());
  }

  /** Who has the grant of the key, if it has not run out. */
  owner(key: string): string | undefined {
    return this.busyMs(key) > 0 ? this.#keys.get(key)?.grant?.owner : undefined;
  }

  serve(body: JsonObject): Promise<JsonObject> | undefined {
    const key = String(body["key"]);
    switch (body["type"]) {
      case "grant":
        return this.#grant(key, {
          owner: String(body["owner"]),
          token: Number(body["token"]),
          leaseMs: Number(body["leaseMs"]),
        });
      case "give-back":
        return this.#giveBack(key, { owner: String(body["owner"]), token: Number(body["token"]) });
      default:
        return undefined;
    }
  }

  async #grant(key: string, grant: Grant): Promise<JsonObject> {
    const { clock, disk, probe } = this.#context;
    const highest = this.highest(key);
    const busyMs = this.busyMs(key);
    const current = this.#keys.get(key)?.grant;
    const again = current && isSame(current, grant);
    if (!again && (busyMs > 0 || grant.token <= highest)) {
      const owner = this.owner(key) ?? null;
      return { type: "grant_ok", ok: false, highest, busyMs, owner };
    }
    if (!again && current) probe("a replica's grant ran out");
    this.#keys.set(key, {
      grant,
      highest: Math.max(highest, grant.token),
      untilMs: clock.monotonicMs() + grant.leaseMs,
    });
    this.#save();
    await disk.fsync();
    return { type: "grant_ok", ok: true };
  }

  /**
   * Of this owner and this token: one that got no quorum may have asked under the token of the one
   * that did. A crash may bring the grant back, and time ends it then.
   */
  async #giveBack(key: string, given: Pick<Grant, "owner" | "token">): Promise<JsonObject> {
    const state = this.#keys.get(key);
    if (state !== undefined && state.grant !== null) {
      const isMine = isSame(state.grant, given);
      const unchecked = !this.#options.checkOwner && state.grant.token === given.token;
      if (isMine || unchecked) {
        this.#keys.set(key, { ...state, grant: null });
        this.#save();
      } else {
        this.#context.probe("a lock was given back that is another's by now");
      }
    }
    return { type: "give-back_ok", ok: true };
  }

  #save(): void {
    const entries = [...this.#keys].map(([key, { grant, highest }]): [string, Granted] => [
      key,
      { grant, highest: this.#options.keepTokens ? highest : 0 },
    ]);
    this.#context.disk.write("grants", Object.fromEntries(entries));
  }
}

function isSame(left: Pick<Grant, "owner" | "token">, right: Pick<Grant, "owner" | "token">) {
  return left.owner === right.owner && left.token === right.token;
}
