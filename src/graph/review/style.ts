/** Of the page: light or dark as who looks at it has it, tables that scroll within themselves, paper in black on white. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --paper: #ffffff; --quiet: #59636e; --line: #d1d9e0; --shade: #f6f8fa;
  --good: #116329; --warn: #7d4e00; --bad: #b42318; --link: #0550ae; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #0d1117; --quiet: #9198a1; --line: #3d444d; --shade: #151b23;
    --good: #56d364; --warn: #e3b341; --bad: #ff7b72; --link: #79b8ff; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 1.5rem 1rem 4rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
p { margin: .5rem 0; max-width: 48rem; }
a { color: var(--link); }
code { font: .875em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: 1rem 0 0; padding: 0; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1.25rem; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
.scroll { overflow-x: auto; margin: .75rem 0; border: 1px solid var(--line); border-radius: 6px; }
.scroll:focus-visible { outline: 2px solid var(--link); }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: .45rem .75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line);
  min-width: 8.5rem; overflow-wrap: anywhere; }
th { font-weight: 600; }
thead th { background: var(--shade); border-top: 0; white-space: nowrap; }
tbody th { min-width: 11rem; }
th.wide { min-width: 14rem; }
td ul { margin: 0; padding: 0; list-style: none; }
td li + li { margin-top: .25rem; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); } .dim, .none { color: var(--quiet); }
.good, .warn, .bad { font-weight: 600; }
.picture { padding: .75rem; }
.picture a { color: inherit; }
.picture svg { display: block; height: auto; max-width: 100%; }
@media (max-width: 60rem) { .picture svg { max-width: none; } }
@media (max-width: 40rem) { dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: .5rem; } }
@media print {
  :root { --ink: #000; --paper: #fff; --quiet: #444; --line: #999; --shade: #eee; --good: #000; --warn: #000; --bad: #000; }
  nav { display: none; } .scroll { overflow: visible; } tr, .picture { break-inside: avoid; }
}
`;
