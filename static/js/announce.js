// For screen readers: announcements, and keeping the focus. The page has one live region; say(text), for all scripts, adds a sentence to it.
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, handler) => document.addEventListener(type, handler);

// A sentence added together with other changes of the page, or while it is loading, is not announced: it waits until they are done, and
// later sentences are announced with it.
const REST = 300, LOADED = 2000; // ms, the latter since the page was asked for
let waiting = [];
const put = (text) => { document.getElementById("announce").textContent = text; };
const tell = () => { put(waiting.join(" ")); waiting = []; };
const say = (text) => {
  if (!waiting.length) {
    put(""); // else a repeated "Copied" would not be announced
    setTimeout(tell, Math.max(REST, LOADED - performance.now()));
  }
  if (!waiting.includes(text)) waiting.push(text);
};
globalThis.say = say;

// Messages that come with a page are added to their region again, as screen readers announce only changes.
const brought = $$("#toasts > *"); // later ones have been announced already
setTimeout(() => document.getElementById("toasts")?.append(...brought.filter((toast) => toast.isConnected)), 200);

// A changed live answer is announced by its gist: a live region would read all of it, with findings, fees and rules.
const gist = (parts) => parts.map((part) => part.textContent.replace(/\s+/g, " ").trim().replace(/\.?$/, ".")).join(" ");
const GIST = ":is(.flaws li, .verdict-head :is(h2, h3, p))";
on("htmx:afterSwap", ({ target }) => { if ("gist" in target.dataset) say(gist($$(GIST, target))); });

// The live answer arrives at every pause in typing; it is announced after a second without input.
const answer = () => gist([...$$(`[data-tells] ${GIST}`), ...$$("#send-bar button:enabled")]);
let told = answer(), telling = 0;
const look = () => { telling = 0; const now = answer(); if (now !== told) say(now); told = now; };
const soon = () => { clearTimeout(telling); telling = setTimeout(look, 1000); };
on("htmx:oobAfterSwap", ({ target }) => { if ("tells" in target.dataset) soon(); });
on("input", () => { if (telling) soon(); });

// A polling part is replaced as a whole: focus moves to the equivalent new element. For elements with an id, htmx does this.
const like = (part, focused) => $$("a[href], button, summary", part).find((one) => one.textContent === focused.textContent && one.href === focused.href);
let held = null;
on("htmx:beforeSwap", ({ target }) => {
  const { activeElement } = document;
  held = activeElement !== target && !activeElement.id && target.contains(activeElement) ? activeElement : null;
});
on("htmx:afterSwap", ({ target }) => { if (held && !held.isConnected && document.activeElement === document.body) like(target, held)?.focus(); });
