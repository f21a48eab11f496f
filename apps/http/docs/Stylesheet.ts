/** The look of the pages. Inline, and allowed by its hash alone: nothing else styles them. */
import { createHash } from "node:crypto"

export const stylesheet = `
:root{color-scheme:light dark;--bg:#f6f8f7;--panel:#fff;--ink:#17211d;--soft:#56665f;--line:#dde5e1;--accent:#0a7350;
--tint:#e5f4ed;--code:#f0f4f2;--block:#10201a;--block-ink:#d6e8df;--block-soft:#86a598;--key:#8fd6ff;--string:#a5e8b5;
--number:#ffc98a;--ok:#0a7350;--warn:#8a5a00;--warn-tint:#fdf3dc;--bad:#b3261e;--bad-tint:#fdeceb}
@media (prefers-color-scheme:dark){:root{--bg:#0d1411;--panel:#141d19;--ink:#e3ece7;--soft:#9bafa5;--line:#263530;
--accent:#45cf97;--tint:#12301f;--code:#1d2925;--block:#0a110e;--ok:#45cf97;--warn:#f0bd62;--warn-tint:#2c2410;
--bad:#ff8a80;--bad-tint:#331a18}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1.5rem;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,Ubuntu,
"Helvetica Neue",sans-serif;overflow-wrap:break-word}
a{color:var(--accent);text-underline-offset:.15em;text-decoration-thickness:1px}
a:focus-visible,summary:focus-visible,pre:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{font-size:.875em;background:var(--code);padding:.1em .3em;border-radius:4px}
h1,h2,h3{line-height:1.25;text-wrap:balance;margin:0}
h1{font-size:2rem;letter-spacing:-.02em}
h2{font-size:1.5rem;letter-spacing:-.01em;margin-bottom:.75rem}
h3{font-size:1.05rem;margin:1.75rem 0 .6rem}
p{margin:0 0 .9rem;max-width:72ch}
ol,ul{margin:0 0 1rem;padding-left:1.3rem;max-width:72ch}
li{margin-bottom:.35rem}
.layout{display:grid;grid-template-columns:minmax(0,1fr);max-width:86rem;margin:0 auto;padding:0 1.25rem}
.brand{display:flex;align-items:center;gap:.6rem;font-weight:650;font-size:1.05rem;color:var(--ink);text-decoration:none}
.mark{width:1.7rem;height:1.7rem;flex:none;color:var(--accent)}
.side{padding:1rem 0;border-bottom:1px solid var(--line)}
.side ul{list-style:none;margin:.55rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:.3rem .9rem;font-size:.92rem}
.side li{margin:0}
.side a:not(.brand){color:var(--soft);text-decoration:none}
.side a:not(.brand):hover{color:var(--accent);text-decoration:underline}
.side .group{display:none}
main{padding:2rem 0 4rem;min-width:0}
p code,li code,td code{white-space:nowrap}
.lead{text-wrap:pretty;font-size:1.12rem;color:var(--soft);margin-top:.5rem}
section{margin-top:3.25rem}
article{background:var(--panel);border:1px solid var(--line);border-radius:12px;padding:1.25rem}
.facts{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;margin:1.25rem 0 0;padding:0;list-style:none;max-width:none}
.facts li{margin:0}
.warnings{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr));gap:.8rem;list-style:none;
padding:0;max-width:none}
.warnings li{margin:0;background:var(--warn-tint);border-radius:10px;padding:.85rem 1rem;font-size:.94rem;line-height:1.5}
.warnings strong{display:block;color:var(--warn);margin-bottom:.2rem}
.warnings code,.note code{background:rgb(127 127 127/.16)}
.note code{white-space:normal;overflow-wrap:anywhere}
.note{background:var(--tint);border-radius:10px;padding:.85rem 1rem;max-width:72ch}
.path{display:flex;flex-wrap:wrap;align-items:center;gap:.6rem;margin:0 0 1rem;font-size:1.05rem;max-width:none}
.path code{background:none;padding:0;font-size:1rem;overflow-wrap:anywhere}
.method{background:var(--accent);color:var(--panel);font:650 .8rem/1 ui-monospace,Menlo,Consolas,monospace;
padding:.4em .6em;border-radius:6px;letter-spacing:.04em}
.scroll{overflow-x:auto;background:var(--panel);border:1px solid var(--line);border-radius:10px;margin:0 0 1.25rem}
table{border-collapse:collapse;width:100%;font-size:.94rem;line-height:1.5}
th,td{text-align:left;vertical-align:top;padding:.65rem .9rem;border-bottom:1px solid var(--line)}
tbody tr:last-child>*{border-bottom:0}
thead th{font-size:.78rem;letter-spacing:.03em;color:var(--soft);font-weight:600;white-space:nowrap}
tbody th{font-weight:550}
tbody th code{background:none;padding:0;white-space:nowrap}
.field{width:13.5rem}
.field code{background:none;padding:0;font-weight:650;font-size:.92rem;color:var(--ink)}
.field small{display:block;color:var(--soft);font-weight:400}
.must{color:var(--bad)}
.either{color:var(--warn)}
small.limits{display:block;color:var(--soft);margin-top:.25rem}
.tag{display:inline-block;font-size:.8rem;font-weight:500;line-height:1;padding:.35em .6em;border-radius:99px;white-space:nowrap;
background:var(--code);color:var(--soft)}
.tag.ok{background:var(--tint);color:var(--ok)}
.tag.warn{background:var(--warn-tint);color:var(--warn)}
.tag.bad{background:var(--bad-tint);color:var(--bad)}
figure{margin:0 0 1.1rem}
figure.code{background:var(--block);color:var(--block-ink);border-radius:10px;overflow:hidden}
@media (prefers-color-scheme:dark){figure.code{box-shadow:inset 0 0 0 1px var(--line)}}
figcaption{color:var(--block-soft);font-size:.8rem;padding:.6rem 1rem 0}
pre{margin:0;padding:.6rem 1rem 1rem;overflow-x:auto;font-size:.82rem;line-height:1.6}
pre code{background:none;padding:0;font-size:inherit}
.shell code{user-select:all}
.json pre{white-space:pre-wrap;overflow-wrap:anywhere}
.k{color:var(--key)}.s{color:var(--string)}.n{color:var(--number)}
details{border:1px solid var(--line);border-radius:10px;background:var(--panel);margin:0 0 .6rem}
details>summary{cursor:pointer;padding:.7rem 1rem}
details>div{padding:0 1rem 1rem}
details .scroll{margin:0}
.codes{display:flex;flex-wrap:wrap;gap:.35rem}
.codes a{text-decoration:none}
.codes a:hover code{background:var(--tint)}
article{margin:0 0 .9rem;scroll-margin-top:1.5rem}
article:target{border-color:var(--accent);box-shadow:0 0 0 3px var(--tint)}
article h3{margin:0 0 .4rem;display:flex;flex-wrap:wrap;align-items:center;gap:.5rem .7rem}
article h3 a{text-decoration:none;color:inherit}
article h3 a:hover{color:var(--accent)}
article h3 code{background:none;padding:0;font-size:1.02rem}
article p:last-child{margin-bottom:0}
article .what{margin-bottom:.25rem}
article .do{color:var(--soft)}
h2>.tag{font-size:1rem;vertical-align:.15em;margin-right:.25rem}
article .tag:not(.ok){background:none;padding:0}
footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.88rem}
@media (min-width:62rem){
.layout{grid-template-columns:14.5rem minmax(0,1fr);gap:3rem}
.side{position:sticky;top:0;height:100vh;overflow-y:auto;padding:2rem 0;border-bottom:0}
.side ul{display:block;margin:0}
.side li{margin-bottom:.3rem;line-height:1.4}
.side .group{display:block;margin:1.5rem 0 .45rem;font-size:.82rem;font-weight:650;color:var(--ink)}
main{padding-top:2.25rem}
}
@media (min-width:80rem){
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,28.5rem);gap:1.75rem;align-items:start}
.pair>.beside{position:sticky;top:1.5rem}
}
@media (max-width:38rem){
h1{font-size:1.65rem}
.fields,.fields tbody,.fields tr,.fields td,.fields th{display:block;width:auto}
.fields thead{display:none}
.fields tr{border-bottom:1px solid var(--line);padding:.7rem .9rem}
.fields tr:last-child{border-bottom:0}
.fields td,.fields th{border:0;padding:0}
}
@media print{.side{display:none}.layout{display:block}figure.code,article,tr{break-inside:avoid}}
`.trim()

/** For `style-src` of the Content-Security-Policy. */
export const stylesheetHash = `sha256-${createHash("sha256").update(stylesheet).digest("base64")}`
