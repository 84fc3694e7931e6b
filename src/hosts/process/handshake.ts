/**
 * The first words with a program that has just been started: `init`, then the requests of the
 * workload's set-up, each answered before the next. They travel outside the simulated network.
 */

import type { JsonObject } from "../../base/json.js";
import type { Misconduct } from "../../sim/host.js";
import { excerpt } from "./conduct-report.js";
import { formatEnvelope, parseEnvelope } from "./envelope.js";
import type { Output, Program } from "./program.js";
import { realMs, sleep } from "./real-time.js";
import { NEVER, type RestResult, type Wake, type Watch } from "./watch.js";

/** In whose name nodes are initialised: a client that never invokes anything. */
export const HARNESS_CLIENT = "c1000000";

/** A program that rests for this long without any timer has no answer coming. */
const NO_ANSWER_MS = 1_000;
/** How often it is looked at meanwhile. */
const POLL_MS = 10;

export interface Failure {
  kind: Misconduct;
  detail: string;
}

export interface Handshake {
  program: Program;
  watch: Watch;
  node: string;
  requests: readonly JsonObject[];
  /** How long the program has for each answer. */
  answerMs: number;
  nextId(): number;
  /** Why the program cannot go on, if it cannot. */
  failure(rest: RestResult): Failure | undefined;
  log(text: string): void;
}

export interface HandshakeResult {
  failure?: Failure;
  /** When the program, now at rest, goes on by itself. */
  wake: Wake;
  /** What else it said meanwhile. */
  early: Output;
}

export async function shakeHands(handshake: Handshake): Promise<HandshakeResult> {
  const early: Output = { lines: [], tooLong: 0 };
  let wake: Wake = NEVER;
  for (const [i, request] of handshake.requests.entries()) {
    const answer = await ask(handshake, { ...request, msg_id: i + 1 }, early);
    if ("failure" in answer) return { failure: answer.failure, wake, early };
    wake = answer.wake;
  }
  return { wake, early };
}

async function ask(
  handshake: Handshake,
  body: JsonObject,
  early: Output,
): Promise<{ wake: Wake } | { failure: Failure }> {
  const { program, watch, node, answerMs } = handshake;
  const type = String(body["type"]);
  const start = realMs();
  let answer: JsonObject | undefined;
  watch.beforeWrite();
  const message = { src: HARNESS_CLIENT, dest: node, body };
  let unread = program.write(formatEnvelope(handshake.nextId(), message));
  for (;;) {
    const rest = await watch.rest({ unread, limitMs: answerMs });
    unread = 0;
    answer ??= sift(program.take(), body["msg_id"] as number, early);
    const failure = handshake.failure(rest);
    if (failure !== undefined) return { failure };
    if (answer !== undefined && rest.state === "rest") {
      if (answer["type"] !== "error") return { wake: rest.at };
      const refusal = `answered "${type}" with ${excerpt(JSON.stringify(answer))}`;
      if (type === "init") return { failure: { kind: "bad-message", detail: refusal } };
      handshake.log(refusal);
      return { wake: rest.at };
    }
    const waitedMs = realMs() - start;
    const hopeless = watch.certain && rest.state === "rest" && rest.at === NEVER;
    if (waitedMs > answerMs || (hopeless && waitedMs > NO_ANSWER_MS)) {
      const seconds = Math.round(waitedMs / 1000);
      const detail = `did not answer "${type}" within ${seconds} s (does it flush every line?)`;
      return { failure: { kind: "silent", detail } };
    }
    await sleep(POLL_MS);
  }
}

/** The answer, if it is in the output; all else is kept for later. */
function sift(output: Output, msgId: number, early: Output): JsonObject | undefined {
  let answer: JsonObject | undefined;
  for (const line of output.lines) {
    const envelope = parseEnvelope(line);
    const answers =
      "body" in envelope &&
      envelope.dest === HARNESS_CLIENT &&
      envelope.body["in_reply_to"] === msgId;
    if (answers) answer = envelope.body;
    else early.lines.push(line);
  }
  early.tooLong += output.tooLong;
  return answer;
}
