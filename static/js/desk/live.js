// The rail's counts stay true while the page is looked at: asked every five seconds, written where they stand.
document.querySelector(".rail-body [aria-current]")?.scrollIntoView({ block: "nearest" });
const url = document.body.dataset.live;
let shown = null;
const refresh = async () => {
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { counts } = await answer.json();
    for (const place of document.querySelectorAll("[data-count]")) {
      const text = counts[place.dataset.count];
      if (text !== undefined && place.textContent !== text) place.textContent = text;
    }
    if (shown !== null && Number.parseInt(counts.notices || 0, 10) > shown) {
      document.querySelector("#announce").textContent = document.body.dataset.noticeWords;
    }
    shown = Number.parseInt(counts.notices || 0, 10);
  } catch { /* asked again soon */ }
};
if (url) {
  setInterval(refresh, 5000);
  document.addEventListener("visibilitychange", refresh);
}
