// The live answer beside a form decides which fields apply. A field that does not apply to the answers so far is hidden;
// without scripts, all are shown. The focused field is never hidden.
const $$ = (selector) => [...document.querySelectorAll(selector)];
const fields = () => {
  for (const field of $$(".field[data-unasked]")) { field.hidden = false; delete field.dataset.unasked; }
  for (const name of (document.getElementById("verdict")?.dataset.unasked ?? "").split(" ").filter(Boolean)) {
    const field = document.getElementById(`id_${name}`)?.closest(".field");
    if (field && !field.contains(document.activeElement)) { field.hidden = true; field.dataset.unasked = ""; }
  }
};
document.addEventListener("htmx:oobAfterSwap", ({ target }) => { if (target.id === "verdict") fields(); });
fields();
