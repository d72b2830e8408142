"""The style of the printed page: paper first, one column, boxes large enough for a pen."""

STYLE = """
:root { --ink: #1a1a1a; --soft: #555; --rule: #8a8a8a; }
* { box-sizing: border-box; }
body { margin: 0; background: #f2f2ef; color: var(--ink);
  font: 11pt/1.45 "Noto Sans", "Segoe UI", "Helvetica Neue", Arial, "Noto Sans CJK SC",
    "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei", sans-serif; }
main { max-width: 19cm; margin: 1cm auto; padding: 1.6cm 1.8cm; background: #fff; }
h1 { font-size: 17pt; line-height: 1.25; margin: 0 0 .3em; }
h2 { font-size: 13pt; margin: 1.6em 0 .5em; padding-bottom: .15em;
  border-bottom: 1.5pt solid var(--ink); break-after: avoid; }
h3 { font-size: 11pt; margin: 0 0 .2em; padding-left: 2.2em; text-indent: -2.2em;
  break-after: avoid; }
.number { display: inline-block; min-width: 2.2em; text-indent: 0; }
.about, .hint, footer { color: var(--soft); font-size: 9pt; }
.hint { margin: 0 0 .3em 2.69em; }
.intro { margin: .4em 0 1em; }
.office, .read { border: 1pt solid var(--rule); padding: .5em .8em; margin: 1em 0;
  break-inside: avoid; }
.office { font-size: 9pt; }
.office p { margin: 0 0 .3em; }
.skip { margin: 1.1em 0 .6em; padding: .3em .7em; border-left: 3pt solid var(--ink);
  font-style: italic; break-after: avoid; break-inside: avoid; }
html[lang^=zh] .skip { font-style: normal; }
.question { margin: 0 0 1.1em; break-inside: avoid; }
ul { list-style: none; margin: .2em 0 0; padding: 0 0 0 2.2em; }
li { margin: .12em 0; }
.list li, .many li, .row li { padding-left: 1.7em; text-indent: -1.7em; }
.many { columns: 3; column-gap: 1.2em; }
.many li { break-inside: avoid; }
.row li:has(.line) { padding-left: 0; text-indent: 0; }
.row { display: flex; flex-wrap: wrap; gap: .3em 1.6em; align-items: baseline; }
.office .row { padding-left: 0; }
.square, .circle { display: inline-block; width: .95em; height: .95em; margin-right: .75em;
  border: 1pt solid var(--ink); vertical-align: -.1em; text-indent: 0; }
.circle { border-radius: 50%; }
.line { display: inline-block; width: 3.5cm; height: 1.4em; text-indent: 0;
  border-bottom: 1pt solid var(--ink); }
.statements { list-style: disc; padding-left: 3.5em; margin-bottom: .6em; }
table { width: 100%; border-collapse: collapse; font-size: 9.5pt; margin-top: .4em; }
th, td { border-bottom: .5pt solid var(--rule); padding: .35em .3em; vertical-align: middle; }
thead th { font-weight: normal; font-size: 8.5pt; vertical-align: bottom; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
tbody th { text-align: left; font-weight: normal; width: 44%; }
td { text-align: center; }
thead th:first-child { text-align: left; }
td .circle { margin: 0; }
.done { margin-top: 2em; font-weight: bold; }
footer { margin-top: 2em; break-before: auto; }
footer h2 { font-size: 10pt; border-bottom-width: .5pt; }
footer ul { padding-left: 0; }
footer li { margin: .25em 0; }
.href { overflow-wrap: anywhere; }
@media (max-width: 640px) {
  main { margin: 0; padding: 1em; }
  .many { columns: 2; }
  table { display: block; overflow-x: auto; }
}
@page { size: A4; margin: 1.7cm 1.8cm; }
@media print {
  body { background: none; font-size: 10.5pt; }
  main { max-width: none; margin: 0; padding: 0; }
}
"""
