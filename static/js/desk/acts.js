// An action is chosen from a list; the text field beside it is shown only if the action needs a text ("tag", not "assign:me").
const settle = (root = document) => {
  for (const select of root.querySelectorAll("select[data-act]")) {
    const said = select.parentElement.querySelector("[data-act-said]"); // shows the chosen option if the list is too narrow for it
    const words = select.selectedOptions[0]?.textContent ?? "";
    if (said) said.textContent = words.length > 36 ? words : "";
    const text = select.closest("[data-row-form], form")?.querySelector("[data-act-text]");
    if (!text) continue;
    const wanted = Boolean(select.value) && !select.value.includes(":");
    (text.closest(".field, .bulk-text") ?? text).hidden = !wanted;
    const called = text.dataset[select.value]; // the label of the text field
    if (called) { text.placeholder = called; for (const label of text.labels) label.textContent = called; }
    text.rows = wanted && /^(reply|note|ask)$/.test(select.value) ? 4 : 1;
  }
  const when = document.querySelector("select[name=when]");
  const hours = document.querySelector("input[name=hours]")?.closest(".field");
  if (when && hours) hours.hidden = !when.value.startsWith("time:");
};

document.addEventListener("change", () => settle());
document.addEventListener("htmx:load", () => settle());
settle();
