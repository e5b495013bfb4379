// The agent's open tickets in the rail, marked with a pen if a draft is unsent, and navigation through the list they were opened from.
// The browser stores both (docs/decisions/0182), so that no page has to ask the server; signing out deletes them.
const $ = (selector, root = document) => root.querySelector(selector);
const place = $("[data-tabs]"), title = $("[data-ticket-number]"), text = $("#composer-text");
const TABS = `careline-tabs-${place.dataset.tabs}`, LIST = "careline-list", PLACE = "careline-place", MOST = 8;
const read = (store, key) => { try { return JSON.parse(store.getItem(key)) ?? []; } catch { return []; } };
const write = (store, key, value) => { try { store.setItem(key, JSON.stringify(value)); } catch { /* then nothing is stored */ } };

const draw = () => {
  const tabs = read(localStorage, TABS);
  place.hidden = !tabs.length;
  $("ul", place).replaceChildren(...tabs.map(({ number, name, url, draft }) => {
    const row = $("template", place).content.cloneNode(true);
    const link = $("a", row), close = $("button", row);
    link.href = url;
    if (url === location.pathname) link.setAttribute("aria-current", "page");
    $("[data-name]", link).textContent = name;
    link.title = `#${number} ${name}`;
    $("[data-draft]", link).hidden = !draft;
    close.ariaLabel = `${close.ariaLabel} #${number}`;
    close.addEventListener("click", () => { keep(tabs.filter((one) => one.number !== number)); $("a, button", place)?.focus(); });
    return row;
  }));
};
const keep = (tabs) => { write(localStorage, TABS, tabs); draw(); };

// A viewed ticket keeps its tab's position, or is added last; the oldest tab without a draft makes room.
const open = () => {
  const number = title.dataset.ticketNumber, tabs = read(localStorage, TABS);
  const one = { number, name: title.textContent.trim(), url: location.pathname, draft: Boolean(text?.value.trim()) };
  const at = tabs.findIndex((other) => other.number === number);
  if (at < 0) tabs.push(one); else tabs[at] = one;
  if (tabs.length > MOST) tabs.splice(Math.max(0, tabs.findIndex((other) => !other.draft)), 1);
  keep(tabs);
};

// On a ticket, j and k move through the last viewed list, across its pages; u returns to it.
const walk = () => {
  const way = $("[data-walk]"), { urls = [], from, before = 0, newer, older } = read(sessionStorage, LIST);
  const at = urls.indexOf(location.pathname);
  if (!way || at < 0) return;
  way.hidden = false;
  $("[data-of]", way).textContent = `${before + at + 1} / ${before + urls.length}${older ? "+" : ""}`;
  for (const [name, url] of [["back", from], ["previous", urls[at - 1] ?? newer], ["next", urls[at + 1] ?? older]]) {
    const link = $(`[data-${name}]`, way);
    link.hidden = !url;
    if (url) link.href = url;
  }
};

// The element to focus again: the field last edited, the button pressed, or the button that opens its dialog.
const again = ({ action, pressed, at }) => {
  const field = $(`input#${at || "none"}[name]:not([type=radio], [type=checkbox])`);
  const of = (button) => [...document.forms].filter((one) => one.getAttribute("action") === action).map((form) => $(button, form)).find(Boolean);
  const button = (pressed && of(`[name="${pressed}"]`)) || of("button:not([name], [type=button])");
  const dialog = button?.closest("dialog");
  return [field, dialog ? $(`[popovertarget="${dialog.id}"]`) : button].find((one) => one?.checkVisibility() && !one.closest("dialog"));
};

// A link may point to an entry earlier than those the page starts with.
const [, named] = /^#event-(\d+)$/.exec(location.hash) ?? [];
if (named && !$(location.hash) && $(".more-events") && !new URLSearchParams(location.search).has("from")) location.replace(`?from=${named}#event-${named}`);

if (title) {
  open();
  walk();
  text?.addEventListener("input", () => { if (Boolean(text.value.trim()) !== read(localStorage, TABS).find(({ url }) => url === location.pathname)?.draft) open(); });
  // After a form is sent the page reloads at the same scroll position, with the focus on the pressed element, or on the title if it is gone;
  // after a decision it starts at the top.
  const { number, top, action, pressed, at, decides } = read(sessionStorage, PLACE);
  sessionStorage.removeItem(PLACE);
  if (number === title.dataset.ticketNumber && !location.hash && !$("main :is(.error-summary, [autofocus], [aria-invalid=true])")) { // errors keep the focus
    const there = again({ action, pressed, at });
    scrollTo(0, there || !decides ? top : 0);
    (there ?? title).focus({ preventScroll: true });
  }
  document.addEventListener("submit", ({ defaultPrevented, target, submitter }) => {
    const place = { number: title.dataset.ticketNumber, top: scrollY, action: target.getAttribute("action"), pressed: submitter?.name, at: document.activeElement.id, decides: Boolean(target.closest(".next-step, .actions, dialog")) };
    if (!defaultPrevented && target.method === "post") write(sessionStorage, PLACE, place);
  });
  document.addEventListener("htmx:oobAfterSwap", ({ detail }) => { if (detail.target.id === "ticket-head") walk(); });
} else draw();
addEventListener("storage", ({ key }) => { if (key === TABS) draw(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) draw(); });
const rows = document.querySelectorAll("#queue .subject a");
// Back in the list, continue at the ticket just viewed.
const was = document.referrer && [...rows].find((row) => row.pathname === new URL(document.referrer).pathname);
if (was) {
  was.closest("tr").classList.add("is-current");
  was.focus({ preventScroll: true });
  was.scrollIntoView({ block: "nearest" });
}
// A list page reached from a ticket opens its first ticket, or its last; each page knows how many tickets come before it.
if (rows.length) {
  const to = (rel, end) => { const link = $(`.queue-foot [rel=${rel}]`); return link ? link.pathname + link.search + end : undefined; };
  const urls = [...rows].map((row) => row.pathname), from = location.pathname + location.search, newer = to("prev", "#last"), older = to("next", "#first");
  const was = read(sessionStorage, LIST);
  const places = { [was.newer]: was.before - urls.length, [was.older]: was.before + was.urls?.length, [was.from]: was.before };
  const place = ["#first", "#last", ""].map((end) => places[from + end]).find((one) => one > 0);
  write(sessionStorage, LIST, { urls, from, before: (newer && place) || 0, newer, older });
  if (["#first", "#last"].includes(location.hash)) location.replace(urls.at(location.hash === "#first" ? 0 : -1));
}
document.addEventListener("submit", ({ target }) => { if (target.matches("[data-sign-out]")) { localStorage.removeItem(TABS); sessionStorage.clear(); } });
