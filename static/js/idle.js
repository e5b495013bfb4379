// A session that nobody uses ends (docs/decisions/0349). Its pages say so ten minutes before, and a press keeps it: WCAG 2.2.1. What another
// page of this browser has opened or sent counts for all of them.
const notice = document.querySelector("#idle"), { account } = document.documentElement.dataset;
const KEY = "careline-used", WARNED = 600000, LIFE = Number(notice?.dataset.hours) * 3600000; // ms
let used = Date.now(), from = null;
const last = () => { try { return Math.max(used, Number(localStorage.getItem(KEY))); } catch { return used; } };
const look = () => { notice.hidden = Date.now() - last() < LIFE - WARNED; };
const use = () => {
  used = Date.now();
  try { localStorage.setItem(KEY, used); } catch { /* this page knows it */ }
  look();
};
const stay = async ({ currentTarget }) => {
  const answer = await fetch(currentTarget.dataset.url, { headers: { Accept: "text/html" } }).catch(() => null);
  const isOut = answer?.redirected, isHere = notice.contains(document.activeElement);
  if (answer?.ok && !isOut) use();
  else document.dispatchEvent(new CustomEvent("htmx:responseError", { detail: { xhr: { status: isOut ? 401 : 0 } } })); // careline.js tells it
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
