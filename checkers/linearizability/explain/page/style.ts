/** The page's style: light and dark after the reader's own setting, no fonts but those at hand. */

export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --faint: #6a737d; --line: #d0d7de;
  --bar: #dbe7f5; --story: #8fbcf0; --bad: #cf222e; --badfill: #ffd7d5; --fault: #b35900; --point: #6639ba; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --faint: #8b949e;
  --line: #30363d; --bar: #1f2d3d; --story: #1f4f8a; --bad: #ff7b72; --badfill: #67060c; --fault: #d29922; --point: #d2a8ff; } }
body { margin: 0 auto; padding: 1rem 1.5rem 3rem; max-width: 1400px; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0; color: var(--bad); }
h2 { font-size: 1.05rem; margin: 1.4rem 0 .4rem; }
.message { font-size: 1.05rem; margin: .3rem 0; overflow-wrap: anywhere; }
.facts, .hint { color: var(--faint); margin: .2rem 0; overflow-wrap: anywhere; }
pre { overflow-x: auto; font: 13px/1.35 ui-monospace, monospace; }
.tools { display: flex; gap: .4rem; flex-wrap: wrap; align-items: center; margin: .8rem 0 .4rem; }
button, select { font: inherit; padding: .1rem .6rem; color: var(--ink); background: var(--paper);
  border: 1px solid var(--line); border-radius: 5px; }
svg { display: block; width: 100%; min-height: 160px; border: 1px solid var(--line); border-radius: 6px;
  touch-action: none; cursor: grab; }
svg text { fill: var(--ink); font: 12px ui-monospace, monospace; pointer-events: none; }
:focus-visible { outline: 2px solid var(--point); outline-offset: 1px; }
.margin { fill: var(--paper); opacity: .95; }
.lane { stroke: var(--line); }
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
.fault rect { fill: var(--fault); opacity: .14; }
.fault text { fill: var(--fault); font-size: 10px; }
.moment line { stroke: var(--fault); opacity: .6; stroke-dasharray: 1 3; }
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
