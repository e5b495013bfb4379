// The rail's counts: those known last are there at once, asked for with the page and every five seconds while it is looked at.
document.querySelector(".rail-body [aria-current]")?.scrollIntoView({ block: "nearest" });
const url = document.body.dataset.live;
const KEY = "careline-counts";
let shown = null;
const write = (counts) => {
  for (const place of document.querySelectorAll("[data-count]")) {
    const text = counts[place.dataset.count];
    if (text !== undefined && place.textContent !== text) place.textContent = text;
  }
};
const refresh = async () => {
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { counts } = await answer.json();
    write(counts);
    try { sessionStorage.setItem(KEY, JSON.stringify(counts)); } catch { /* they come with the next answer */ }
    const notices = Number.parseInt(counts.notices || 0, 10);
    if (shown !== null && notices > shown) document.querySelector("#announce").textContent = document.body.dataset.noticeWords;
    shown = notices;
  } catch { /* asked again soon */ }
};
if (url) {
  try { write(JSON.parse(sessionStorage.getItem(KEY)) || {}); } catch { /* none are known yet */ }
  refresh();
  setInterval(refresh, 5000);
  document.addEventListener("visibilitychange", refresh);
}
