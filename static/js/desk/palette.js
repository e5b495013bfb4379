// The command palette (Ctrl-K or Cmd-K): the page's and the rail's commands, and server results: tickets, numbers, devices, partners.
const dialog = document.querySelector("#palette");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const most = 8;

const visible = (element) => (element.checkVisibility() || element.closest(".rail-body")) && !element.disabled; // as in keys.js
const named = (element) => element.dataset.keyName || element.getAttribute("aria-label") || (element.querySelector("[data-name]") || element).textContent.trim();
const clean = (text) => text.trim().replace(/\s+/g, " ");

let commands = [];
const gather = () => {
  const seen = new Set();
  commands = [];
  const all = (selector) => document.querySelectorAll(selector);
  for (const element of [...all("main [data-key]"), ...all(".rail :is([data-key], .rail-links a)")]) { // the page's own first
    const name = clean(named(element));
    if (!name || seen.has(name) || !visible(element) || element.closest("dialog")) continue;
    seen.add(name);
    commands.push({ name, key: element.dataset.key?.split("|")[0] || "", run: () => element.dispatchEvent(new Event("desk:act", { bubbles: true })) });
  }
};

const option = ({ name, note, key, run, href }) => {
  const row = document.createElement("li");
  row.role = "option";
  row.id = `palette-${Math.random().toString(36).slice(2)}`;
  row.append(Object.assign(document.createElement("span"), { textContent: name, className: "grow truncate" }));
  if (note) row.append(Object.assign(document.createElement("span"), { textContent: note, className: "faint small" }));
  if (key) row.append(Object.assign(document.createElement("kbd"), { textContent: key }));
  row.addEventListener("click", () => { dialog.close(); if (href) location.assign(href); else run(); });
  return row;
};
const choose = (row) => {
  for (const other of list.children) other.setAttribute("aria-selected", other === row);
  input.setAttribute("aria-activedescendant", row?.id || "");
  row?.scrollIntoView({ block: "nearest" });
};
// A full-text search for the input, even if it is a ticket number, which the rail's search would open.
const everywhere = () => {
  const words = input.value.trim();
  return { name: dialog.dataset.searchName.replace("…", () => words), href: `${dialog.dataset.searchUrl}?${new URLSearchParams({ q: words, view: "all" })}` };
};
const show = (found, isAnswered = false) => {
  const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = commands.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word))).slice(0, most);
  const named = [...found, ...fitting];
  dialog.querySelector("[data-none]").hidden = named.length > 0;
  list.replaceChildren(...[...named, ...(isAnswered ? [everywhere()] : [])].map(option));
  choose(list.firstElementChild);
};

// The server is queried shortly after the last keystroke; further typing aborts the request, as does closing the palette.
let asking = new AbortController(), coming = Promise.resolve();
const rest = (signal) => new Promise((done) => { setTimeout(done, 120); signal.addEventListener("abort", done); });
const ask = async () => {
  asking.abort();
  const words = input.value.trim(), { signal } = asking = new AbortController();
  if (words.length < 2) return;
  await rest(signal);
  if (signal.aborted) return;
  const question = fetch(`${dialog.dataset.url}?${new URLSearchParams({ q: words })}`, { headers: { Accept: "application/json" }, signal });
  const answer = await question.then((response) => (response.ok ? response.json() : null)).catch(() => null); // the commands remain available
  if (!signal.aborted) show(answer?.found || [], true);
};
// Enter before anything is listed opens the first result, unless typing continues.
const go = async () => {
  const mine = coming, chosen = () => list.querySelector("[aria-selected=true]");
  if (!chosen()) await mine;
  if (mine === coming && dialog.open) chosen()?.click();
};
const open = () => {
  gather();
  input.value = "";
  show([]);
  if (document.querySelector("dialog:modal")) dialog.showModal(); else dialog.show(); // keys.js
  input.focus();
};

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      if (dialog.open) dialog.close(); else open();
    }
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-palette]")) open(); });
  input.addEventListener("input", () => { show([]); coming = ask(); });
  dialog.addEventListener("close", () => asking.abort());
  input.addEventListener("keydown", (event) => {
    const chosen = list.querySelector("[aria-selected=true]");
    if (event.key === "Enter") { event.preventDefault(); go(); return; }
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (step) { event.preventDefault(); choose(chosen?.[step] || chosen); }
  });
}
