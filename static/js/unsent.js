// Unsent input is kept in this tab, by account and page URL, until the server has accepted it: neither an ended session nor an error
// loses it, and the page offers to restore it (docs/decisions/0244).
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, handler) => document.addEventListener(type, handler);
const OURS = "careline-unsent:", SIGNED_OUT = "careline-signed-out", ANSWERED = "careline-answered", TAKEN = "careline-taken";
const { account } = document.documentElement.dataset; // pages without an account, such as sign-in and errors, keep nothing
const here = () => `${OURS}${account}:${location.pathname}${location.search}`;

// Storage may be blocked or full: then nothing is kept.
const tried = (act) => { try { return act(); } catch { return null; } };
const read = (key) => tried(() => JSON.parse(sessionStorage.getItem(key))) ?? {};
const write = (key, forms) => tried(() => (Object.keys(forms).length ? sessionStorage.setItem(key, JSON.stringify(forms)) : sessionStorage.removeItem(key)));
const ours = () => tried(() => Object.keys(sessionStorage).filter((key) => key.startsWith(OURS))) ?? [];
const forget = (key, name) => { const { [name]: _gone, ...others } = read(key); write(key, others); };

// The fields that are kept: user input, but no secrets. Forms of a page are identified by id, action and order.
const place = (form) => `${form.getAttribute("id") ?? ""} ${form.getAttribute("action") ?? ""}`;
const named = (form) => `${place(form)} ${$$("form[method=post]").filter((other) => place(other) === place(form) && [...other.elements].some(isKept)).indexOf(form)}`;
const isKept = (field) => field.name && !field.disabled && field.type && !/^(hidden|password|file|submit|button|reset|search|fieldset)$/.test(field.type) && field.autocomplete !== "one-time-code";
const isTick = (field) => /^(checkbox|radio)$/.test(field.type);
const values = (field) => (field.type === "select-multiple" ? [...field.selectedOptions].map(({ value }) => value) : [field.value]);
const filledIn = (form) => [...form.elements].filter((field) => isKept(field) && (!isTick(field) || field.checked))
  .flatMap((field) => values(field).map((value) => [field.name, value]));
// For comparison: without empty values and row numbers, as empty rows are dropped and the others renumbered when the page is rendered.
const words = (fields) => JSON.stringify(fields.filter(([, value]) => value.trim())
  .map(([name, value]) => [name.replace(/-\d+-/, "-"), value.replaceAll("\r\n", "\n").trim()]));

// The idempotency key, in case the request arrived and only its response was lost; and the values seen when typing, so that a
// colleague's changes since then are detected, not overwritten.
const meant = (form) => $$("[type=hidden]:is([name=once], [name^=seen_])", form);

// How often the conversation, including messages being sent, contains the text of a form.
const text = (form) => $("textarea[name=text]", form)?.value.replace(/\s+/g, " ").trim();
const said = (form) => $$("#timeline .event-text, [data-words]")
  .filter((one) => (one.dataset.words ?? one.textContent).replace(/\s+/g, " ").trim() === text(form)).length;

let isOver = false; // signed out: nothing more is kept
const keep = (form, isSent = false) => {
  if (isOver || !account || !form.isConnected) return;
  const fields = filledIn(form), files = $$("[type=file]", form).some((input) => input.files.length);
  if (!fields.some(([, value]) => value.trim())) { forget(here(), named(form)); return; }
  const about = Object.fromEntries(meant(form).map(({ name, value }) => [name, value]));
  write(here(), { ...read(here()), [named(form)]: { fields, files, about, ...(isSent && { isSent, said: said(form), id: `${Date.now()}` }) } });
};

// Guarded forms and those with text areas are kept while the user types; all others when they are submitted.
const isLong = (form) => form.matches("[data-guard]") || $$("textarea", form).some((text) => text.value.trim());
let typed = null, waiting;
const flush = () => {
  clearTimeout(waiting);
  if (typed && isLong(typed)) keep(typed);
  else if (typed) forget(here(), named(typed));
  typed = null;
};
const soon = ({ target }) => {
  if (target.form?.method !== "post") return;
  if (typed !== target.form) flush();
  typed = target.form;
  clearTimeout(waiting);
  waiting = setTimeout(flush, 300);
};
on("input", soon);
on("change", soon);
addEventListener("pagehide", flush);
on("submit", ({ target, defaultPrevented }) => {
  if (target.matches("[data-sign-out]")) { signOut(); tried(() => localStorage.setItem(SIGNED_OUT, Date.now())); return; }
  if (target.method !== "post") return;
  flush();
  if (defaultPrevented && read(here())[named(target)]?.isSent) return; // a double click: the form is already being sent
  keep(target, !defaultPrevented);
});
on("htmx:afterRequest", ({ detail: { elt, successful, requestConfig } }) => {
  if (successful && requestConfig?.triggeringEvent?.type === "submit" && elt.matches("form")) forget(here(), named(elt));
});

// A value the browser cannot parse, such as 31 February, would be sent as empty and lost when the page is shown again.
addEventListener("submit", (event) => {
  const unread = [...event.target.elements].find((field) => field.validity?.badInput);
  if (!unread) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  unread.reportValidity();
}, true);

// Signing out discards everything in all tabs; so does signing in as another user.
const signOut = () => { isOver = true; ours().forEach((key) => sessionStorage.removeItem(key)); };
addEventListener("storage", ({ key }) => { if (key === SIGNED_OUT) signOut(); });

// Submitted input was accepted once the page the server redirects to is loaded; a page without an account or an error did not accept it.
// Firefox restores a cached page with its old sessionStorage, so the last accepted submissions are also in localStorage.
const taken = () => tried(() => JSON.parse(localStorage.getItem(TAKEN))) ?? [];
const arrive = (isBack = false) => {
  const [{ redirectCount, responseStatus = 0, type } = {}] = performance.getEntriesByType("navigation");
  const to = tried(() => new URL(sessionStorage.getItem(ANSWERED))); // set after an upload by script
  tried(() => sessionStorage.removeItem(ANSWERED));
  const isUploaded = to && to.pathname + to.search === location.pathname + location.search;
  if (isUploaded && to.hash && !location.hash) location.replace(to.hash);
  const isLed = redirectCount > 0 || isUploaded;
  const isAnswered = "posted" in document.documentElement.dataset && responseStatus && responseStatus < 400;
  const isTaken = account && !isBack && type !== "back_forward" && (isLed || isAnswered);
  for (const key of ours()) {
    if (account && !key.startsWith(`${OURS}${account}:`)) { sessionStorage.removeItem(key); continue; }
    for (const [name, { isSent, ...kept }] of Object.entries(read(key))) {
      if (isSent && isTaken) tried(() => localStorage.setItem(TAKEN, JSON.stringify([kept.id, ...taken()].slice(0, 20))));
      if ((isSent && isTaken) || taken().includes(kept.id)) forget(key, name);
      else if (isSent) write(key, { ...read(key), [name]: kept });
    }
  }
};

// Rows are added until there are enough; they may be numbered differently now.
const numbered = (fields, rows) => {
  const start = $("template", rows).content.querySelector("[name]").name.split("__row__")[0];
  const row = (name) => (name.startsWith(start) ? /^\d+/.exec(name.slice(start.length))?.[0] : undefined);
  const were = [...new Set(fields.map(([name]) => row(name)).filter(Boolean))];
  const all = () => $$("[data-row-form]", rows);
  while (all().length < were.length && !$("[data-add-row]", rows).hidden) $("[data-add-row]", rows).click();
  const are = all().map((one) => row($("[name]", one).name));
  return fields.map(([name, value]) => [row(name) ? name.replace(start + row(name), start + (are[were.indexOf(row(name))] ?? row(name))) : name, value]);
};
// Chosen rows of an incomplete list are fetched from the server again.
const fetched = async (fields, picker) => {
  const search = $("[hx-get]", picker), name = $("[data-row] input", picker)?.name;
  const missing = fields.filter(([of, value]) => of === name && !$$("[data-row] input", picker).some((input) => input.value === value));
  if (!search || !missing.length) return;
  const url = new URL(search.getAttribute("hx-get"), location.href);
  missing.forEach(([of, value]) => url.searchParams.append(of, value));
  const text = await fetch(url, { headers: { "HX-Request": "true" } }).then((answer) => (answer.ok ? answer.text() : ""), () => "");
  const rows = $$("[data-row]", new DOMParser().parseFromString(text, "text/html")).filter((row) => missing.some(([, value]) => value === $("input", row)?.value));
  rows.forEach((row) => { $("input", row).checked = false; }); // ticking it later notifies the page
  $(".picker-list", picker).prepend(...rows);
};
const fill = (field, given) => {
  if (isTick(field)) { field.checked = given.includes(field.value); return; }
  if (field.matches("select")) { for (const option of field.options) option.selected = given.includes(option.value); return; }
  const before = given.shift() ?? "", now = field.value;
  const isNew = field.matches("textarea") && now.trim() && now !== field.defaultValue && !before.includes(now.trim());
  field.value = isNew ? `${before}\n\n${now}` : before; // keep text typed in the meantime, too
};
// Fields that depend on another field arrive with the live answer to it.
const follow = (form, fields) => {
  const later = new Map(fields.filter(([name]) => !form.elements.namedItem(name)).map(([name, value]) => [name, [value]]));
  if (!later.size || !$("[data-follows]", form)) return;
  on("htmx:load", function listed({ detail: { elt } }) {
    if (!form.contains(elt) || !$("[data-follows]", elt)) return;
    document.removeEventListener("htmx:load", listed);
    for (const field of $$("input", elt)) if (later.has(field.name)) fill(field, later.get(field.name));
    elt.dispatchEvent(new Event("change", { bubbles: true }));
  });
};
const reveal = (form) => {
  for (let part = form.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  const dialog = form.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
};
const putBack = async (form, { fields, about = {} }) => {
  for (const field of meant(form)) field.value = about[field.name] ?? field.value;
  reveal(form);
  let all = fields;
  for (const rows of $$("[data-rows]", form)) all = numbered(all, rows);
  for (const picker of $$("[data-picker]", form)) await fetched(all, picker);
  follow(form, all);
  const left = new Map();
  for (const [name, value] of all) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of [...form.elements].filter(isKept)) {
    const was = isTick(field) ? field.checked : words([["", field.value]]);
    fill(field, left.get(field.name) ?? []);
    if (was === (isTick(field) ? field.checked : words([["", field.value]]))) continue;
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  }
  const text = [...form.elements].find((field) => isKept(field) && field.checkVisibility() && field.matches("textarea")) ?? [...form.elements].find((field) => isKept(field) && field.checkVisibility());
  text?.focus();
};

// A message that arrived although its response was lost is in the conversation: it must not be sent again.
const arrived = (forms) => {
  for (const [name, kept] of Object.entries(read(here()))) {
    const form = forms.get(name), field = form && $("textarea[name=text]", form);
    if (!field || kept.said === undefined) continue;
    const typed = field.value;
    field.value = kept.fields.find(([of]) => of === "text")?.[1] ?? "";
    const isSaid = text(form) && said(form) > kept.said, isSame = words([["", typed]]) === words([["", field.value]]);
    field.value = isSaid && isSame ? "" : typed;
    if (!isSaid) continue;
    forget(here(), name);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    delete form.dataset.dirty;
  }
};
const byName = () => new Map($$("form[method=post]:not(.conflict)").map((form) => [named(form), form]));
on("htmx:oobAfterSwap", ({ target }) => { if (target.id === "timeline") arrived(byName()); });

// Offer only input that is not on the page already; the page that resolves a conflict shows both versions itself. Input that the browser
// has restored after a failed submission must be visible, not hidden in a closed dialog.
const offer = () => {
  const toast = $("#unsent"), forms = byName();
  arrived(forms);
  const all = Object.entries(read(here())).filter(([name]) => forms.has(name));
  const waits = all.filter(([name, { fields }]) => words(fields) !== words(filledIn(forms.get(name))));
  for (const one of all) if (!waits.includes(one) && one[1].said !== undefined) reveal(forms.get(one[0]));
  toast.hidden = !waits.length;
  $("[data-files]", toast).hidden = !waits.some(([, { files }]) => files);
  $("[data-put-back]", toast).onclick = () => { toast.hidden = true; waits.forEach(([name, kept]) => putBack(forms.get(name), kept)); };
  $("[data-forget]", toast).onclick = () => { toast.hidden = true; waits.forEach(([name]) => forget(here(), name)); };
};
arrive();
const drawn = Date.now();
if (account) addEventListener("pageshow", ({ persisted }) => {
  if (persisted && tried(() => Number(localStorage.getItem(SIGNED_OUT))) > drawn) { location.reload(); return; } // another user's Back button
  if (persisted) arrive(true);
  offer();
});
