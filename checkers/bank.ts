/**
 * The bank: transfers move money between accounts, so that every read of all accounts has the same
 * total. Under snapshot isolation and above no other total is ever seen.
 *
 * `transfer` of `{from, to, amount}`, `read` of `{account: balance}`; as Jepsen's bank test has it
 * (jepsen.tests.bank). The opening balances come from options, `--init` (a total, `{"total": 100}`
 * or the balances themselves) or an observation `accounts` of the balances. Where nobody tells the
 * total, all reads must agree with the first; where nobody tells the accounts, all reads must have
 * the same, and of those that do not, the fewer are to blame (or the later). Anomalies:
 * - wrong-total: money was made or lost, and no later read has the right total again.
 * - read-skew: a wrong total, but the money was there all the time, as a later read shows: the read
 *   saw a transfer half. It is named when only one that overlaps has that amount.
 * - negative-balance (unless allowed), invalid-balance (no whole number), missing-account,
 *   unexpected-account.
 * O(sum of the lengths of the reads + reads that disagree with others * accounts).
 */

import type { History, Operation } from "../histories/history.js";
import { EventError, UsageError } from "../src/base/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../src/base/json.js";
import type { Checker, CheckOptions, Verdict } from "./checker.js";
import { indexes, show, who } from "./describe.js";
import { Findings } from "./findings.js";

export interface BankOptions {
  /** What every account holds in the beginning. */
  balances?: { readonly [account: string]: number };
  /** The sum of all accounts, where the single ones are not known. */
  total?: number;
  /** Accounts may be overdrawn. */
  overdrafts?: boolean;
}

export function bankWith(options: BankOptions): Checker {
  return {
    name: "bank",
    summary: "transfers move money, so every read of all accounts has the same total",
    check: (history, checking) => check(history, options, checking),
  };
}

export const bank = bankWith({});

/** What is known of the bank before its first transfer. */
interface Opening {
  accounts: readonly string[] | undefined;
  total: number | undefined;
}

interface Statement {
  read: Operation;
  balances: JsonObject;
  /** Undefined when a balance is no whole number. */
  total: number | undefined;
}

/** @throws UsageError for a transfer that is none, or opening balances that are none. */
function check(history: History, options: BankOptions, checking: CheckOptions = {}): Verdict {
  const transfers = history.operations.filter(({ f }) => f === "transfer");
  for (const transfer of transfers) refuseUnless(isTransfer(transfer.input), transfer);
  const findings = new Findings();
  const statements = history.operations
    .filter(({ f, outcome }) => f === "read" && outcome === "ok")
    .flatMap((read) => statementOf(read, findings));
  const opening = openingOf(history, options, checking);
  const expected = opening.total ?? statements.find(({ total }) => total !== undefined)?.total;
  compareAccounts(statements, opening, findings);
  if (options.overdrafts !== true) findOverdrafts(statements, findings);
  if (expected !== undefined) {
    const inferred = opening.total === undefined;
    compareTotals(statements, { expected, inferred, transfers }, findings);
  }
  const notes = {
    reads: statements.length,
    transfers: transfers.filter(({ outcome }) => outcome === "ok").length,
    total: expected ?? null,
    ...(opening.total === undefined ? { totalFrom: "the first read" } : {}),
  };
  return findings.verdict(notes, statements.length > 0 ? undefined : "no read was answered");
}

function statementOf(read: Operation, findings: Findings): Statement[] {
  const { output } = read;
  const ops = [read.invoked];
  if (!isJsonObject(output)) {
    const message = `${who(read)} read ${show(output)}, which are no balances`;
    findings.add("invalid-balance", () => ({ message, ops }));
    return [];
  }
  let total: number | undefined = 0;
  for (const [account, balance] of Object.entries(output)) {
    if (Number.isSafeInteger(balance)) {
      if (total !== undefined) total += balance as number;
      continue;
    }
    total = undefined;
    const message = `${who(read)} read ${show(balance)} as the balance of account ${account}`;
    findings.add("invalid-balance", () => ({ message, ops }));
  }
  return [{ read, balances: output, total }];
}

function compareAccounts(
  statements: readonly Statement[],
  { accounts }: Opening,
  findings: Findings,
): void {
  if (accounts === undefined) compareWithEachOther(statements, findings);
  else compareWithOpening(statements, new Set(accounts), findings);
}

function compareWithOpening(
  statements: readonly Statement[],
  accounts: ReadonlySet<string>,
  findings: Findings,
): void {
  for (const { read, balances } of statements) {
    const ops = [read.invoked];
    for (const account of Object.keys(balances)) {
      if (accounts.has(account)) continue;
      const message = `${who(read)} read an account ${account} that was never opened`;
      findings.add("unexpected-account", () => ({ message, ops }));
    }
    for (const account of accounts) {
      if (Object.hasOwn(balances, account)) continue;
      const message = `${who(read)} read no account ${account} that the bank has`;
      findings.add("missing-account", () => ({ message, ops }));
    }
  }
}

/** The reads that have an account, or those that do not. */
interface Side {
  count: number;
  first: Operation;
}

/** Of reads that disagree about an account the fewer are odd, or those that came later to say so. */
function compareWithEachOther(statements: readonly Statement[], findings: Findings): void {
  const holders = new Map<string, Side>();
  for (const { read, balances } of statements) {
    for (const account of Object.keys(balances)) {
      const side = holders.get(account);
      if (side === undefined) holders.set(account, { count: 1, first: read });
      else side.count += 1;
    }
  }
  for (const [account, holding] of holders) {
    const count = statements.length - holding.count;
    if (count === 0) continue;
    const has = ({ balances }: Statement): boolean => Object.hasOwn(balances, account);
    const { read: first } = statements.find((statement) => !has(statement))!;
    const lacking = { count, first };
    const isUnexpected =
      count > holding.count || (count === holding.count && first.invoked < holding.first.invoked);
    const [type, others] = isUnexpected
      ? (["unexpected-account", lacking] as const)
      : (["missing-account", holding] as const);
    for (const statement of statements) {
      if (has(statement) !== isUnexpected) continue;
      const { read } = statement;
      findings.add(type, () => ({
        message: `${which(read)} read ${isUnexpected ? "an" : "no"} account ${account}, ${contrast(others, isUnexpected)}`,
        ops: indexes([others.first, read]),
      }));
    }
  }
}

/** "which process 1 (event 0) and 3 other reads did not" */
function contrast({ count, first }: Side, isUnexpected: boolean): string {
  const more = count === 1 ? "" : ` and ${count - 1} other read${count === 2 ? "" : "s"}`;
  return `which ${which(first)}${more} ${isUnexpected ? "did not" : "did"}`;
}

function which(read: Operation): string {
  return `${who(read)} (event ${read.invoked})`;
}

function findOverdrafts(statements: readonly Statement[], findings: Findings): void {
  for (const { read, balances } of statements) {
    for (const [account, balance] of Object.entries(balances)) {
      if (typeof balance !== "number" || balance >= 0) continue;
      const message = `${who(read)} read ${balance} as the balance of account ${account}`;
      findings.add("negative-balance", () => ({ message, ops: [read.invoked] }));
    }
  }
}

interface Books {
  expected: number;
  inferred: boolean;
  transfers: readonly Operation[];
}

function compareTotals(statements: readonly Statement[], books: Books, findings: Findings): void {
  const { expected, inferred } = books;
  const right = statements.filter(({ total }) => total === expected);
  const lastRight = right.reduce((last, { read }) => Math.max(last, read.invoked), -1);
  const reference = inferred ? [right[0]!.read] : [];
  for (const { read, total } of statements) {
    if (total === undefined || total === expected) continue;
    const cameBack = read.completed < lastRight;
    findings.add(cameBack ? "read-skew" : "wrong-total", () => {
      const half = cameBack ? halfSeen(read, total - expected, books.transfers) : undefined;
      const than = inferred ? `where ${who(reference[0]!)} read ${expected}` : `not ${expected}`;
      const story = !cameBack
        ? ""
        : half === undefined
          ? ", and a later read has the right total again"
          : `: it saw only half of the transfer of ${spelled(half)} by ${who(half)}`;
      return {
        message: `${who(read)} read accounts that sum up to ${total}, ${than}${story}`,
        ops: indexes([...reference, ...(half === undefined ? [] : [half]), read]),
      };
    });
  }
}

/** The only transfer under way during the read whose amount is what the total is off by. */
function halfSeen(
  read: Operation,
  off: number,
  transfers: readonly Operation[],
): Operation | undefined {
  const candidates = transfers.filter(
    ({ input, outcome, invoked, completed }) =>
      outcome !== "fail" &&
      invoked < read.completed &&
      completed > read.invoked &&
      (input as JsonObject)["amount"] === Math.abs(off),
  );
  return candidates.length === 1 ? candidates[0] : undefined;
}

function spelled({ input }: Operation): string {
  const { from, to, amount } = input as JsonObject;
  return `${show(amount)} from account ${show(from)} to ${show(to)}`;
}

function openingOf(history: History, options: BankOptions, { init }: CheckOptions): Opening {
  if (options.balances !== undefined) return balancesOf({ ...options.balances });
  if (options.total !== undefined) return { accounts: undefined, total: options.total };
  if (init !== undefined && init !== null) return openingFrom(init);
  const observed = history.observations.find(({ f }) => f === "accounts")?.value;
  return isJsonObject(observed) && wholeNumbers(observed)
    ? balancesOf(observed)
    : { accounts: undefined, total: undefined };
}

function openingFrom(init: Json): Opening {
  if (Number.isSafeInteger(init)) return { accounts: undefined, total: init as number };
  if (!isJsonObject(init) || !wholeNumbers(init)) {
    throw new UsageError(
      `--init ${show(init)}: a bank starts with {"total": 100} or with a balance per account`,
    );
  }
  const { total } = init;
  if (Object.keys(init).length === 1 && typeof total === "number") {
    return { accounts: undefined, total };
  }
  return balancesOf(init);
}

function balancesOf(balances: JsonObject): Opening {
  const total = Object.values(balances).reduce<number>((sum, balance) => sum + Number(balance), 0);
  return { accounts: Object.keys(balances), total };
}

function wholeNumbers(balances: JsonObject): boolean {
  return Object.values(balances).every(Number.isSafeInteger);
}

function isTransfer(input: Json): boolean {
  if (!isJsonObject(input)) return false;
  const { from, to, amount } = input;
  const named = [from, to].every((name) => typeof name === "string" || Number.isInteger(name));
  return named && Number.isSafeInteger(amount);
}

function refuseUnless(condition: boolean, { invoked, process, input }: Operation): void {
  if (condition) return;
  throw new EventError(
    invoked,
    `process ${process}: transfer takes {"from", "to", "amount"}, got ${show(input)}`,
  );
}
