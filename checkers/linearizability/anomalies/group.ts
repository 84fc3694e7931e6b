/** Items by a text of theirs, in the order in which the texts were met. */
export function groupBy<Item>(
  items: Iterable<Item>,
  textOf: (item: Item) => string,
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const text = textOf(item);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [item]);
    else group.push(item);
  }
  return groups;
}
