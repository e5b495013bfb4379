// The live answer beside a form, for ears.
const $$ = (selector) => [...document.querySelectorAll(selector)];
const on = (type, handler) => document.addEventListener(type, handler);
const say = (text) => { document.getElementById("announce").textContent = text; };

// Who cannot see the answer beside a form hears its gist: once it says something else than before, and the keys have rested for a second.
const gist = () => [...$$("[data-tells] :is(.flaws li, .verdict-head h2, .verdict-head p)"), ...$$("#send-bar button:enabled")]
  .map((part) => part.textContent.replace(/\s+/g, " ").trim().replace(/\.?$/, ".")).join(" ");
let told = gist(), telling = 0;
const tell = () => { telling = 0; const now = gist(); if (now !== told) say(now); told = now; };
const soon = () => { clearTimeout(telling); telling = setTimeout(tell, 1000); };
on("htmx:oobAfterSwap", ({ target }) => { if ("tells" in target.dataset) soon(); });
on("input", () => { if (telling) soon(); });
