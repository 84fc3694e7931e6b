/** Functions by one name each, whatever the clients called them. */

const aliases: ReadonlyMap<string, string> = new Map([
  ["get", "read"],
  ["put", "write"],
  ["lock", "acquire"],
  ["unlock", "release"],
  ["faa", "fetch-and-add"],
  ["get-and-add", "fetch-and-add"],
]);

export function named(f: string): string {
  return aliases.get(f) ?? f;
}

export type Role = "put" | "take" | "look";

const puts: ReadonlySet<string> = new Set("enqueue push insert add offer".split(" "));
const looks: ReadonlySet<string> = new Set("peek top find-min find-max min max".split(" "));

/** What a function of a queue, a stack or a priority queue does. */
export function roleOf(f: string): Role {
  if (puts.has(f)) return "put";
  return looks.has(f) ? "look" : "take";
}
