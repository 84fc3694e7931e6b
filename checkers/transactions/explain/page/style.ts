/** What pages about transactions have: boxes of micro-operations, and an arrow for each dependency. */

export const style = `
:root { --ww: #cf222e; --wr: #1a7f37; --rw: #8250df; --process: #57606a; --realtime: #0969da; }
@media (prefers-color-scheme: dark) { :root { --ww: #ff7b72; --wr: #56d364; --rw: #d2a8ff;
  --process: #8b949e; --realtime: #79c0ff; } }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; margin: .6rem 0; }
svg { display: block; }
.txn > rect { fill: var(--bar); stroke: var(--faint); }
.txn.witness > rect { stroke-dasharray: 4 3; fill: none; }
.txn.failed > rect { stroke: var(--bad); stroke-dasharray: 2 3; }
.txn.pending > rect { fill: url(#fade); }
#fade stop { stop-color: var(--bar); }
.txn .name { font-weight: bold; }
.micro rect { fill: var(--paper); stroke: var(--line); }
.edge path { fill: none; stroke-width: 1.8; }
.edge rect { fill: var(--paper); opacity: .85; }
.edge text { font-size: 11px; font-weight: bold; text-anchor: middle; }
${["ww", "wr", "rw", "process", "realtime"]
  .map(
    (kind) => `.edge.${kind} path { stroke: var(--${kind}); }
.edge.${kind} text { fill: var(--${kind}); }
#head-${kind} path { fill: var(--${kind}); }`,
  )
  .join("\n")}
.edge.process path, .edge.realtime path { stroke-dasharray: 5 4; }
details { margin-top: 1rem; }
`;
