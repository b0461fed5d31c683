"""The look of the inspector's page: on screen, light or dark, and on paper, where everything is unfolded."""

STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#56606b;--line:#d5dbe1;--back:#fff;--panel:#f5f7f9;--id:#0a5a6b;
--error:#b3261e;--error-back:#fdf1f0;--warning:#7d5200;--warning-back:#fff8e6;--info:#1a56b0;--info-back:#eef5fd;--mark:#ffd9d5}
@media (prefers-color-scheme:dark){:root{--ink:#e4e9ee;--soft:#9ba8b5;--line:#333b44;--back:#101418;--panel:#181e24;--id:#6fc6d9;
--error:#ff9088;--error-back:#2c1614;--warning:#f0bd55;--warning-back:#2a2110;--info:#8ab8f5;--info-back:#13202f;--mark:#6b231d}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
body>header,main,footer{max-width:76rem;margin:0 auto;padding:0 1.5rem}
body>header{padding-top:1.75rem}
footer{padding-block:1.5rem 3rem;color:var(--soft);font-size:.85rem}
.skip{position:absolute;left:-99rem;background:var(--back);padding:.5rem 1rem}
.skip:focus{left:.5rem;top:.5rem;z-index:1}
h1{margin:0;font-size:.8rem;font-weight:600;letter-spacing:.08em;text-transform:uppercase;color:var(--soft)}
h2{margin:.15rem 0 .5rem;font-size:1.6rem;line-height:1.25;overflow-wrap:anywhere}
h3{margin:1.75rem 0 .6rem;font-size:1.05rem}
h4,h5,h6{display:inline;margin:0;font-size:inherit;font-weight:600}
article+article{margin-top:3.5rem;border-top:3px solid var(--line);padding-top:2rem}
a{color:var(--info)}
:focus-visible{outline:3px solid var(--info);outline-offset:2px;border-radius:3px}
code,.value{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.92em}
.figures{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0 0}
.figures div{min-width:7rem;padding:.5rem .9rem;background:var(--panel);border:1px solid var(--line);border-radius:.5rem}
.figures dt{color:var(--soft);font-size:.8rem}.figures dd{margin:0;font-size:1.4rem;font-weight:600;line-height:1.3}
.figures .error dd{color:var(--error)}.figures .warning dd{color:var(--warning)}
.remark{margin:.75rem 0 0;color:var(--soft)}
.found{margin:0;padding:0;list-style:none;border:1px solid var(--line);border-radius:.5rem;overflow:hidden}
.found li{display:grid;grid-template-columns:5.5rem 1fr;gap:.1rem .5rem;padding:.5rem .9rem}
.found li+li{border-top:1px solid var(--line)}
.found small{grid-column:2;color:var(--soft);font-size:.82rem}
.severity{font-weight:700}
.error .severity{color:var(--error)}.warning .severity{color:var(--warning)}.info .severity{color:var(--info)}
details{margin:.15rem 0}
details details{margin-left:.55rem;padding-left:.9rem;border-left:2px solid var(--line)}
summary{padding:.3rem .5rem;border-radius:.35rem;cursor:pointer}
summary:hover{background:var(--panel)}
.kind,.id{font-weight:650;color:var(--id)}
.of{color:var(--soft)}
.level>summary{margin:.5rem 0 .25rem;background:var(--panel);border:1px solid var(--line)}
.segment{margin:.35rem 0 .6rem 1.6rem}
.segment>p{margin:0;display:flex;gap:.6rem;align-items:baseline}
.number{flex:none;min-width:2.2rem;text-align:right;color:var(--soft);font-size:.8rem;font-variant-numeric:tabular-nums}
.segment>p .value{overflow-wrap:anywhere;white-space:pre-wrap}.line{margin-block:.1rem}
table{width:calc(100% - 2.8rem);margin:.1rem 0 0 2.8rem;border-collapse:collapse;table-layout:fixed}
th,td{padding:.12rem .6rem .12rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
tr:last-child>*{border-bottom:0}
th{width:5.2rem;font-weight:400;color:var(--soft);font-size:.85rem}
td.name{width:17rem}td.value{width:15rem}td.meaning{color:var(--soft)}
td.covered{letter-spacing:.1em;color:var(--soft)}
tr.error td.value,tr.warning td.value{font-weight:650}
tr.error td.value{color:var(--error)}tr.warning td.value{color:var(--warning)}
mark{background:var(--mark);color:inherit;border-bottom:2px solid var(--error);font-weight:650}
mark:empty{padding:0 .3em}
.finding{margin:.3rem 0 .4rem;padding:.5rem .8rem;border-left:4px solid;border-radius:0 .35rem .35rem 0;font-size:.93rem}
.finding.error{border-color:var(--error);background:var(--error-back)}
.finding.warning{border-color:var(--warning);background:var(--warning-back)}
.finding.info{border-color:var(--info);background:var(--info-back)}
.finding,.found li{scroll-margin-top:6rem}.finding:target{outline:3px solid var(--info)}
.segment .finding{margin-left:2.8rem}td .finding{margin-left:0}
.missing{margin-left:1.6rem}
.fix{display:block}.finding small{color:var(--soft)}
@media screen and (max-width:50rem){.segment,.missing{margin-left:.3rem}details details{margin-left:.1rem;padding-left:.35rem}
table{margin-left:0;width:100%}table,tbody{display:block}tr{display:grid;grid-template-columns:4.8rem 1fr;border-bottom:1px solid var(--line)}
td,td.name,td.value,th{grid-column:2;width:auto;border:0}th{grid-column:1;grid-row:1}td[colspan]{grid-column:1/-1}td:empty{display:none}
.segment .finding{margin-left:0}.found li{grid-template-columns:1fr}.found small{grid-column:1}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--back:#fff;--panel:#fff;--id:#000;--error:#8c1d18;--error-back:#fff;
--warning:#5c3d00;--warning-back:#fff;--info:#0b3d80;--info-back:#fff;--mark:#fff}
body{font-size:9.5pt}body>header,main,footer{max-width:none;padding:0}
details::details-content{content-visibility:visible;block-size:auto}
summary{list-style:none}summary::-webkit-details-marker{display:none}
a{color:inherit}.back,.skip{display:none}
.segment,.finding,.found li{break-inside:avoid}summary{break-after:avoid}}
""".replace("\n", "")
