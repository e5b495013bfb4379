// Behaviour shared by all pages. Pages work without it; each part looks for its own data attribute.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, handler) => document.addEventListener(type, handler);
const page = document.documentElement;
const lang = page.lang || "en";

// The response to a form gets the URL of the form's page (docs/decisions/0226), so that a reload does not submit a completed form
// again. This runs first, as other parts read the URL.
const sameOrigin = (text) => { const url = text && new URL(text); return url && url.origin === location.origin ? url : location; };
if ("posted" in page.dataset) {
  const { pathname, search } = sameOrigin(document.referrer);
  if (pathname !== location.pathname || $("[data-answered]")) history.replaceState(history.state, "", pathname + search);
}

// Theme: the button switches the current theme and remembers the choice.
const isDark = () => (page.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
const flipTheme = () => {
  page.dataset.theme = isDark() ? "light" : "dark";
  try { localStorage.setItem("theme", page.dataset.theme); } catch { /* switched, but not remembered */ }
};

// Copy: data-copy has the text (a number without its spaces).
const copy = async (button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("is-done");
  say(button.dataset.copied || "Copied");
  setTimeout(() => button.classList.remove("is-done"), 1500);
};

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
    event.target.form.requestSubmit($$("[data-default]", event.target.form).find((button) => button.checkVisibility()));
  }
});

// Rows of small forms: rows are added from the template and removed down to the last one; the live answer is then requested again.
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

// Prevent double submission: a form's buttons are disabled until a response, an error or the Back button.
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
let leaving = false; // requests aborted by leaving the page are not reported
addEventListener("beforeunload", () => { leaving = true; setTimeout(() => { leaving = false; }, 3000); });
const lost = ({ detail }) => { // after the session has ended, the notice stays until the user signs in again
  const isOut = detail?.xhr?.status === 401, notice = $(isOut ? "#signed-out" : "#lost");
  if (!notice || leaving || detail?.isTold) return;
  notice.hidden = false;
  if (!isOut) { setTimeout(() => { notice.hidden = true; }, 8000); return; }
  const link = $("a", notice);
  link.search = new URLSearchParams({ next: location.pathname + location.search });
  link.onclick = () => $$("form[data-dirty]").forEach((form) => delete form.dataset.dirty); // unsent.js keeps the input
};
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) on(name, lost);

// Nothing moves under a finger: a live answer that arrives while something beside the form is pressed is requested again afterwards.
let askedAgain = null; // the form whose answer arrived during the press
on("htmx:beforeSwap", (event) => {
  if (!event.detail.target.closest("#answer")?.matches(":active")) return;
  event.detail.shouldSwap = false;
  askedAgain = event.detail.requestConfig.elt;
});
for (const end of ["pointerup", "pointercancel"]) {
  on(end, () => { if (askedAgain) htmx.trigger(askedAgain, "change"); askedAgain = null; });
}

// A part is in use if it has the focus, errors or other unsaved input from the server (data-typed), or unsent input.
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

// A form that the browser restores with its input, after Back or a reload, requests a new live answer.
addEventListener("pageshow", () => $$("form[data-guard][hx-post]").filter(isFilledIn).forEach((form) => htmx.trigger(form, "change")));

// A live answer includes the send bar and articles; a page that polls for news gets its parts. Unchanged parts are not replaced, or a
// button press in progress would be lost; an open article stays, even if others match now; once the form is submitted, nothing enables
// its button. Parts in use (data-calm) do not change, and the marker of the last event seen (data-last) waits for all other parts.
let waits = false; // whether a part of this response was not swapped in
on("htmx:beforeSwap", () => { waits = false; });
// A polling element replaced in the meantime swaps nothing in: its successor polls again. Events of removed elements do not reach the document, so the element listens itself.
const leave = ({ detail }) => { if (!detail.requestConfig?.elt?.isConnected) detail.shouldSwap = false; };
on("htmx:beforeRequest", (event) => {
  const { elt } = event.detail;
  if (elt.matches("[hx-trigger]:not(form, input)")) elt.addEventListener("htmx:beforeSwap", leave);
  if (document.hidden && elt.matches("[hx-trigger*=every]")) event.preventDefault(); // not visible: the next poll will ask
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
  if (fresh && "tells" in fresh.dataset) fresh.drawn = fresh.innerHTML; // before its dates are converted to local time
  for (const read of $$("details[open][id]", target)) {
    const again = $(`#${read.id}`, fresh);
    if (again) again.open = true;
    else if (keyed) { fresh.append(read); fresh.hidden = false; }
  }
});

// Forms or buttons that need it have data-confirm="question", and data-consequence unless it is "cannot be undone": one native dialog asks, with a button like the pressed one: red only if that rejects or removes.
const askFirst = (form, submitter) => {
  const dialog = $("#confirm");
  if (!dialog) { form.dataset.confirmed = ""; form.requestSubmit(submitter); return; }
  const { confirm, consequence: leadsTo } = submitter?.dataset.confirm ? submitter.dataset : form.dataset;
  $("[data-question]", dialog).textContent = confirm;
  const consequence = $("[data-consequence]", dialog);
  consequence.textContent = leadsTo ?? consequence.dataset.usual;
  const yes = $("[data-yes]", dialog);
  yes.textContent = submitter?.textContent.trim() || yes.textContent;
  yes.className = submitter?.matches(".btn-danger, .btn-danger-quiet") ? "btn btn-danger" : "btn btn-primary";
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue !== "yes") return;
    form.dataset.confirmed = "yes";
    if (!form.isConnected) { form.hidden = true; document.body.append(form); } // replaced by polling in the meantime: the server decides what is still possible
    form.requestSubmit(submitter);
  };
  dialog.showModal();
};

// Unsent input: a form with data-guard asks for confirmation before the page is left.
on("input", (event) => { const form = event.target.closest("form[data-guard]"); if (form) form.dataset.dirty = ""; });
addEventListener("beforeunload", (event) => { if ($("form[data-dirty]")) event.preventDefault(); });

// Success messages disappear by themselves; errors, and any message with the pointer or focus, stay.
for (const toast of $$(".toast-success")) {
  const leave = () => setTimeout(() => (toast.matches(":hover, :focus-within") ? leave() : toast.remove()), 8000);
  leave();
}

// Dates: the page has the absolute date; the relative one is added beside it and the exact one as the title. Times are in the reader's time zone.
const units = [["year", 31557600], ["month", 2629800], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const dayOf = (at, isDate) => (isDate ? new Date(at).setUTCHours(0, 0, 0, 0) : new Date(at).setHours(0, 0, 0, 0)); // dates are in UTC
const daysTo = (then, isDate) => Math.round((dayOf(then, isDate) - dayOf(Date.now(), isDate)) / 86400000);
const relative = (then, isDate, byDays = isDate) => {
  const told = (count, unit) => new Intl.RelativeTimeFormat(lang, { numeric: /day|minute/.test(unit) ? "auto" : "always" }).format(count, unit); // "last week" means something else
  let seconds = (then - Date.now()) / 1000;
  byDays ||= Math.abs(seconds) >= 86400; // on Sunday morning, Monday evening is "tomorrow", not "in 2 days"
  if (byDays) seconds = daysTo(then, isDate) * 86400;
  for (const [unit, size] of units) if (Math.abs(seconds) >= size) return told(Math.round(seconds / size), unit);
  return byDays ? told(0, "day") : told(Math.round(seconds / 60), "minute");
};
const span = (seconds) => { // 18 hours
  const [unit, size] = units.find(([, size]) => seconds >= size) || units.at(-1);
  return new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(Math.max(1, Math.round(seconds / size)));
};
const left = (then) => { // 2 h 10 min, or the number of days as in `relative`
  const seconds = Math.abs(then - Date.now()) / 1000;
  if (seconds >= 172800) return span(then < Date.now() ? seconds : daysTo(then) * 86400);
  const minutes = Math.max(1, Math.round(seconds / 60)), hours = Math.floor(minutes / 60);
  return hours ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${minutes} min`;
};
const dayFirst = lang === "en" ? "en-GB" : lang;
const shown = (date, options) => date.toLocaleString(dayFirst, options).replace(/\bSept\b/, "Sep"); // as the server writes it
const write = (element, text) => { if (element.textContent !== text) element.textContent = text; }; // avoid repeated announcements
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
      const seconds = (then - Date.now()) / 1000, near = Math.abs(seconds) < 518400; // less than six days away: the weekday is enough
      const clock = shown(then, { weekday: "short", hour: "2-digit", minute: "2-digit", ...(near ? {} : { day: "numeric", month: "short" }) });
      write(time, `${time.dataset[seconds < 0 ? "past" : "due"].replace("…", left(then))}, ${clock}`);
    }
    if (time.dataset.late) write(time, time.dataset.late.replace("…", span((Date.now() - then) / 1000)));
    else if ("countdown" in time.dataset) write(time, words);
    if ("countdown" in time.dataset || time.dataset.due) time.dataset.exact = shown(then, { dateStyle: "medium", timeStyle: "short" }); // on paper
    else if ("relative" in time.dataset) {
      let beside = time.nextElementSibling;
      if (!beside?.matches(".rel")) { beside = Object.assign(document.createElement("span"), { className: "rel" }); time.after(" ", beside); }
      write(beside, words);
    }
    time.title = dayOnly ? words : `${shown(then, { dateStyle: "full", timeStyle: "short" })} (${words})`;
  }
};

// Printed pages state when they were printed and the time zone.
addEventListener("beforeprint", () => {
  for (const printed of $$("[data-printed]")) {
    printed.hidden = false;
    $("time", printed).setAttribute("datetime", new Date().toISOString());
    $("[data-zone]", printed).textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
  showDates();
});

// Returning to a submitted form shows a notice, as submitting it again would create a second request. Firefox restores a cached page with
// the sessionStorage it had when it was left, so the last submission is also in localStorage, with the form's key.
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
    for (const key of ["sending", "sent"]) kept(`${key}:${location.pathname}`, ""); // a new form, or a submission that was not accepted
    return;
  }
  const [once, last] = (kept("careline-sent", undefined, "localStorage") ?? "").split(" ");
  const sent = kept(`sent:${location.pathname}`) || (once && once === $("[name=once]")?.value && last);
  if (!sent) return;
  $("[data-sent-link]", notice).href = sent;
  for (const other of [...$$("[data-unsent]"), notice]) other.hidden = other !== notice;
});

// New content: a whole page or a part swapped in by htmx.
const start = (root) => { showDates(root); $$("[data-rows]", root).forEach(countRows); };
const open = (root) => { // a dialog to open at once: fetched, or shown again with an error
  const dialog = root.matches("dialog[data-open]") ? root : $("dialog[data-open]", root);
  if (dialog && !dialog.matches(":modal")) { dialog.open = false; dialog.showModal(); } // it may already be open, for pages without scripts
};
open(document.body);
const first = $(".error-summary") || $("[aria-invalid=true]:not([type=hidden])");
if (first) { if (first.matches(".error-summary")) first.tabIndex = -1; first.focus(); }
start(document);
setInterval(() => showDates(), 60000);
on("htmx:load", ({ detail: { elt } }) => {
  if (elt !== document.body) { start(elt); open(elt); return; } // the whole page was started above
  const named = document.getElementById(location.hash.slice(1)); // a button that loads content, named by the URL
  if (named?.matches("button[hx-get]")) { history.replaceState(history.state, "", location.pathname + location.search); named.click(); }
});
on("htmx:oobAfterSwap", (event) => start(event.target)); // the new part, before it is painted
