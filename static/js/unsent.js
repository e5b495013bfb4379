// Words that were typed and not sent stay in this tab, under the account and the address of their page, until the server has taken
// them: neither an ended session nor an error loses them, and their page offers them again (docs/decisions/0244).
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, handler) => document.addEventListener(type, handler);
const OURS = "careline-unsent:", SIGNED_OUT = "careline-signed-out", ANSWERED = "careline-answered", TAKEN = "careline-taken";
const { account } = document.documentElement.dataset; // nobody's page keeps nothing: sign-in, errors
const here = () => `${OURS}${account}:${location.pathname}${location.search}`;

// Storage may be forbidden or full: then nothing is kept.
const tried = (act) => { try { return act(); } catch { return null; } };
const read = (key) => tried(() => JSON.parse(sessionStorage.getItem(key))) ?? {};
const write = (key, forms) => tried(() => (Object.keys(forms).length ? sessionStorage.setItem(key, JSON.stringify(forms)) : sessionStorage.removeItem(key)));
const ours = () => tried(() => Object.keys(sessionStorage).filter((key) => key.startsWith(OURS))) ?? [];
const forget = (key, name) => { const { [name]: _gone, ...others } = read(key); write(key, others); };

// What of a form is kept: what a person fills in, but no secret. A page tells its forms apart by where they are sent, and their order.
const place = (form) => `${form.getAttribute("id") ?? ""} ${form.getAttribute("action") ?? ""}`;
const named = (form) => `${place(form)} ${$$("form[method=post]").filter((other) => place(other) === place(form) && [...other.elements].some(isKept)).indexOf(form)}`;
const isKept = (field) => field.name && !field.disabled && field.type && !/^(hidden|password|file|submit|button|reset|search|fieldset)$/.test(field.type) && field.autocomplete !== "one-time-code";
const isTick = (field) => /^(checkbox|radio)$/.test(field.type);
const values = (field) => (field.type === "select-multiple" ? [...field.selectedOptions].map(({ value }) => value) : [field.value]);
const filledIn = (form) => [...form.elements].filter((field) => isKept(field) && (!isTick(field) || field.checked))
  .flatMap((field) => values(field).map((value) => [field.name, value]));
// What is empty says nothing, and a row that was left empty is gone when the page comes back, and the others are counted anew.
const words = (fields) => JSON.stringify(fields.filter(([, value]) => value.trim())
  .map(([name, value]) => [name.replace(/-\d+-/, "-"), value.replaceAll("\r\n", "\n").trim()]));

// What makes it one request, also if it has reached us and only the answer was lost; and what was there when it was typed, so that what a
// colleague has made of it meanwhile is met, not overwritten.
const meant = (form) => $$("[type=hidden]:is([name=once], [name^=seen_])", form);

// How often the conversation, or what is on its way to it, has the words that stand in a form.
const text = (form) => $("textarea[name=text]", form)?.value.replace(/\s+/g, " ").trim();
const said = (form) => $$("#timeline .event-text, [data-words]")
  .filter((one) => (one.dataset.words ?? one.textContent).replace(/\s+/g, " ").trim() === text(form)).length;

let isOver = false; // signed out: nothing is kept any more
const keep = (form, isSent = false) => {
  if (isOver || !account || !form.isConnected) return;
  const fields = filledIn(form), files = $$("[type=file]", form).some((input) => input.files.length);
  if (!fields.some(([, value]) => value.trim())) { forget(here(), named(form)); return; }
  const about = Object.fromEntries(meant(form).map(({ name, value }) => [name, value]));
  write(here(), { ...read(here()), [named(form)]: { fields, files, about, ...(isSent && { isSent, said: said(form), id: `${Date.now()}` }) } });
};

// While somebody types, where there is much to lose: a guarded form, or one with sentences. Of every other form when it is sent.
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
  if (defaultPrevented && read(here())[named(target)]?.isSent) return; // the second click of two: it is on its way
  keep(target, !defaultPrevented);
});
on("htmx:afterRequest", ({ detail: { elt, successful, requestConfig } }) => {
  if (successful && requestConfig?.triggeringEvent?.type === "submit" && elt.matches("form")) forget(here(), named(elt));
});

// What a browser cannot read in a field, like 31 February, it sends as nothing, and the page would come back without it.
addEventListener("submit", (event) => {
  const unread = [...event.target.elements].find((field) => field.validity?.badInput);
  if (!unread) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  unread.reportValidity();
}, true);

// Signing out forgets, in every tab; so does somebody else who signs in.
const signOut = () => { isOver = true; ours().forEach((key) => sessionStorage.removeItem(key)); };
addEventListener("storage", ({ key }) => { if (key === SIGNED_OUT) signOut(); });

// What was sent is taken once the page that the server leads to is there; a page without an account, or an error, did not take it.
// Firefox shows a page that it has kept what sessionStorage held when it was left: what was taken last is told by localStorage, too.
const taken = () => tried(() => JSON.parse(localStorage.getItem(TAKEN))) ?? [];
const arrive = (isBack = false) => {
  const [{ redirectCount, responseStatus = 0, type } = {}] = performance.getEntriesByType("navigation");
  const to = tried(() => new URL(sessionStorage.getItem(ANSWERED))); // who uploaded by script is led here by it
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

// Rows are added until there are as many; theirs may have other numbers by now.
const numbered = (fields, rows) => {
  const start = $("template", rows).content.querySelector("[name]").name.split("__row__")[0];
  const row = (name) => (name.startsWith(start) ? /^\d+/.exec(name.slice(start.length))?.[0] : undefined);
  const were = [...new Set(fields.map(([name]) => row(name)).filter(Boolean))];
  const all = () => $$("[data-row-form]", rows);
  while (all().length < were.length && !$("[data-add-row]", rows).hidden) $("[data-add-row]", rows).click();
  const are = all().map((one) => row($("[name]", one).name));
  return fields.map(([name, value]) => [row(name) ? name.replace(start + row(name), start + (are[were.indexOf(row(name))] ?? row(name))) : name, value]);
};
// What was chosen from a list that shows only a part comes from the server again.
const fetched = async (fields, picker) => {
  const search = $("[hx-get]", picker), name = $("[data-row] input", picker)?.name;
  const missing = fields.filter(([of, value]) => of === name && !$$("[data-row] input", picker).some((input) => input.value === value));
  if (!search || !missing.length) return;
  const url = new URL(search.getAttribute("hx-get"), location.href);
  missing.forEach(([of, value]) => url.searchParams.append(of, value));
  const text = await fetch(url, { headers: { "HX-Request": "true" } }).then((answer) => (answer.ok ? answer.text() : ""), () => "");
  const rows = $$("[data-row]", new DOMParser().parseFromString(text, "text/html")).filter((row) => missing.some(([, value]) => value === $("input", row)?.value));
  rows.forEach((row) => { $("input", row).checked = false; }); // ticking it tells the page
  $(".picker-list", picker).prepend(...rows);
};
const fill = (field, given) => {
  if (isTick(field)) { field.checked = given.includes(field.value); return; }
  if (field.matches("select")) { for (const option of field.options) option.selected = given.includes(option.value); return; }
  const before = given.shift() ?? "", now = field.value;
  const isNew = field.matches("textarea") && now.trim() && now !== field.defaultValue && !before.includes(now.trim());
  field.value = isNew ? `${before}\n\n${now}` : before; // what was typed meanwhile stays, too
};
// Fields that are listed by what was chosen in another one come with the answer to that.
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

// What reached us though its answer did not stands in the conversation: it is not to be sent again.
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

// Offered is what is not in the page anyway; where two have changed the same, the page of the choice shows both. What the browser has brought
// back by itself, after it was sent and not taken, is to be seen, too, and not only to stand in a dialog that is shut.
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
  if (persisted && tried(() => Number(localStorage.getItem(SIGNED_OUT))) > drawn) { location.reload(); return; } // the next person's Back button
  if (persisted) arrive(true);
  offer();
});
