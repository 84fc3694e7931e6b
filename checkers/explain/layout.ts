/**
 * Where the events of a few operations are drawn: time squeezed to the order of the events, so that
 * what overlaps and what precedes is seen at a glance, and every bar wide enough for its label.
 *
 * The tightest such layout: events take their places from left to right, each as early as the one
 * before it and its own label allow. O(n log n).
 */

/** What lasts from one position of a history to another, on the lane of its process. */
export interface Interval {
  process: number | string;
  invoked: number;
  /** Infinity when it never ended. */
  completed: number;
}

/** A bar from its invocation to its return; a pending one has no end. */
export interface Bar<Item extends Interval> {
  operation: Item;
  from: number;
  /** Undefined when the operation is pending: the bar goes on. */
  to: number | undefined;
}

export interface Layout<Item extends Interval> {
  /** In order of invocation. */
  bars: Bar<Item>[];
  /** Where the last event is, or the last label ends. */
  width: number;
  /** Every event that is drawn, in order. */
  events: PlacedEvent[];
}

export interface PlacedEvent {
  /** In the history. */
  position: number;
  /** In the drawing. */
  place: number;
}

export interface LayoutOptions<Item extends Interval> {
  /** How much room an operation's label needs within its bar. */
  widthOf(operation: Item): number;
  /** Between two successive events, at least; given their positions in the history. */
  stepBetween(before: number, after: number): number;
  /** Between two operations of the same process, at least. */
  gap: number;
}

interface Event<Item extends Interval> {
  position: number;
  operation: Item;
  isReturn: boolean;
}

export function layOut<Item extends Interval>(
  operations: readonly Item[],
  options: LayoutOptions<Item>,
): Layout<Item> {
  const { widthOf, stepBetween, gap } = options;
  const begin = new Map<Item, number>();
  const laneEnd = new Map<number | string, number>();
  const bars: Bar<Item>[] = [];
  const events: PlacedEvent[] = [];
  let now = 0;
  let width = 0;
  for (const { position, operation, isReturn } of eventsOf(operations)) {
    const previous = events.at(-1);
    if (previous !== undefined) now += stepBetween(previous.position, position);
    if (isReturn) {
      const from = begin.get(operation)!;
      now = Math.max(now, from + widthOf(operation));
      laneEnd.set(operation.process, now + gap);
      bars.push({ operation, from, to: now });
    } else {
      now = Math.max(now, laneEnd.get(operation.process) ?? 0);
      begin.set(operation, now);
      if (!hasReturned(operation)) {
        bars.push({ operation, from: now, to: undefined });
        width = Math.max(width, now + widthOf(operation));
      }
    }
    width = Math.max(width, now);
    events.push({ position, place: now });
  }
  bars.sort((a, b) => a.operation.invoked - b.operation.invoked);
  return { bars, width, events };
}

export function hasReturned({ completed }: Interval): boolean {
  return completed !== Number.POSITIVE_INFINITY;
}

function eventsOf<Item extends Interval>(operations: readonly Item[]): Event<Item>[] {
  return operations
    .flatMap((operation): Event<Item>[] => {
      const { invoked, completed } = operation;
      const invocation = { position: invoked, operation, isReturn: false };
      if (!hasReturned(operation)) return [invocation];
      return [invocation, { position: completed, operation, isReturn: true }];
    })
    .sort((a, b) => a.position - b.position);
}

/** Where a position of the history is drawn: halfway between the events around it, or at its own. */
export function placeOf({ events }: Pick<Layout<Interval>, "events">, position: number): number {
  const after = events.findIndex((event) => event.position >= position);
  if (after === -1) return events.at(-1)?.place ?? 0;
  const { position: at, place } = events[after]!;
  if (at === position || after === 0) return place;
  return (events[after - 1]!.place + place) / 2;
}
