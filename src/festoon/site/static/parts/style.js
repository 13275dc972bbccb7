// The look that all components share. Every colour is a custom property that the page around may set.

const SHARED = `
:host {
  --accent: var(--festoon-accent, #b3261e); --accent-ink: var(--festoon-accent-ink, #fff);
  --gold: var(--festoon-gold, #f6c667); --card: var(--festoon-card, #fff); --paper: var(--festoon-paper, #fdf7ef);
  --ink: var(--festoon-ink, #2c1c15); --soft: var(--festoon-soft, #6d5a4d); --line: var(--festoon-line, #eadfd2);
  --good: var(--festoon-good, #1f6b3a); --radius: var(--festoon-radius, 16px);
  display: block; color: var(--ink); font: 400 1rem/1.6 var(--festoon-font, system-ui, sans-serif); overflow-wrap: anywhere;
}
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
.body { display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; }
.body:empty, .live:empty { display: none; }
h2, h3, p, ul, ol, dl, dd { margin: 0; }
h2 { font-size: 1.2rem; line-height: 1.3; } h3 { font-size: 1rem; line-height: 1.4; }
ul, ol { padding: 0; list-style: none; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: 1rem 1.1rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: .6rem; align-content: start; }
.row { display: flex; gap: .5rem 1rem; align-items: center; justify-content: space-between; flex-wrap: wrap; }
.soft { color: var(--soft); } .small { font-size: .875rem; } .big { font-size: 2rem; font-weight: 700; line-height: 1.1; } .centre { text-align: center; justify-items: center; }
.chip { display: inline-block; padding: .1rem .6rem; border-radius: 999px; font-size: .8125rem; background: var(--paper); color: var(--soft); border: 1px solid var(--line); }
.chip.good { color: var(--good); border-color: currentColor; background: transparent; }
.chip.hot { color: var(--accent); border-color: currentColor; background: transparent; }
button, .button { font: inherit; font-weight: 600; min-height: 44px; padding: .5rem 1.25rem; border-radius: 999px; border: 1px solid transparent; cursor: pointer; text-decoration: none; display: inline-flex; align-items: center; justify-content: center; text-align: center; }
.main { background: var(--accent); color: var(--accent-ink); }
.main:hover { filter: brightness(1.08); } .main:active { transform: translateY(1px); }
.plain { background: transparent; color: var(--accent); border-color: currentColor; }
.link { background: none; border: 0; padding: 0 .25rem; color: var(--accent); text-decoration: underline; min-height: 44px; }
[aria-disabled="true"] { background: #ece4da; color: #6d5a4d; border-color: transparent; cursor: default; filter: none; transform: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.live { position: sticky; bottom: var(--festoon-below, .75rem); z-index: 1; margin-top: .75rem; padding: .6rem .9rem; border-radius: 12px; background: var(--paper); border: 1px solid var(--line); text-align: center; }
.live[data-tone="good"] { color: var(--good); border-color: currentColor; font-weight: 600; }
.live[data-tone="bad"] { color: var(--accent); border-color: currentColor; }
progress { appearance: none; width: 100%; height: 8px; border: 0; border-radius: 99px; overflow: hidden; background: var(--line); }
progress::-webkit-progress-bar { background: var(--line); } progress::-webkit-progress-value { background: var(--accent); border-radius: 99px; }
progress::-moz-progress-bar { background: var(--accent); border-radius: 99px; }
input, textarea { font: inherit; width: 100%; min-height: 44px; padding: .5rem .75rem; border: 1px solid #96816f; border-radius: 10px; background: #fff; color: var(--ink); }
label { display: grid; gap: .25rem; font-size: .9375rem; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; } th, td { text-align: left; padding: .45rem .25rem; border-bottom: 1px solid var(--line); } th { font-weight: 600; color: var(--soft); } td.end, th.end { text-align: right; white-space: nowrap; }
tr:last-child td { border-bottom: 0; }
details.card { display: block; padding: .15rem 1.1rem; } details[open].card { padding-bottom: 1rem; } details > * + * { margin-top: .6rem; }
details > summary { cursor: pointer; font-weight: 600; min-height: 44px; display: flex; align-items: center; justify-content: space-between; list-style: none; }
summary::-webkit-details-marker { display: none; } summary::after { content: "›"; color: var(--accent); font-size: 1.3rem; rotate: 90deg; } details[open] > summary::after { rotate: -90deg; }
a:not(.card, .button) { color: var(--accent); }
code { font: .8125rem/1.5 ui-monospace, monospace; word-break: break-all; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; } }
`;

const made = new Map();

/** A stylesheet of these rules, made once; of "" the one that all share. */
export function sheet(rules) {
  if (!made.has(rules)) {
    const one = new CSSStyleSheet();
    one.replaceSync(rules || SHARED);
    made.set(rules, one);
  }
  return made.get(rules);
}
