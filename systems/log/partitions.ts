/** The replicated state of the log service: partitions of messages, and committed offsets. */

import type { Json, JsonObject } from "../../src/base/json.js";
import type { Operation } from "../primary-backup/messages.js";
import { State } from "../primary-backup/state.js";

/** What a read asks for. */
type Question = { offsets: { [key: string]: number } } | { keys: string[] };

export class Partitions extends State {
  readonly #messages = new Map<string, Json[]>();
  readonly #committed = new Map<string, number>();

  /** Everything from the given offsets on, or the committed offsets of some keys. */
  read(key: Json): JsonObject {
    const question = key as Question;
    if ("keys" in question) return this.#committedOffsets(question.keys);
    const msgs: JsonObject = {};
    for (const [name, from] of Object.entries(question.offsets)) {
      const messages = this.#messages.get(name) ?? [];
      const start = Math.max(0, from);
      msgs[name] = messages.slice(start).map((message, i) => [start + i, message]);
    }
    return { type: "poll_ok", msgs };
  }

  protected execute({ type, ...fields }: Operation): JsonObject {
    if (type === "send") {
      const name = String(fields["key"]);
      const messages = this.#messages.get(name) ?? [];
      this.#messages.set(name, messages);
      return { type: "send_ok", offset: messages.push(fields["msg"] ?? null) - 1 };
    }
    for (const [name, offset] of Object.entries(fields["offsets"] as { [key: string]: number })) {
      this.#committed.set(name, offset);
    }
    return { type: "commit_offsets_ok" };
  }

  #committedOffsets(keys: readonly string[]): JsonObject {
    const known = keys.filter((name) => this.#committed.has(name));
    const offsets = Object.fromEntries(known.map((name) => [name, this.#committed.get(name)!]));
    return { type: "list_committed_offsets_ok", offsets };
  }
}
