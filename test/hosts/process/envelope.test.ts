import { describe, expect, it } from "vitest";
import {
  asClientSees,
  formatEnvelope,
  parseEnvelope,
} from "../../../src/hosts/process/envelope.js";

function parsed(body: string): Exclude<ReturnType<typeof parseEnvelope>, { problem: string }> {
  const envelope = parseEnvelope(`{"src":"n0","dest":"n1","body":${body}}`);
  if ("problem" in envelope) throw new Error(envelope.problem);
  return envelope;
}

describe("an envelope", () => {
  it.each([
    '{"type":"t","id":9007199254740993}',
    '{"type":"t","x":[1.0,-0,1e5,0.1,-12345678901234567890,1.50]}',
    '{"type":"t","text":"9007199254740993 and 1.0","n":1}',
    '{"type":"t","msg_id":12345678901234567890}',
  ])("passes from node to node with every number as it was written: %s", (body) => {
    expect(formatEnvelope(7, parsed(body))).toBe(`{"id":7,"src":"n0","dest":"n1","body":${body}}`);
  });

  it("shows a client numbers where they are exact, and digits where they would be rounded", () => {
    const { body } = parsed('{"type":"t","a":1.0,"b":9007199254740993,"c":[1e3,-0.5,"1.0"]}');
    const seen = { type: "t", a: 1, b: "9007199254740993", c: [1000, -0.5, "1.0"] };
    expect(asClientSees(body)).toEqual(seen);
  });

  it.each([
    ["hello", "not one JSON object"],
    ["[]", "not a JSON object"],
    ['{"dest":"n1","body":{"type":"t"}}', '"src"'],
    ['{"src":null,"dest":"n1","body":{"type":"t"}}', '"src"'],
    ['{"src":"n0","body":{"type":"t"}}', '"dest"'],
    ['{"src":"n0","dest":"n1"}', '"body"'],
    ['{"src":"n0","dest":"n1","body":{}}', '"type"'],
    ['{"src":"n0","dest":"n1","body":{"type":"t","msg_id":"x"}}', '"msg_id"'],
    ['{"src":"n0","dest":"n1","body":{"type":"t","in_reply_to":1.5}}', '"in_reply_to"'],
  ])("that is malformed is told what it lacks: %s", (line, reason) => {
    expect(parseEnvelope(line)).toMatchObject({ problem: expect.stringContaining(reason) });
  });
});
