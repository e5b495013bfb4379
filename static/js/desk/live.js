// The rail's counts: those known last are there at once; they are asked for with the page, and again and again while it is looked at.
// What happens is to be seen within five seconds, so that one second is left for the answer. Saved views are counted by themselves.
const PAUSE = 4000; // ms from an answer to the next question
const KEY = "careline-counts";
document.querySelector(".rail-body [aria-current]")?.scrollIntoView({ block: "nearest" });
let known = {}, shown = null;
const write = (counts) => {
  known = { ...known, ...counts };
  for (const place of document.querySelectorAll("[data-count]")) {
    const text = counts[place.dataset.count];
    if (text !== undefined && place.textContent !== text) place.textContent = text;
  }
};
const refresh = async (url) => {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { counts } = await answer.json();
  write(counts);
  try { sessionStorage.setItem(KEY, JSON.stringify(known)); } catch { /* they come with the next answer */ }
  if (counts.notices === undefined) return;
  const notices = Number.parseInt(counts.notices || 0, 10);
  if (shown !== null && notices > shown) document.querySelector("#announce").textContent = document.body.dataset.noticeWords;
  shown = notices;
};
const follow = (url) => {
  let next;
  const ask = async () => {
    try {
      if (document.visibilityState === "visible") await refresh(url);
    } catch { /* asked again soon */ }
    clearTimeout(next);
    next = setTimeout(ask, PAUSE);
  };
  document.addEventListener("visibilitychange", ask);
  ask();
};
try { write(JSON.parse(sessionStorage.getItem(KEY)) || {}); } catch { /* none are known yet */ }
for (const place of document.querySelectorAll("[data-live]")) follow(place.dataset.live);
