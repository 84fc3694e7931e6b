/** Who was found and who was not, told from everything that only looks wrong. Times in ms. */

import { describe, expect, it } from "vitest";
import { registry } from "../../../checkers/index.js";
import { timeline } from "../timeline.js";

const timely = 'n1 registry {"leaseMaxMs":120,"staleMs":10} 0\n';
const inTheEnd = 'n1 registry {"leaseMaxMs":120,"staleMs":null} 0\n';
const judge = (text: string) => registry.check(timeline(text));
const typesOf = (text: string): string[] => judge(text).anomalies.map(({ type }) => type);

const forGood = '1 register {"instance":"i","lease":false} = {"leaseMs":null} @s 0..2\n';
const leased = '1 register {"instance":"i","lease":true} = {"leaseMs":100} @s 0..2\n';
const gone = '1 deregister {"instance":"i"} = {} @s 20..22\n';

describe("a lookup", () => {
  it.each([
    ["lost-instance", `${forGood}2 lookup = [] @s on n1 13..14`],
    ["lost-instance", `${leased}2 lookup = [] @s on n1 13..99`],
    [
      "live-instance-evicted",
      `${forGood}2 lookup = ["i"] @s on n1 3..4\n2 lookup = [] @s on n1 13..14`,
    ],
    [
      "live-instance-evicted",
      `${leased}2 lookup = ["i"] @s on n1 3..4\n1 renew {"instance":"i","beat":1} = {"leaseMs":100} @s 90..92\n2 lookup = [] @s on n1 150..180`,
    ],
    ["stale-route", `${forGood}${gone}2 lookup = ["i"] @s on n1 33..34`],
    [
      "zombie-instance",
      `${forGood}${gone}2 lookup = [] @s on n1 33..34\n2 lookup = ["i"] @s on n1 35..36`,
    ],
    [
      "stale-route",
      `${forGood}${gone}2 lookup = [] @s on n2 33..34\n2 lookup = ["i"] @s on n1 35..36`,
    ],
    ["stale-route", `${leased}2 lookup = ["i"] @s on n1 133..134`],
    ["phantom-instance", '2 lookup = ["i"] @s on n1 1..2'],
    ["phantom-instance", `2 lookup = ["i"] @s on n1 1..2\n${forGood.replace("0..2", "3..4")}`],
    ["phantom-instance", `${forGood}2 lookup = ["i"] @t on n1 1..2`],
    ["phantom-instance", `${forGood.replace("0..2", "0..2 failed")}2 lookup = ["i"] @s 3..4`],
  ])("%s", (type, text) => {
    expect(typesOf(timely + text)).toEqual([type]);
  });

  it("tells of a heartbeat that brought back what was gone, not of who had missed it meanwhile", () => {
    const late = '1 renew {"instance":"i","beat":1} = {"leaseMs":100} @s 200..202\n';
    const seen = '2 lookup = ["i"] @s on n1 12..13\n';
    const missed = "2 lookup = [] @s on n1 150..151\n";
    expect(judge(timely + leased + seen + missed + late).anomalies).toEqual([
      {
        type: "zombie-instance",
        message:
          'process 1 was acknowledged a heartbeat of "i" for service "s" at 202 ms, though its lease had run out at 122 ms at the latest, and process 2 had not found it any more at 151 ms',
        ops: [0, 5, 7],
      },
    ]);
    const evicted = missed.replace("150..151", "98..99");
    expect(typesOf(timely + leased + seen + evicted + late)).toEqual(["live-instance-evicted"]);
  });

  it.each([
    ["before the registration has had its time", `${forGood}2 lookup = [] @s 11..14`],
    ["of another service", `${forGood}2 lookup = [] @t 13..14`],
    ["while it is deregistered", `${forGood}${gone}2 lookup = [] @s 13..21`],
    ["soon after the end", `${forGood}${gone}2 lookup = ["i"] @s 32..33`],
    [
      "after an end that nobody knows of",
      `${forGood}1 deregister {"instance":"i"} @s 20..?\n2 lookup = ["i"] @s 50..51\n2 lookup = [] @s 60..61`,
    ],
    [
      "after an end that was refused",
      `${forGood}${gone.replace("20..22", "20..22 failed")}2 lookup = ["i"] @s 50..51`,
    ],
    ["when the lease may be over", `${leased}2 lookup = [] @s 90..101`],
    ["when the lease may run", `${leased}2 lookup = ["i"] @s 131..134`],
    [
      "when a heartbeat of unknown outcome may have come",
      `${leased}1 renew {"instance":"i","beat":1} @s 50..?\n2 lookup = ["i"] @s 200..201`,
    ],
    [
      "of a lease that a restart gave anew",
      `${leased}n1 leases-anew {"lives":[{"service":"s","instance":"i"}]} 500\n2 lookup = ["i"] @s 600..601`,
    ],
    [
      "of a registration of unknown outcome",
      '1 register {"instance":"i","lease":true} @s 0..?\n2 lookup = ["i"] @s 900..901\n2 lookup = [] @s 902..903',
    ],
  ])("is right %s", (_, text) => {
    expect(judge(timely + text)).toMatchObject({ valid: true, anomalies: [] });
  });

  it("shows that an end that was acknowledged was none, whatever leases were given anew", () => {
    const anew = 'n1 leases-anew {"lives":[{"service":"s","instance":"i"}]} 500\n';
    expect(typesOf(`${timely}${leased}${gone}${anew}2 lookup = ["i"] @s 510..511`)).toEqual([
      "stale-route",
    ]);
  });

  it("says who, what and when", () => {
    const [anomaly] = judge(`${timely}${forGood}${gone}2 lookup = ["i"] @s on n1 33..34`).anomalies;
    expect(anomaly).toEqual({
      type: "stale-route",
      message: 'process 2 found "i" for service "s" at 34 ms, though it was deregistered at 22 ms',
      ops: [0, 3, 5],
    });
  });
});

describe("where only the end is promised", () => {
  it.each([
    ["lost-instance", `${forGood}2 lookup = [] @s on n1 9000..9001 final`],
    ["stale-route", `${forGood}${gone}2 lookup = ["i"] @s on n1 9000..9001 final`],
    ["stale-route", `${leased}2 lookup = ["i"] @s on n1 9000..9001 final`],
  ])("final lookups show %s", (type, text) => {
    expect(typesOf(inTheEnd + text)).toEqual([type]);
  });

  it("other lookups show nothing but what was never asked for", () => {
    const text = `${forGood}2 lookup = [] @s 13..14\n2 lookup = ["i"] @s 9000..9001 final`;
    expect(judge(inTheEnd + text).valid).toBe(true);
    expect(typesOf('1 lookup = ["x"] @s 0..1')).toEqual(["phantom-instance"]);
  });

  it("nothing is known where nobody looked in the end", () => {
    expect(judge(`${inTheEnd}${forGood}2 lookup = [] @s 13..14`).valid).toBe("unknown");
    expect(judge(inTheEnd).valid).toBe(true);
  });
});

describe("in the end", () => {
  const final = (node: string, list: string, at: string): string =>
    `2 lookup = ${list} @s on ${node} ${at} final\n`;
  const unknown = '1 register {"instance":"i","lease":false} @s 0..?\n';
  const brief = '1 register {"instance":"i","lease":true} @s 0..?\n';

  it("nodes that answer differently have diverged", () => {
    const text = final("n1", '["i"]', "90..91") + final("n2", "[]", "92..93");
    expect(typesOf(timely + unknown + text)).toEqual(["divergence"]);
    expect(typesOf(timely + brief + text)).toEqual([]);
  });

  it("the last answer of a node counts", () => {
    const text =
      final("n1", "[]", "90..91") + final("n2", '["i"]', "92..93") + final("n1", '["i"]', "94..95");
    expect(judge(timely + unknown + text).valid).toBe(true);
  });

  const ring = (...successors: string[]): string =>
    successors
      .map(
        (successor, i) => `n${i + 1} ring {"id":${i * 10},"successor":"${successor}"} ${i + 1}\n`,
      )
      .join("");

  it.each([
    ["in order", ["n2", "n3", "n1"], []],
    ["of one", ["n1"], []],
    ["in two", ["n2", "n1", "n3"], ["broken-ring"]],
    ["that leaves one out", ["n2", "n1", "n1"], ["broken-ring"]],
    ["out of order", ["n3", "n1", "n2"], ["broken-ring"]],
  ])("the ring is judged %s", (_, successors, types) => {
    expect(typesOf(inTheEnd + ring(...successors) + final("n1", "[]", "90..91"))).toEqual(types);
    expect(typesOf(inTheEnd + ring(...successors))).toEqual([]);
  });
});
