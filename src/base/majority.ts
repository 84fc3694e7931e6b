/** The smallest number of nodes such that any two sets of that size have a node in common. */
export function majorityOf(nodeCount: number): number {
  return (nodeCount >> 1) + 1;
}
