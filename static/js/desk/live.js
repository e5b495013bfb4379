// The rail's counts: the last known ones are shown immediately; new ones are requested on load, then polled while the page is visible.
// Changes should be visible within five seconds, which leaves one second for the response. Saved views are counted separately.
const PAUSE = 4000; // ms from a response to the next request, unless the response asks for longer
const KEY = "careline-counts";
document.querySelector(".rail-body [aria-current]")?.scrollIntoView({ block: "nearest" }); // tabs.js has drawn the open tickets
let known = {}, shown = null;
const write = (counts) => {
  known = { ...known, ...counts };
  for (const place of document.querySelectorAll("[data-count]")) {
    const text = counts[place.dataset.count];
    if (text !== undefined && place.textContent !== text) place.textContent = text;
  }
};
const tell = (notices) => {
  if (shown !== null && notices > shown) say(document.body.dataset.noticeWords);
  shown = notices;
};
const refresh = async (url) => {
  const answer = await fetch(url, { headers: { Accept: "application/json", "HX-Request": "true" }, signal: AbortSignal.timeout(10000) });
  if (answer.status === 401) document.body.dispatchEvent(new CustomEvent("htmx:responseError", { bubbles: true, detail: { xhr: answer } })); // shown by careline.js
  const isThere = answer.status < 500 && answer.status !== 429;
  document.dispatchEvent(new CustomEvent(isThere ? "careline:reached" : "careline:unreached", { detail: answer.headers.get("Retry-After") }));
  if (!answer.ok) return PAUSE;
  const { counts, pause = 0 } = await answer.json();
  write(counts);
  try { sessionStorage.setItem(KEY, JSON.stringify(known)); } catch { /* they come with the next response */ }
  if (counts.notices !== undefined) tell(Number.parseInt(counts.notices || 0, 10));
  return Math.max(PAUSE, pause);
};
const isResting = () => Number(document.documentElement.dataset.rests ?? 0) > Date.now(); // connection.js
const follow = (url) => {
  let next;
  const ask = async () => {
    let pause = PAUSE;
    try {
      if (document.visibilityState === "visible" && !isResting()) pause = await refresh(url);
    } catch { document.dispatchEvent(new CustomEvent("careline:unreached")); }
    clearTimeout(next);
    next = setTimeout(ask, pause);
  };
  document.addEventListener("visibilitychange", ask);
  document.addEventListener("careline:back", ask);
  ask();
};
try { write(JSON.parse(sessionStorage.getItem(KEY)) || {}); } catch { /* none are known yet */ }
for (const place of document.querySelectorAll("[data-live]")) follow(place.dataset.live);
