// The live answer beside a form: which fields of the form play a part in it. A field that plays none in what is answered so far is not shown;
// without scripts all are. What has the focus stays where it is.
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
