/** Plain, at home on a phone and in the dark, and nobody would take it for the product. */
export const style = `
:root{color-scheme:light dark;--line:light-dark(#d8d2c4,#4a4438);--quiet:light-dark(#5c5546,#b8b0a0);--bad:light-dark(#991b1b,#fca5a5)}
*{box-sizing:border-box}
body{margin:0;font:16px/1.6 system-ui,sans-serif;background:light-dark(#f3efe6,#1b1813);color:light-dark(#221e16,#f0ece4)}
header{background:#1d1a15;color:#f0ece4;padding:1rem 0}
header>div,main{max-width:64rem;margin:0 auto}
header>div{padding:0 1rem;display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:baseline}
header a{color:inherit}
header p{margin:0;flex:1 1 20rem}
h1{font-size:1.35rem;margin:0}
main{padding:0 1rem 3rem}
h2{font-size:1.15rem;margin:2rem 0 .25rem}
h3{font-size:1rem;margin:1.25rem 0 .25rem}
p{margin:.25rem 0 .75rem}
.quiet{color:var(--quiet)}
.row{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end}
form{margin:0}
button,input,select{font:inherit;color:inherit;min-height:44px;padding:.25rem .9rem;border:1px solid var(--quiet);border-radius:8px;background:light-dark(#fff,#26221b);max-width:100%}
button{cursor:pointer}
button:hover{border-color:currentColor}
:focus-visible{outline:3px solid light-dark(#1e40af,#93c5fd);outline-offset:2px}
label{display:block;font-weight:600}
fieldset{border:1px solid var(--line);border-radius:8px;margin:0 0 .75rem;padding:.25rem .9rem .75rem}
legend{font-weight:600;padding:0 .25rem}
fieldset .row{gap:.5rem 1rem}
.broken{color:var(--bad);font-weight:600}
ol{padding-inline-start:1.5rem}
li{margin-bottom:.5rem}
li form{display:inline-block;margin-inline-start:.5rem}
li button{min-height:32px;padding:0 .75rem}
[role=status]{border:1px solid currentColor;border-radius:8px;padding:.75rem 1rem;margin-top:1.5rem}
summary{cursor:pointer;font-weight:600;min-height:44px;padding:.6rem 0}
`;
