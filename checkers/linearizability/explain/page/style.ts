/** What only this page has: bars of operations, orders, and tools. */

export const style = `
.tools { display: flex; gap: .4rem; flex-wrap: wrap; align-items: center; margin: .8rem 0 .4rem; }
button, select { font: inherit; padding: .1rem .6rem; color: var(--ink); background: var(--paper);
  border: 1px solid var(--line); border-radius: 5px; }
svg { display: block; width: 100%; min-height: 160px; border: 1px solid var(--line); border-radius: 6px;
  touch-action: none; cursor: grab; }
:focus-visible { outline: 2px solid var(--point); outline-offset: 1px; }
.op rect { fill: var(--bar); stroke: var(--faint); stroke-width: .6; }
.op.story rect { fill: var(--story); stroke: var(--ink); stroke-width: 1.2; }
.op.later { opacity: .45; }
.op.failed rect { stroke-dasharray: 3 3; fill: none; }
#fade stop { stop-color: var(--story); }
.op.pending rect { fill: url(#fade); stroke: none; }
.op.pending.story rect { stroke: var(--ink); stroke-width: .8; }
.op.impossible rect { fill: var(--badfill); stroke: var(--bad); stroke-width: 2.5; }
.op:focus rect, .op.current rect { stroke: var(--point); stroke-width: 3; outline: none; }
.fold line { stroke: var(--faint); stroke-dasharray: 2 5; }
.fold text { fill: var(--faint); font-size: 10px; }
.order polyline { fill: none; stroke: var(--point); stroke-width: 1; opacity: .45; }
.order circle { fill: var(--point); }
.order text { fill: var(--paper); font-size: 9px; }
.hidden { display: none; }
#details { min-height: 9rem; padding: .5rem .8rem; border: 1px solid var(--line); border-radius: 6px;
  margin-top: .6rem; overflow-wrap: anywhere; }
#details h2 { margin: 0; }
#details p { margin: .1rem 0; }
.blocked { color: var(--bad); }
`;
