// The live answer beside a form: for ears, and which fields of the form play a part in it.
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

// A field that plays no part in what is answered so far is not shown; without scripts all are. What has the focus stays where it is.
const fields = () => {
  for (const field of $$(".field[data-unasked]")) { field.hidden = false; delete field.dataset.unasked; }
  for (const name of (document.getElementById("verdict")?.dataset.unasked ?? "").split(" ").filter(Boolean)) {
    const field = document.getElementById(`id_${name}`)?.closest(".field");
    if (field && !field.contains(document.activeElement)) { field.hidden = true; field.dataset.unasked = ""; }
  }
};
on("htmx:oobAfterSwap", ({ target }) => { if (target.id === "verdict") fields(); });
fields();
