// Keyboard shortcuts of the desk. A link, button or field declares its key: data-key="r", or a sequence: data-key="g q". Invisible
// elements cannot be triggered, except in the rail: items in its collapsed menu or in a closed group keep their keys.
// Shortcuts never act inside fields or dialogs, nor with Ctrl, Alt or Cmd, and users can switch them off.
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog";
const WAIT = 1200; // ms for the second key of a sequence
const isOn = () => Boolean(document.querySelector("[data-shortcuts]"));

const visible = (element) => (element.checkVisibility() || element.closest(".rail-body")) && !element.closest("[inert]") && !element.disabled;
const owner = (keys) => $$("[data-key]").find((e) => e.dataset.key.split("|").includes(keys) && visible(e));
const begins = (keys) => $$("[data-key]").some((e) => e.dataset.key.split("|").some((k) => k.startsWith(`${keys} `)));

const act = (element) => {
  if (element.matches("input[type=radio]")) {
    element.click();
    const text = element.form?.querySelector("textarea");
    text?.focus();
    text?.setSelectionRange(text.value.length, text.value.length); // continue after the existing text
  } else if (element.matches(FIELDS)) {
    if (!element.checkVisibility()) document.querySelector(".rail-toggle").click();
    element.focus();
  }
  else if (element.matches("details")) { element.open = true; element.querySelector("summary").focus(); }
  else element.click();
};

// Rows of a list: j and k move, Enter opens, x ticks, Space previews.
const rows = () => $$("[data-nav] > tr, [data-nav] > li").filter(visible);
const current = () => rows().find((row) => row.matches(".is-current"));
const move = (step) => {
  const all = rows();
  if (!all.length) return false;
  const place = all.indexOf(current());
  const next = all[Math.min(Math.max(place + step, 0), all.length - 1)];
  all.forEach((row) => row.classList.toggle("is-current", row === next));
  next.querySelector("a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
};
const inRow = (selector) => {
  const found = current()?.querySelector(selector);
  found?.click();
  return Boolean(found);
};

// . copies the ticket's number, .. its number and title, ... its URL.
let dots = 0, dotting;
const copyTicket = () => {
  const title = document.querySelector("[data-ticket-number]");
  if (!title) return false;
  dots = Math.min(dots + 1, 3);
  clearTimeout(dotting);
  dotting = setTimeout(() => {
    const number = `#${title.dataset.ticketNumber}`;
    const text = [number, `${number} ${title.textContent.trim()}`, location.href.split("?")[0]][dots - 1];
    dots = 0;
    navigator.clipboard?.writeText(text).then(() => say(text), () => {});
  }, 450);
  return true;
};

const sheet = () => {
  const dialog = document.querySelector("#keys");
  if (!dialog) return false;
  const list = dialog.querySelector("[data-keys-here]");
  list.replaceChildren(...[...$$("main [data-key]"), ...$$(".rail [data-key]")].filter(visible).map((element) => {
    const line = document.createElement("div"), keys = document.createElement("span");
    const name = element.dataset.keyName || element.getAttribute("aria-label") || (element.querySelector("[data-name]") || element).textContent.trim().replace(/\s+/g, " ");
    for (const key of element.dataset.key.split("|")[0].split(" ")) keys.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
    line.append(keys, name);
    return line;
  }));
  dialog.show();
  return true;
};

// z opens the row's ticket with the snooze dialog; on the ticket page, the button itself has this key.
const snooze = () => {
  const link = current()?.matches("[data-preview]") && current().querySelector("a");
  if (link) location.assign(`${link.href}#snooze`);
  return Boolean(link);
};

const FIXED = { j: () => move(1), k: () => move(-1), x: () => inRow("input[type=checkbox]"), z: snooze, ".": copyTicket, "?": sheet };
let first = "", waiting;
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches("[data-search]")) event.target.blur();
  if (!isOn() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest(FIELDS) || document.querySelector("dialog[open]")) return;
  if ((event.key === " " || event.key === "Enter") && event.target.closest("button, summary, [role=button], input")) return;
  const key = event.shiftKey && /^[a-z]$/i.test(event.key) ? `Shift-${event.key.toUpperCase()}` : event.key;
  const keys = first ? `${first} ${key}` : key;
  clearTimeout(waiting);
  first = "";
  const element = owner(keys);
  if (element) { event.preventDefault(); act(element); return; }
  if (begins(keys)) { first = keys; waiting = setTimeout(() => { first = ""; }, WAIT); event.preventDefault(); return; }
  if (Object.hasOwn(FIXED, key) && FIXED[key]()) event.preventDefault();
});
document.addEventListener("desk:act", (event) => act(event.target)); // chosen in the palette
document.addEventListener("click", (event) => { if (event.target.closest("[data-keys-sheet]")) sheet(); });

// The palette and the list of keys overlay the page without making it inert, which would restyle every element (docs/decisions/0380).
// The behaviour of a modal dialog is added here: Escape and a click outside only close it, and Tab stays inside.
const over = () => document.querySelector("dialog[data-over][open]");
document.addEventListener("keydown", (event) => {
  const dialog = over();
  if (!dialog || event.isComposing || !["Escape", "Tab"].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === "Escape") { dialog.close(); return; }
  const stops = $$("a, button, input", dialog), at = stops.indexOf(document.activeElement);
  stops.at((event.shiftKey ? Math.max(at, 0) - 1 : at + 1) % stops.length).focus();
}, true);
document.addEventListener("click", (event) => {
  const dialog = over();
  if (!dialog || dialog.contains(event.target)) return;
  event.preventDefault();
  event.stopPropagation();
  dialog.close();
}, true);

// A closed dialog returns the focus to the button that opened it, even if polling has replaced the button or a response has opened the
// dialog; without such a button, to the title.
let opener = "";
document.addEventListener("click", ({ target }) => { opener = target.closest("button[id]:not(dialog *)")?.id ?? opener; }, true);
document.addEventListener("close", ({ target }) => setTimeout(() => {
  if (document.activeElement !== document.body && !target.contains(document.activeElement)) return; // some browsers move the focus out of the dialog later
  const opens = $$(`[popovertarget="${target.id}"]`).find((button) => !button.closest("dialog"));
  (opens ?? document.getElementById(opener) ?? document.querySelector("#ticket-title"))?.focus();
}), true);

// On a phone the form that sets a ticket's state is shown below its head: move it in the document, too, for Tab and screen readers.
const phone = matchMedia("(max-width: 56.24rem)"), state = () => document.querySelector("#ticket-state");
const place = () => {
  const { activeElement } = document;
  if (phone.matches) document.querySelector("#ticket-head").after(state());
  else document.querySelector("#ticket-handling > .sticky").prepend(state());
  activeElement.focus({ preventScroll: true });
};
if (state()) {
  if (phone.matches) place();
  phone.addEventListener("change", place);
}
