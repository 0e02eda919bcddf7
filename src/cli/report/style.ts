/** The look of a report: quiet, dense, light or dark as the reader's system is, and printable. */
export const styleSheet = `
:root { color-scheme: light dark; --ink: #1f2328; --dim: #59636e; --paper: #ffffff; --line: #d9dee3; --strong: #0b5394; --mark: #b45f06; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #dfe3e8; --dim: #9aa4af; --paper: #181b1f; --line: #343a41; --strong: #7db8f0; --mark: #f0b070; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.35rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 2.25rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .25rem 0 .75rem; }
.dim, caption, th { color: var(--dim); font-weight: 400; }
table { border-collapse: collapse; }
caption { text-align: left; padding-bottom: .35rem; }
th, td { padding: .1rem .6rem; text-align: right; white-space: nowrap; }
.scroll { overflow-x: auto; }
.bar { width: 20rem; max-width: 40vw; padding: 0 .6rem; }
.bar span { display: block; height: .8rem; background: var(--strong); border-radius: 1px; }
.heat td { border: 1px solid var(--paper); min-width: 3.6rem;
  background: color-mix(in oklab, var(--strong) calc(var(--share) * 55%), var(--paper)); }
.left { text-align: left; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 2px solid var(--line); padding-left: .9rem; max-width: 46rem; }
.text span { background: color-mix(in oklab, var(--mark) calc(var(--share) * 65%), transparent); border-radius: 2px; }
details { margin-top: .5rem; }
summary { cursor: pointer; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; }
dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
@media print { details > * { display: block; } }
`;
