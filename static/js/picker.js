// Asset pickers, on request forms and where a PBX is moved.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, handler) => document.addEventListener(type, handler);

// Rows are filtered while typing (digits match across spaces, and an X in a range matches any digit); the selection is announced.
// An incomplete list is filtered, too, while the server searches.
const holds = (text, digits) => (text.match(/\d[\d\s()./-]*x{0,3}/g) || []).some((written) => {
  const number = written.replace(/[^\dx]/g, "");
  for (let at = 0; at + digits.length <= number.length; at += 1) {
    if ([...digits].every((digit, n) => number[at + n] === digit || number[at + n] === "x")) return true;
  }
  return false;
});
const sought = (picker) => { // returns a predicate: does the row match the search?
  const wanted = $("[data-picker-filter]", picker).value.trim().toLowerCase();
  const digits = /^[+\d\s()/-]+$/.test(wanted) ? wanted.replace(/\D/g, "").replace(/^0+(?=\d)/, "") : "";
  return (row) => {
    const text = (row.dataset.row || row.textContent).toLowerCase();
    return text.includes(wanted) || Boolean(digits && holds(text, digits));
  };
};
const filterPicker = (input) => {
  const picker = input.closest("[data-picker]"), rows = $$("[data-row]", picker), isSought = sought(picker);
  for (const row of rows) row.hidden = !isSought(row);
  const shown = rows.filter((row) => !row.hidden).length;
  ($("[data-wait]", picker) || $("[data-none]", picker)).hidden = shown > 0;
  $$("li.picker-none", picker).forEach((line) => { line.hidden = !shown; });
  rove(picker);
  tellFound(picker);
};
// The number of matches is announced once, when typing pauses: a pending response would repeat it. Rows that are listed only because
// they are chosen do not count.
let telling = 0;
const tellFound = (picker) => {
  const place = $("[data-found]", picker);
  clearTimeout(telling);
  telling = setTimeout(() => {
    const isSought = sought(picker), shown = $$("[data-row]:not([hidden])", picker).filter((row) => !$(":checked", row) || isSought(row)).length;
    place.textContent = shown ? place.dataset.found.replace("%", shown) : $("[data-none]", picker).textContent;
  }, 1000);
};
const countPicker = (picker) => {
  const list = $("[data-chosen-list]", picker);
  if (!list) return;
  const chosen = $$("[data-row] input:checked", picker);
  const count = $("[data-chosen]", picker); // missing if there is nothing to choose
  if (count) count.textContent = chosen.length;
  list.hidden = !chosen.length;
  list.replaceChildren(...chosen.map((input) => {
    const row = $("[data-chosen-row]", picker).content.cloneNode(true);
    $("[data-untick]", row).value = input.value;
    $("span", row).textContent = $(".number", input.closest("label")).textContent;
    return row;
  }));
};
on("click", (event) => {
  const taken = event.target.closest("[data-untick]");
  if (!taken) return;
  const picker = taken.closest("[data-picker]"), place = $$("[data-untick]", picker).indexOf(taken);
  const input = $$("[data-row] input:checked", picker).find((one) => one.value === taken.value);
  input.checked = false;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  ($$("[data-untick]", picker).at(place) || $$("[data-untick]", picker).at(-1) || $("[data-picker-filter]", picker)).focus();
});
// Unavailable rows can be focused but not chosen, so that screen reader users learn the reason. A team lead may choose those whose rule
// can be overridden (data-yields), and is asked for a reason.
const REFUSED = "[data-row] [aria-disabled]";
const refuse = (picker) => {
  const mayFile = picker.closest("form")?.elements.namedItem("override_reason");
  for (const box of $$("[data-row] input:disabled", picker)) {
    box.disabled = false;
    if (!mayFile || !("yields" in box.dataset)) box.setAttribute("aria-disabled", "true");
  }
};
on("click", (event) => { if (event.target.matches(REFUSED)) event.preventDefault(); });
// The list is a single Tab stop (roving tabindex): the arrow keys move within it, and into it from the search. On radio buttons they
// also choose, as usual, except unavailable rows.
const BOX = ":is([data-row], .picker-any) :is([type=checkbox], [type=radio])";
const rove = (picker, here) => {
  const all = $$(`:is([data-row]:not([hidden]), .picker-any) input`, picker);
  const stop = all.includes(here) ? here : all.find((box) => box.type === "radio" && box.checked) // with several choices, chosen rows are listed above the matches
    ?? all.find((box) => !box.checked && !box.matches(REFUSED)) ?? all[0];
  for (const box of $$(BOX, picker)) box.tabIndex = box === stop ? 0 : -1;
  return all;
};
const STEPS = { ArrowDown: (at) => at + 1, ArrowUp: (at) => at - 1, Home: () => 0, End: (at, count) => count - 1 };
const TURNS = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" }; // radio buttons support these, too
on("focusin", ({ target }) => { if (target.matches(BOX)) rove(target.closest("[data-picker]"), target); });
on("focusout", ({ target }) => { if (target.matches(BOX) && target.type === "radio") rove(target.closest("[data-picker]")); }); // Tab returns to the chosen row
on("keydown", (event) => {
  const { target, altKey, ctrlKey, metaKey } = event, isSearch = target.matches("[data-picker-filter]"), isRow = target.matches(BOX), isOne = target.type === "radio";
  const key = (isOne && TURNS[event.key]) || event.key;
  if (altKey || ctrlKey || metaKey || (!(isRow && STEPS[key]) && !(isSearch && key === "ArrowDown"))) return;
  const all = rove(target.closest("[data-picker]"), target);
  const next = isSearch ? all.find((box) => box.tabIndex === 0) : all[STEPS[key](all.indexOf(target), all.length)];
  if (isRow || next) event.preventDefault();
  next?.focus();
  if (isRow && isOne && next && !next.checked) next.click();
});

// A link to a picker or rows focuses its first input: the whole list would be read out row by row.
on("click", (event) => {
  const target = document.getElementById(event.target.closest("a[href^='#']")?.hash.slice(1) ?? "");
  const first = target?.matches("[data-picker], [data-follows], [data-rows]") && $("input:not([type=hidden], [disabled]), select, textarea", target);
  if (first) { event.preventDefault(); first.focus(); }
});

// The picker's search requests rows, not the form's live answer: its events stop at the picker.
const searchPicker = (event) => { if (event.target.matches("[data-picker-filter]")) { event.stopPropagation(); filterPicker(event.target); } };
const readyPicker = (picker) => { picker.addEventListener("input", searchPicker); refuse(picker); countPicker(picker); rove(picker); };
on("keydown", (event) => { if (event.key === "Enter" && event.target.matches("[data-picker-filter]")) event.preventDefault(); });
on("change", (event) => {
  if (!event.target.closest("[data-row]")) return;
  const picker = event.target.closest("[data-picker]"), count = $(".picker-count", picker);
  countPicker(picker);
  if (count) say(count.textContent);
});

// Changes to the selection made while a response was pending are kept.
on("htmx:beforeSwap", (event) => {
  const picker = event.target.closest?.("[data-picker]");
  if (picker) picker.ticked = $$("[data-row]:has(:checked)", picker);
});
on("htmx:afterSwap", (event) => {
  const picker = event.target.closest?.("[data-picker]");
  if (!picker) return;
  const ticked = new Map(picker.ticked.map((row) => [$("input", row).value, row]));
  for (const input of $$("[data-row] input", picker)) { input.checked = ticked.has(input.value); ticked.delete(input.value); }
  $(".picker-list", picker).prepend(...ticked.values());
  $("[data-wait]", picker).hidden = true;
  refuse(picker);
  countPicker(picker);
  tellFound(picker);
  rove(picker, document.activeElement);
});

$$("[data-picker]").forEach(readyPicker);
on("htmx:load", (event) => $$("[data-picker]", event.detail.elt).forEach(readyPicker));
