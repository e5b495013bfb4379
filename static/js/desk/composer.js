// The composer of a ticket: suggestion lists opened by ::, ?? and @@, typing notifications, and replies being sent.
const $ = (selector, root = document) => root.querySelector(selector);
const form = $("#composer"), text = $("#composer-text"), list = $("#composer-list"), typing = $("#typing");
const LISTS = { "::": form?.dataset.canned, "??": form?.dataset.articles, "@@": form?.dataset.people };
let open = null; // {from, mark}: where the search words of the open list begin
let asking = new AbortController(); // aborts the pending request for suggestions
let coming = Promise.resolve(); // fulfilled when that request is answered or aborted

// The two marks and the words after them, up to the cursor, within one line.
const found = () => {
  const before = text.value.slice(0, text.selectionStart);
  const match = /(::|\?\?|@@)([^\n:?@]{0,40})$/.exec(before);
  if (!match || !LISTS[match[1]] || (match[1] === "@@" && !$("[value=note]", form).checked)) return null;
  return { from: match.index, mark: match[1], words: match[2] };
};

const shut = () => { asking.abort(); open = null; list.hidden = true; list.replaceChildren(); text.removeAttribute("aria-activedescendant"); text.removeAttribute("aria-controls"); };

const choose = (row) => {
  const end = text.selectionStart;
  text.setRangeText(row.dataset.text, open.from, end, "end");
  shut();
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
};

const mark = (row) => {
  for (const other of list.children) other.setAttribute("aria-selected", other === row);
  text.setAttribute("aria-activedescendant", row.id);
  row.scrollIntoView({ block: "nearest" });
};

const show = (rows) => {
  list.replaceChildren(...rows.map((row, place) => {
    const item = Object.assign(document.createElement("li"), { id: `suggestion-${place}`, role: "option" });
    item.setAttribute("role", "option");
    item.dataset.text = row.text;
    item.append(Object.assign(document.createElement("b"), { textContent: row.title }));
    if (row.hint) item.append(Object.assign(document.createElement("span"), { className: "hint", textContent: row.hint }));
    return item;
  }));
  list.hidden = !rows.length;
  text.setAttribute("aria-controls", "composer-list");
  if (rows.length) mark(list.firstElementChild);
};

// Suggestions for the words after the marks; a newer request aborts the previous one, as does closing the list.
const suggest = async () => {
  asking.abort();
  const place = found();
  if (!place) { if (open) shut(); return; }
  open = place;
  asking = new AbortController();
  const url = new URL(LISTS[place.mark], location.href);
  url.searchParams.set("q", place.words.trim());
  url.searchParams.set("ticket", location.pathname.match(/\d+/)?.[0] ?? "");
  const question = fetch(url, { headers: { Accept: "application/json" }, signal: asking.signal });
  const answer = await question.then((response) => (response.ok ? response.json() : null)).catch(() => null);
  if (answer) show(answer.rows ?? []);
};

// Enter before the list has arrived chooses from the suggestions for everything typed so far, unless typing continues.
const chooseMarked = async () => {
  const mine = coming;
  await mine;
  const row = $("[aria-selected=true]", list);
  if (mine === coming && open && row) choose(row);
};

// Saved drafts are announced once: a live region would announce them, with the time, at every pause in typing.
let isKept = Boolean($("#draft-state time"));
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id !== "draft-state") return;
  const words = $("time", target) && target.firstChild.textContent.trim();
  if (words && !isKept) say(words);
  isKept = Boolean(words);
});

if (form) {
  let rest;
  text.addEventListener("input", () => {
    if (!typing.value) { typing.value = "1"; htmx.trigger("#live", "look"); } // others are notified immediately
    clearTimeout(rest);
    rest = setTimeout(() => { typing.value = ""; }, 6000);
    coming = suggest();
  });
  text.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const now = $("[aria-selected=true]", list);
    const next = { ArrowDown: now?.nextElementSibling ?? list.firstElementChild, ArrowUp: now?.previousElementSibling ?? list.lastElementChild }[event.key];
    if (next) mark(next);
    else if ((event.key === "Enter" || event.key === "Tab") && now) chooseMarked();
    else if (event.key === "Escape") shut();
    else return;
    event.preventDefault();
  });
  // A text that is being sent is not saved as a draft as well: it would be in the composer again, and be sent twice.
  text.addEventListener("htmx:beforeRequest", (event) => { if ("sent" in form.dataset) event.preventDefault(); });
  text.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== text) shut(); }, 150)); // unless the focus has returned
  list.addEventListener("mousedown", (event) => { const row = event.target.closest("li"); if (row) { event.preventDefault(); choose(row); } });

  // The kind of message is part of the draft.
  form.addEventListener("change", (event) => { if (event.target.matches("[name=kind], [name=set_status]") && text.value.trim()) htmx.trigger(text, "input"); });
}

// Changed parts are replaced immediately (desk/ticket/_live.html); for a part in use, a notice is shown instead.
document.addEventListener("htmx:afterOnLoad", ({ target }) => { if (target.matches("#changed > [hidden]")) target.hidden = false; });

// The confirmation of a merge names the ticket whose number was typed, with its title from the field's list.
document.addEventListener("input", ({ target: field }) => {
  const button = field.list && $("[data-names]", field.form), number = field.value.trim().replace(/^#/, "");
  const called = button && [...field.list.options].find((one) => one.value === number);
  if (button) button.dataset.confirm = button.dataset.names.replace("…", () => (called ? `#${number} ${called.text}` : `#${number}`));
});

// Replies being sent: show the remaining seconds, then refresh the timeline.
const tick = () => {
  for (const toast of document.querySelectorAll("[data-send-at]")) {
    const left = Math.ceil((new Date(toast.dataset.sendAt) - Date.now()) / 1000);
    const clock = $("[data-left]", toast);
    if (left > 0 && clock) { clock.textContent = `${left}\u00a0s`; continue; }
    if (left < -3) { toast.remove(); if ($("#live")) htmx.trigger("#live", "look"); continue; }
    if (!$("[data-undo]", toast)) continue; // already announced
    $("[data-undo]", toast).remove();
    $("p", toast).textContent = toast.dataset.gone;
  }
  if ($("[data-send-at]")) setTimeout(tick, 500);
};
tick();
