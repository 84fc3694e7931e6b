/**
 * An anomaly as text that is read once: who took part and what mattered of it, why each comes before
 * the next, with the read that proves it, and what that means.
 *
 *     G-single-item (read skew): 2 transactions
 *     Let:
 *       T1 = process 0, events 0 to 3: r x = [], r y = [1]
 *       T2 = process 1, events 1 to 2: append x 1, append y 1
 *     Then:
 *       T1 < T2: T1 read x = [] without the 1 that T2 appended
 *       However, T2 < T1: T1 read y = [1], of which T2 appended 1: a contradiction
 */

import { CASES_MAX as MANY, type StepCases, type StepTree } from "../certificate/step-tree.js";
import type { Step } from "../findings.js";
import { clauseOf } from "./clauses.js";
import type { Role, TransactionStory } from "./story.js";
import { eventsText, keyText, microText } from "./words.js";

/** Of a longer cycle, the steps in the middle are left out, and transactions after so many. */
const STEPS_MAX = 24;
/** Of more cases only so many are told. */
const CASES_MAX = 8;

export function explanation(story: TransactionStory): string {
  const { contested, transactions, phenomenon } = story;
  const lines = [heading(story), "Let:", ...roleLines(story)];
  if ("finding" in story.shown) lines.push(`Then: ${story.shown.finding.message}.`);
  else lines.push(...new Reasons(story).lines(story.shown.tree));
  lines.push(`What it means: ${phenomenon.consequence}.`);
  for (const key of contested) {
    lines.push(
      `Contested: reads disagree about the order of key ${keyText(transactions, key)}; the longest counts here.`,
    );
  }
  return lines.join("\n");
}

/** "G-single-item (read skew): 2 transactions" */
export function heading({ shown, phenomenon, roles }: TransactionStory): string {
  const { name: given } = phenomenon;
  const isNew = given !== undefined && given !== shown.type.replaceAll("-", " ");
  const name = isNew ? ` (${given})` : "";
  const count = roles.filter(({ isWitness }) => !isWitness).length;
  const cases = "tree" in shown && !("steps" in shown.tree) ? ", in every order of versions" : "";
  return `${shown.type}${name}: ${count} transaction${count === 1 ? "" : "s"}${cases}`;
}

function roleLines({ transactions, roles }: TransactionStory): string[] {
  const width = roles.length < 10 ? 2 : 3;
  const lines = roles.slice(0, STEPS_MAX).map(({ name, transaction, isWitness, micros }) => {
    const process = `process ${transactions.process[transaction]}`;
    const witness = isWitness ? " (a witness)" : "";
    const what = microList(transactions, transaction, micros).join(", ");
    return `  ${name.padEnd(width)} = ${process}, ${eventsText(transactions, transaction)}${witness}: ${what}`;
  });
  const more = roles.length - lines.length;
  return more > 0 ? [...lines, `  (${more} more transactions)`] : lines;
}

/** The micro-operations that matter; ".." stands for the others. */
export function microList(
  transactions: TransactionStory["transactions"],
  transaction: number,
  micros: Role["micros"],
): string[] {
  const { from } = transactions;
  const shown: string[] = [];
  for (let micro = from[transaction]!; micro < from[transaction + 1]!; micro++) {
    const ids = micros.get(micro);
    if (ids !== undefined) shown.push(microText(transactions, micro, ids));
    else if (shown.at(-1) !== "..") shown.push("..");
  }
  return shown;
}

class Reasons {
  readonly #story: TransactionStory;
  readonly #names: ReadonlyMap<number, string>;
  #cases = 0;

  constructor(story: TransactionStory) {
    this.#story = story;
    this.#names = new Map(story.roles.map(({ transaction, name }) => [transaction, name]));
  }

  lines(tree: StepTree): string[] {
    if ("cycles" in tree) {
      const [told] = tree.cycles;
      const head = `In every order of versions there is a contradiction, and there are more than ${MANY}; in one of them:`;
      return [head, ...this.#steps(told ?? [], "  ")];
    }
    if ("steps" in tree) return ["Then:", ...this.#steps(tree.steps, "  ")];
    const lines = this.#branches(tree, "");
    const untold = this.#cases - CASES_MAX;
    return untold > 0
      ? [...lines, `(${untold} more cases, each with its own contradiction)`]
      : lines;
  }

  #branches(tree: StepCases, indent: string): string[] {
    if ("steps" in tree) {
      this.#cases += 1;
      return this.#cases > CASES_MAX ? [] : this.#steps(tree.steps, indent);
    }
    const [first, second] = tree.writers.map((t) => this.#nameOf(t));
    const key = keyText(this.#story.transactions, tree.key);
    return tree.cases.flatMap((part, i) => {
      const [older, newer] = i === 0 ? [first, second] : [second, first];
      const inner = this.#branches(part, `${indent}  `);
      if (inner.length === 0) return [];
      return [`${indent}If ${older} wrote key ${key} before ${newer}:`, ...inner];
    });
  }

  #steps(steps: readonly Step[], indent: string): string[] {
    const nameOf = (t: number) => this.#nameOf(t);
    const names = { nameOf, witnessOf: nameOf };
    const lines = steps.map((step, i) => {
      const isLast = i === steps.length - 1;
      const [from, to] = [this.#nameOf(step.from), this.#nameOf(step.to)];
      const why = clauseOf(this.#story.transactions, step, names);
      const line = `${from} < ${to}: ${why}`;
      return indent + (isLast ? `However, ${line}: a contradiction` : line);
    });
    if (lines.length <= STEPS_MAX) return lines;
    const head = lines.slice(0, STEPS_MAX - 4);
    const tail = lines.slice(-3);
    const more = lines.length - head.length - tail.length;
    return [...head, `${indent}(${more} more steps)`, ...tail];
  }

  #nameOf(t: number): string {
    return this.#names.get(t) ?? `the transaction of event ${this.#story.transactions.invoked[t]}`;
  }
}
