// Behaviour that every page shares. Pages work without it; each part looks for its own data attribute.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, handler) => document.addEventListener(type, handler);
const page = document.documentElement;
const lang = page.lang || "en";

// A page that answers a form has the address of the page with the form (docs/decisions/0226), and one that has done what was asked is
// not sent again by a reload. Before all else: others read the address.
const sameOrigin = (text) => { const url = text && new URL(text); return url && url.origin === location.origin ? url : location; };
if ("posted" in page.dataset) {
  const { pathname, search } = sameOrigin(document.referrer);
  if (pathname !== location.pathname || $("[data-answered]")) history.replaceState(history.state, "", pathname + search);
}

// Theme: the button flips what is seen now and remembers it.
const isDark = () => (page.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
const flipTheme = () => {
  page.dataset.theme = isDark() ? "light" : "dark";
  try { localStorage.setItem("theme", page.dataset.theme); } catch { /* not remembered, still flipped */ }
};

// Copy: data-copy holds the text (a number without its spaces).
const copy = async (button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("is-done");
  say(button.dataset.copied || "Copied");
  setTimeout(() => button.classList.remove("is-done"), 1500);
};
const say = (text) => document.dispatchEvent(new CustomEvent("careline:say", { detail: text })); // see told.js

// Opening and closing: nav toggles, menus (details.menu), dialogs, toasts.
on("click", (event) => {
  let it, hit = (selector) => event.target.closest(selector);
  $$("details.menu[open]").forEach((menu) => menu.contains(event.target) || (menu.open = false));
  if (hit("[data-theme-toggle]")) flipTheme();
  else if (hit("[data-print]")) print();
  else if ((it = hit("[data-copy]"))) copy(it).catch(() => {});
  else if ((it = hit("[data-toggle]"))) {
    const open = $(`#${it.dataset.toggle}`).classList.toggle("is-open");
    it.setAttribute("aria-expanded", open);
  } else if ((it = hit("[popovertarget]:not([data-close])"))) { event.preventDefault(); $(`#${it.getAttribute("popovertarget")}`)?.showModal(); }
  else if ((it = hit("[data-close]"))) { event.preventDefault(); it.closest("dialog, .toast")?.matches("dialog") ? it.closest("dialog").close() : it.closest(".toast")?.remove(); }
});
on("keydown", (event) => {
  if (event.key === "Escape") $$("details.menu[open]").forEach((menu) => { menu.open = false; $("summary", menu).focus(); });
  const opener = event.key === "Escape" && !$("dialog[open]") && $("[data-toggle][aria-expanded=true]");
  if (opener && opener.checkVisibility()) { opener.click(); opener.focus(); }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form && event.target.matches("textarea")) {
    event.target.form.requestSubmit($("[data-default]:not([hidden])", event.target.form));
  }
});

// Rows of small forms: one is added from the template, any but the last is taken away; the live answer is asked again.
const countRows = (rows) => {
  const all = $$("[data-row-form]", rows);
  all.forEach((row) => { $("[data-remove-row]", row).hidden = all.length < 2; });
  $("[data-add-row]", rows).hidden = all.length >= Number(rows.dataset.most);
};
on("click", (event) => {
  const add = event.target.closest("[data-add-row]"), remove = event.target.closest("[data-remove-row]");
  const rows = (add || remove)?.closest("[data-rows]");
  if (!rows) return;
  if (add) {
    rows.dataset.next = Math.max(Number(rows.dataset.next || 0), $$("[data-row-form]", rows).length) + 1;
    const fresh = document.createElement("template");
    fresh.innerHTML = $("template", rows).innerHTML.replaceAll("__row__", rows.dataset.next);
    add.before(fresh.content);
    $("input, select, textarea", add.previousElementSibling).focus();
  } else remove.closest("[data-row-form]").remove();
  countRows(rows);
  rows.dispatchEvent(new Event("change", { bubbles: true }));
});

// A form that is sent once: its buttons rest until the answer, an error, or the way back.
const rest = (form, resting) => {
  for (const button of [...form.elements].filter((e) => e.type === "submit")) {
    if (resting && !button.disabled) { button.disabled = true; button.dataset.rested = ""; button.classList.add("is-busy"); }
    else if (!resting && "rested" in button.dataset) { button.disabled = false; delete button.dataset.rested; button.classList.remove("is-busy"); }
  }
};
const guarded = (form) => form.method === "post" && !form.matches("[data-many]");
on("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if ((event.submitter?.dataset.confirm ?? form.dataset.confirm) && !form.dataset.confirmed) { event.preventDefault(); askFirst(form, event.submitter); return; }
  delete form.dataset.confirmed;
  delete form.dataset.dirty;
  if (!guarded(form)) return;
  if ("sent" in form.dataset) { event.preventDefault(); return; }
  form.dataset.sent = "";
  setTimeout(() => rest(form, true)); // after the browser has read the pressed button's name and value
});
const release = (form) => { if (form?.matches?.("form")) { delete form.dataset.sent; rest(form, false); } };
on("careline:release", ({ target }) => release(target));
addEventListener("pageshow", () => $$("form").forEach(release));
on("htmx:afterRequest", (event) => { if (event.detail.requestConfig?.triggeringEvent?.type === "submit") release(event.detail.elt); });
let leaving = false; // what is still on its way is given up then, which is no news
addEventListener("beforeunload", () => { leaving = true; setTimeout(() => { leaving = false; }, 3000); });
const lost = ({ detail }) => { // one that could not be asked because the session has ended says so, until somebody has signed in again
  const isOut = detail?.xhr?.status === 401, notice = $(isOut ? "#signed-out" : "#lost");
  if (!notice || leaving || detail?.isTold) return;
  notice.hidden = false;
  if (!isOut) { setTimeout(() => { notice.hidden = true; }, 8000); return; }
  const link = $("a", notice);
  link.search = new URLSearchParams({ next: location.pathname + location.search });
  link.onclick = () => $$("form[data-dirty]").forEach((form) => delete form.dataset.dirty); // unsent.js keeps what is typed
};
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) on(name, lost);

// Nothing of an answer moves under a finger: one that comes while something beside the form is pressed is asked for again after the press.
let askedAgain = null; // the form whose answer came too early
on("htmx:beforeSwap", (event) => {
  if (!event.detail.target.closest("#answer")?.matches(":active")) return;
  event.detail.shouldSwap = false;
  askedAgain = event.detail.requestConfig.elt;
});
for (const end of ["pointerup", "pointercancel"]) {
  on(end, () => { if (askedAgain) htmx.trigger(askedAgain, "change"); askedAgain = null; });
}

// Where somebody is at work: what has the focus, was sent back with errors (or otherwise unsaved: data-typed), or holds what is not sent yet.
const isTyped = (field) => {
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.matches("select")) {
    const options = [...field.options];
    return options.some((one) => one.defaultSelected) ? options.some((one) => one.selected !== one.defaultSelected) : field.selectedIndex > 0;
  }
  return field.matches("[type=file]") ? field.files.length > 0 : field.value !== field.defaultValue;
};
const isFilledIn = (part) => $$("input, select, textarea", part).some(isTyped);
const isAtWork = (part) => part.matches(":focus-within") || Boolean($(".field-invalid, [data-typed]", part)) || isFilledIn(part);

// A form that the browser brings back filled in, by its back button or a reload, is asked about anew.
addEventListener("pageshow", () => $$("form[data-guard][hx-post]").filter(isFilledIn).forEach((form) => htmx.trigger(form, "change")));

// The live answer brings the send bar along, and articles; a page that asks for news its parts. What says the same stays, or a press on
// a button that has begun would be lost; an open article stays too, whatever fits by now; once the form is on its way nothing wakes the
// button. Where somebody is at work (data-calm) nothing changes, and what tells how much was seen (data-last) waits for all else.
let waits = false; // whether a part of this answer stays as it was
on("htmx:beforeSwap", () => { waits = false; });
// What asks by itself and was exchanged meanwhile puts nothing in: its successor asks again. No event of what has left the page reaches the document, so it listens itself.
const leave = ({ detail }) => { if (!detail.requestConfig?.elt?.isConnected) detail.shouldSwap = false; };
on("htmx:beforeRequest", (event) => {
  const { elt } = event.detail;
  if (elt.matches("[hx-trigger]:not(form, input)")) elt.addEventListener("htmx:beforeSwap", leave);
  if (document.hidden && elt.matches("[hx-trigger*=every]")) event.preventDefault(); // nobody looks: its next turn asks
});
on("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  const fresh = fragment.firstElementChild;
  const keyed = "key" in (fresh?.dataset ?? {});
  const same = keyed ? fresh.dataset.key === target.dataset.key : fresh?.innerHTML === (target.drawn ?? target.innerHTML);
  const calm = !same && (("calm" in target.dataset && isAtWork(target)) || ("last" in target.dataset && waits));
  waits ||= calm;
  if (same || calm || "sent" in (target.closest("form")?.dataset ?? {})) { event.detail.shouldSwap = false; return; }
  if (fresh?.dataset.say) say(fresh.dataset.say);
  if (fresh && "tells" in fresh.dataset) fresh.drawn = fresh.innerHTML; // before its dates are shown in the reader's clock
  for (const read of $$("details[open][id]", target)) {
    const again = $(`#${read.id}`, fresh);
    if (again) again.open = true;
    else if (keyed) { fresh.append(read); fresh.hidden = false; }
  }
});

// Dangerous forms, or one of their buttons, carry data-confirm="question", and data-consequence if it is another than that nothing can be undone: one native dialog asks, with the pressed button's own words.
const askFirst = (form, submitter) => {
  const dialog = $("#confirm");
  if (!dialog) { form.dataset.confirmed = ""; form.requestSubmit(submitter); return; }
  const { confirm, consequence: leadsTo } = submitter?.dataset.confirm ? submitter.dataset : form.dataset;
  $("[data-question]", dialog).textContent = confirm;
  const consequence = $("[data-consequence]", dialog);
  consequence.textContent = leadsTo ?? consequence.dataset.usual;
  const yes = $("[data-yes]", dialog);
  yes.textContent = submitter?.textContent.trim() || yes.textContent;
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue !== "yes") return;
    form.dataset.confirmed = "yes";
    if (!form.isConnected) { form.hidden = true; document.body.append(form); } // news has exchanged it meanwhile: the server says what holds now
    form.requestSubmit(submitter);
  };
  dialog.showModal();
};

// Unsent words: a form with data-guard asks before the page is left.
on("input", (event) => { const form = event.target.closest("form[data-guard]"); if (form) form.dataset.dirty = ""; });
addEventListener("beforeunload", (event) => { if ($("form[data-dirty]")) event.preventDefault(); });

// What merely confirms goes by itself; errors, and whatever is being read or pointed at, stay.
for (const toast of $$(".toast-success")) {
  const leave = () => setTimeout(() => (toast.matches(":hover, :focus-within") ? leave() : toast.remove()), 8000);
  leave();
}

// Dates: the absolute one is in the page, the relative one is written beside it and the exact one into the title. Clocks go by the reader's zone.
const units = [["year", 31557600], ["month", 2629800], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const dayOf = (at, isDate) => (isDate ? new Date(at).setUTCHours(0, 0, 0, 0) : new Date(at).setHours(0, 0, 0, 0)); // a date is one in UTC
const daysTo = (then, isDate) => Math.round((dayOf(then, isDate) - dayOf(Date.now(), isDate)) / 86400000);
const relative = (then, isDate, byDays = isDate) => {
  const told = (count, unit) => new Intl.RelativeTimeFormat(lang, { numeric: /day|minute/.test(unit) ? "auto" : "always" }).format(count, unit); // "last week" is another one
  let seconds = (then - Date.now()) / 1000;
  byDays ||= Math.abs(seconds) >= 86400; // Monday evening is tomorrow on a Sunday morning, not "in 2 days"
  if (byDays) seconds = daysTo(then, isDate) * 86400;
  for (const [unit, size] of units) if (Math.abs(seconds) >= size) return told(Math.round(seconds / size), unit);
  return byDays ? told(0, "day") : told(Math.round(seconds / 60), "minute");
};
const span = (seconds) => { // 18 hours
  const [unit, size] = units.find(([, size]) => seconds >= size) || units.at(-1);
  return new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(Math.max(1, Math.round(seconds / size)));
};
const left = (then) => { // 2 h 10 min, or the days that `relative` says of the same moment
  const seconds = Math.abs(then - Date.now()) / 1000;
  if (seconds >= 172800) return span(then < Date.now() ? seconds : daysTo(then) * 86400);
  const minutes = Math.max(1, Math.round(seconds / 60)), hours = Math.floor(minutes / 60);
  return hours ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${minutes} min`;
};
const dayFirst = lang === "en" ? "en-GB" : lang;
const shown = (date, options) => date.toLocaleString(dayFirst, options).replace(/\bSept\b/, "Sep"); // as the page itself writes it
const write = (element, text) => { if (element.textContent !== text) element.textContent = text; }; // what says the same is not told again
const showDates = (root = document) => {
  for (const time of $$("time[datetime]", root)) {
    const raw = time.getAttribute("datetime");
    const dayOnly = raw.length === 10;
    const then = new Date(raw);
    if (isNaN(then)) continue;
    const words = relative(then, dayOnly, dayOnly || time.dataset.format === "day");
    if ("clock" in time.dataset) write(time, shown(then, { dateStyle: "medium", timeStyle: "short" }));
    if (time.dataset.format === "day") write(time, shown(then, { day: "numeric", month: "short", year: "numeric", timeZone: dayOnly ? "UTC" : undefined }));
    if (time.dataset.due) {
      const seconds = (then - Date.now()) / 1000, near = Math.abs(seconds) < 518400; // within it the name of the day says which
      const clock = shown(then, { weekday: "short", hour: "2-digit", minute: "2-digit", ...(near ? {} : { day: "numeric", month: "short" }) });
      write(time, `${time.dataset[seconds < 0 ? "past" : "due"].replace("…", left(then))}, ${clock}`);
    }
    if (time.dataset.late) write(time, time.dataset.late.replace("…", span((Date.now() - then) / 1000)));
    else if ("countdown" in time.dataset) write(time, words);
    if ("countdown" in time.dataset) time.dataset.exact = shown(then, { dateStyle: "medium", timeStyle: "short" }); // on paper
    else if ("relative" in time.dataset) {
      let beside = time.nextElementSibling;
      if (!beside?.matches(".rel")) { beside = Object.assign(document.createElement("span"), { className: "rel" }); time.after(" ", beside); }
      write(beside, words);
    }
    time.title = dayOnly ? words : `${shown(then, { dateStyle: "full", timeStyle: "short" })} (${words})`;
  }
};

// Paper says when it was printed, and in which zone its clocks are.
addEventListener("beforeprint", () => {
  for (const printed of $$("[data-printed]")) {
    printed.hidden = false;
    $("time", printed).setAttribute("datetime", new Date().toISOString());
    $("[data-zone]", printed).textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
  showDates();
});

// A form that was sent and is come back to says so: sending it again would ask a second time. Firefox shows a page that it has kept what
// sessionStorage held when it was left: what was sent last is in localStorage, too, under the key of its form.
const kept = (key, value, store = "sessionStorage") => { try { return value === undefined ? window[store].getItem(key) : window[store].setItem(key, value); } catch { return null; } };
on("submit", (event) => { const once = $("[name=once]", event.target); if (once) kept(`sending:${location.pathname}`, once.value); });
const from = document.referrer && new URL(document.referrer).pathname, sending = from && kept(`sending:${from}`);
if (sending && /\/\d+\/$/.test(location.pathname)) {
  kept(`sending:${from}`, "");
  kept(`sent:${from}`, location.pathname);
  kept("careline-sent", `${sending} ${location.pathname}`, "localStorage");
}
addEventListener("pageshow", ({ persisted }) => {
  const notice = $("[data-sent]");
  if (!notice) return;
  if (!persisted && performance.getEntriesByType("navigation")[0]?.type !== "back_forward") {
    for (const key of ["sending", "sent"]) kept(`${key}:${location.pathname}`, ""); // an empty one, or one that was not taken
    return;
  }
  const [once, last] = (kept("careline-sent", undefined, "localStorage") ?? "").split(" ");
  const sent = kept(`sent:${location.pathname}`) || (once && once === $("[name=once]")?.value && last);
  if (!sent) return;
  $("[data-sent-link]", notice).href = sent;
  for (const other of [...$$("[data-unsent]"), notice]) other.hidden = other !== notice;
});

// Fresh content, whole page or a piece that htmx has put in.
const start = (root) => { showDates(root); $$("[data-rows]", root).forEach(countRows); };
const open = (root) => { // a dialog that comes to be read: fetched, or what was sent from it came back with an error
  const dialog = root.matches("dialog[data-open]") ? root : $("dialog[data-open]", root);
  if (dialog && !dialog.matches(":modal")) { dialog.open = false; dialog.showModal(); } // it may be open already for those without scripts
};
open(document.body);
const first = $(".error-summary") || $("[aria-invalid=true]:not([type=hidden])");
if (first) { if (first.matches(".error-summary")) first.tabIndex = -1; first.focus(); }
start(document);
setInterval(() => showDates(), 60000);
on("htmx:load", ({ detail: { elt } }) => {
  if (elt !== document.body) { start(elt); open(elt); return; } // all of the page has been started above
  const named = document.getElementById(location.hash.slice(1)); // a button that fetches, which the address names
  if (named?.matches("button[hx-get]")) { history.replaceState(history.state, "", location.pathname + location.search); named.click(); }
});
on("htmx:oobAfterSwap", (event) => start(event.target)); // the part that came, before it is drawn
