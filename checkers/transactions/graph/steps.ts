/** A budget counted in edges looked at, never in time: the same input always gets equally far. */
export class Steps {
  spent = 0;

  constructor(public limit: number) {}

  get isOver(): boolean {
    return this.spent > this.limit;
  }
}
