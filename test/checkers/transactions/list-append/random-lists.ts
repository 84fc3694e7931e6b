/** Random list-append histories, as texts in the notation: mostly prefixes of one order, or not. */

import fc from "fast-check";

interface Draft {
  outcome: "" | "fail " | "info ";
  isLong: boolean;
  endsGroup: boolean;
  micros: { isAppend: boolean; key: number; weight: number; take: number; noise: number }[];
}

const micro = fc.record({
  isAppend: fc.boolean(),
  key: fc.nat(2),
  weight: fc.nat(9),
  take: fc.nat(99),
  noise: fc.nat(99),
});

const draft: fc.Arbitrary<Draft> = fc.record({
  outcome: fc.constantFrom("", "", "", "", "", "", "fail ", "info "),
  isLong: fc.nat(5).map((one) => one === 0),
  endsGroup: fc.boolean(),
  micros: fc.array(micro, { minLength: 1, maxLength: 4, size: "max" }),
});

const KEYS = "xyz";

/** @param noisePercent how many reads contradict the order that the others agree with. */
export function randomLists(
  noisePercent: number,
  outcomes: "all" | "ok" = "all",
): fc.Arbitrary<string> {
  return fc
    .array(draft, { minLength: 2, maxLength: 6, size: "max" })
    .map((drafts) => textOf(drafts, noisePercent, outcomes));
}

function textOf(drafts: readonly Draft[], noisePercent: number, outcomes: "all" | "ok"): string {
  const weights: number[][] = [[], [], []];
  for (const { micros } of drafts) {
    for (const { isAppend, key, weight } of micros) {
      // Later appends mostly come later.
      if (isAppend) weights[key]!.push(weights[key]!.length * 4 + weight);
    }
  }
  const orders = weights.map((of) =>
    of.map((_, i) => i + 1).sort((a, b) => of[a - 1]! - of[b - 1]!),
  );
  const appended = [0, 0, 0];
  const texts = drafts.map(({ outcome, isLong, micros }) => {
    const shown = micros.map(({ isAppend, key, take, noise }) => {
      if (isAppend) return `a${KEYS[key]}${++appended[key]!}`;
      const order = orders[key]!;
      const list = order.slice(0, take % (order.length + 1));
      if (noise < noisePercent) disturb(list, noise, take);
      return `r${KEYS[key]}[${list.join(" ")}]`;
    });
    return `${isLong ? "long " : ""}${outcomes === "ok" ? "" : outcome}${shown.join(" ")}`;
  });
  return texts
    .map((text, i) => `${text}${drafts[i]!.endsGroup ? " ; " : " | "}`)
    .join("")
    .slice(0, -3);
}

function disturb(list: number[], how: number, where: number): void {
  const at = where % (list.length + 1);
  if (how % 4 === 0) list.splice(at, 1);
  else if (how % 4 === 1) list.splice(at, 0, list[0] ?? 1);
  else if (how % 4 === 2) list.reverse();
  else list.splice(at, 0, 1 + (where % 7));
}
