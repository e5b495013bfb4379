// For who listens: what is told, and that the focus stays. One region of the page, into which everybody puts a sentence by the event careline:say.
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, handler) => document.addEventListener(type, handler);

// A sentence that comes in the same moment as other changes of the page, or while it is still being loaded, is not heard: it waits until that
// is over. What comes meanwhile is told with it.
const REST = 300, LOADED = 2000; // ms, the latter since the page was asked for
let waiting = [];
const put = (text) => { document.getElementById("announce").textContent = text; };
const tell = () => { put(waiting.join(" ")); waiting = []; };
on("careline:say", ({ detail }) => {
  if (!waiting.length) {
    put(""); // what is said twice, "Copied", would not be news
    setTimeout(tell, Math.max(REST, LOADED - performance.now()));
  }
  if (!waiting.includes(detail)) waiting.push(detail);
});
const say = (text) => document.dispatchEvent(new CustomEvent("careline:say", { detail: text }));

// What a page brings along is told as what comes later is: it is put into its region once more, which screen readers notice.
const brought = $$("#toasts > *"); // one that has come meanwhile is told already
setTimeout(() => document.getElementById("toasts")?.append(...brought.filter((toast) => toast.isConnected)), 200);

// An answer is told by its gist once it says something else than before: a live region would be given all of it, findings, fees and rules.
const gist = (parts) => parts.map((part) => part.textContent.replace(/\s+/g, " ").trim().replace(/\.?$/, ".")).join(" ");
const GIST = ":is(.flaws li, .verdict-head h2, .verdict-head p)";
on("htmx:afterSwap", ({ target }) => { if ("gist" in target.dataset) say(gist($$(GIST, target))); });

// The answer beside a form comes at every pause of the keys; it is told when they have rested for a second.
const answer = () => gist([...$$(`[data-tells] ${GIST}`), ...$$("#send-bar button:enabled")]);
let told = answer(), telling = 0;
const look = () => { telling = 0; const now = answer(); if (now !== told) say(now); told = now; };
const soon = () => { clearTimeout(telling); telling = setTimeout(look, 1000); };
on("htmx:oobAfterSwap", ({ target }) => { if ("tells" in target.dataset) soon(); });
on("input", () => { if (telling) soon(); });

// A part that asks by itself, every second, is exchanged as a whole: what has the focus in it gives it to its like. What has an id keeps it by htmx.
const like = (part, focused) => $$("a[href], button, summary", part).find((one) => one.textContent === focused.textContent && one.href === focused.href);
let held = null;
on("htmx:beforeSwap", ({ target }) => {
  const { activeElement } = document;
  held = activeElement !== target && !activeElement.id && target.contains(activeElement) ? activeElement : null;
});
on("htmx:afterSwap", ({ target }) => { if (held && !held.isConnected && document.activeElement === document.body) like(target, held)?.focus(); });
