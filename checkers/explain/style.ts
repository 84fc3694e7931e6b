/** The style of all pages: light and dark after the reader's own setting, no fonts but those at hand. */

export const sharedStyle = `
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
svg text { fill: var(--ink); font: 12px ui-monospace, monospace; pointer-events: none; }
.margin { fill: var(--paper); opacity: .95; }
.lane { stroke: var(--line); }
.fault rect { fill: var(--fault); opacity: .14; }
.fault text, .moment text { fill: var(--fault); font-size: 10px; }
.moment line { stroke: var(--fault); opacity: .6; stroke-dasharray: 1 3; }
`;
