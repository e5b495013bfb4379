// Idle sessions end (docs/decisions/0349). Pages warn ten minutes before, and a button keeps the session (WCAG 2.2.1). Activity in
// any page of this browser counts for all of them.
const notice = document.querySelector("#idle"), { account } = document.documentElement.dataset;
const KEY = "careline-used", WARNED = 600000, LIFE = Number(notice?.dataset.hours) * 3600000; // ms
let used = Date.now(), from = null;
const last = () => { try { return Math.max(used, Number(localStorage.getItem(KEY))); } catch { return used; } };
const look = () => { notice.hidden = Date.now() - last() < LIFE - WARNED; };
const use = () => {
  used = Date.now();
  try { localStorage.setItem(KEY, used); } catch { /* this page still knows */ }
  look();
};
const stay = async ({ currentTarget }) => {
  const answer = await fetch(currentTarget.dataset.url, { headers: { Accept: "text/html" } }).catch(() => null);
  const isOut = answer?.redirected, isHere = notice.contains(document.activeElement);
  if (answer?.ok && !isOut) use();
  else document.dispatchEvent(new CustomEvent("htmx:responseError", { detail: { xhr: { status: isOut ? 401 : 0 } } })); // careline.js shows the notice
  if (notice.hidden && isHere) from?.focus();
};
if (notice && account) {
  use();
  setInterval(look, 20000);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("htmx:afterRequest", ({ detail }) => { if (detail.successful && detail.requestConfig.verb === "post") use(); });
  notice.addEventListener("focusin", ({ relatedTarget }) => { if (!notice.contains(relatedTarget)) from = relatedTarget; });
  notice.querySelector("button").addEventListener("click", stay);
}
