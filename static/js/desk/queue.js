// The queue: panels, preview, selecting rows. The rest of the page works without scripts.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, handler) => document.addEventListener(type, handler);

// Panels: links to separate pages open above the rows instead; the focus moves in and returns on closing.
let opener = null;
const openPanel = (link) => {
  opener = link;
  htmx.ajax("GET", link.getAttribute("href"), { target: "#panel", swap: "innerHTML" }).then(() => {
    $("#panel").scrollIntoView({ block: "nearest" });
    $("#panel :is(input:not([type=hidden]), select, button)")?.focus();
  });
};
// On a narrow screen groups of tick boxes are collapsed: the ticked values are shown next to the group's title.
const fold = (root) => {
  if (matchMedia("(max-width: 56.24rem)").matches) for (const group of $$("details[data-fold]", root)) group.open = false;
};
on("htmx:afterSwap", ({ target }) => { if (target.id === "panel") fold(target); });
const closePanel = () => { $("#panel").replaceChildren(); opener?.focus(); };

// Preview: the pane beside the rows shows one row's ticket, loaded each time.
let shown = null;
const showPane = (isShown) => { $("#peek").hidden = !isShown; $(".queue-split").classList.toggle("is-peeking", isShown); };
const peek = (row, goesIn) => {
  const pane = $("#peek");
  shown?.classList.remove("is-shown");
  if (shown === row && !pane.hidden) { closePeek(); return; }
  shown = row;
  row.classList.add("is-shown");
  htmx.ajax("GET", row.dataset.preview, { target: "#peek", swap: "innerHTML" }).then(() => {
    if (shown !== row) return; // closed, or another row chosen in the meantime
    showPane(true);
    pane.scrollTop = 0;
    if (goesIn || getComputedStyle(pane).position === "fixed") pane.focus(); // it covers the rows, so it takes the focus
    else say(`${pane.ariaLabel}: ${$("header", pane).textContent}`.replace(/\s+/g, " ")); // sighted users see it appear
  });
};
const closePeek = () => {
  showPane(false);
  shown?.classList.remove("is-shown");
  $(".subject a", shown ?? document)?.focus();
  shown = null;
};

// Selection: rows, the page, or all matching tickets. The form sends the numbers, or else the query.
const boxes = () => $$("input[name=numbers]");
const chosen = (count, matching) => {
  const bar = $("#bulk");
  $("[data-chosen-rows]", bar).textContent = count;
  const query = $("[data-matching]", bar);
  query.disabled = !matching;
  boxes().forEach((box) => { box.setAttribute("form", matching ? "" : "bulk"); });
};
let choices = 0; // counts selections: a late response about all matching tickets must not override a newer selection
const recount = () => {
  choices += 1;
  const ticked = boxes().filter((box) => box.checked).length;
  const page = $("[data-choose-page]");
  if (page) { page.checked = ticked > 0 && ticked === boxes().length; page.indeterminate = ticked > 0 && !page.checked; }
  chosen(ticked, false);
};
const chooseMatching = async (button) => {
  boxes().forEach((box) => { box.checked = true; });
  recount();
  const mine = choices;
  const count = await fetch(button.dataset.chooseMatching, { headers: { "HX-Request": "true" } }).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null);
  if (count === null) button.dispatchEvent(new Event("htmx:sendError", { bubbles: true }));
  else if (mine === choices) { chosen(count, true); say(button.dataset.words); }
};

on("click", (event) => {
  const hit = (selector) => event.target.closest(selector);
  let it;
  if ((it = hit("a[data-panel]")) && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); openPanel(it); }
  else if ((it = hit("#panel [data-panel-close]"))) { event.preventDefault(); closePanel(); }
  else if ((it = hit(".peek"))) peek(it.closest("tr"), true);
  else if (hit("[data-peek-close]")) closePeek();
  else if ((it = hit("[data-choose-matching]"))) chooseMatching(it);
});
on("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "Escape" && !$("#peek")?.hidden) closePeek();
  else if (event.key === "Escape" && event.target.closest("#panel")) closePanel();
  else if (event.key === " " && plain && !event.target.closest("input, textarea, select, button, summary, dialog, [contenteditable]")) {
    const row = event.target.closest("tr[data-preview]") ?? $("tr[data-preview]:hover");
    if (row) { event.preventDefault(); peek(row); }
  }
});
// While the pane is open it shows the focused row.
on("focusin", (event) => {
  const row = event.target.closest("tr[data-preview]");
  if (row && row !== shown && event.target.matches(".subject a") && $("#peek")?.hidden === false) peek(row);
});
on("change", (event) => {
  if (event.target.matches("[data-choose-page]")) boxes().forEach((box) => { box.checked = event.target.checked; });
  if (event.target.matches("[data-choose-page], input[name=numbers]")) recount();
});

// A filter form sends only filled-in fields, to keep URLs short.
on("submit", (event) => {
  if (!event.target.matches("[data-lean]")) return;
  for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
});
