// Connection state. While the server does not respond, polling backs off exponentially, or for the time a 503 states; the page
// shows a notice with the time of its content, and resumes once the connection is back (docs/decisions/0370).
const on = (type, handler) => document.addEventListener(type, handler);
const page = document.documentElement, notice = document.querySelector("#away");
const FIRST = 3000, MOST = 60000, PATIENCE = 600; // ms; of a Retry-After, s
const TYPED = /^(input|change|keyup|back)$/;
let misses = 0, rests = 0, news = Date.now(); // consecutive failures; no polling before; time of the last response
const unheard = new Set(); // elements whose input was not received: sent again

const isPoll = (elt) => Boolean(elt?.matches?.("[hx-trigger*=every]"));
const isAway = () => misses > 1 || (misses > 0 && !navigator.onLine); // ignore a single failure
const rest = (until) => { rests = until; page.dataset.rests = until; };
const show = () => {
  if (!notice || notice.hidden !== isAway()) return;
  const time = notice.querySelector("time"), at = new Date(news);
  time.textContent = at.toLocaleTimeString(page.lang === "en" ? "en-GB" : page.lang, { hour: "2-digit", minute: "2-digit" });
  time.dateTime = at.toISOString();
  notice.hidden = !isAway();
};
const heard = () => {
  news = Date.now();
  if (!misses) return;
  misses = 0;
  rest(0);
  show();
  document.dispatchEvent(new Event("careline:back"));
  for (const elt of unheard) if (elt.isConnected) htmx.trigger(elt, "back");
  unheard.clear();
};
// Jitter spreads the retries of many clients; simultaneous failures count once. A server that sends Retry-After is certainly away.
const missed = (after = 0) => {
  const pause = Math.max(Math.min(after, PATIENCE) * 1000, Math.min(FIRST * 2 ** misses, MOST)) * (1 + Math.random() / 4);
  if (Date.now() >= rests) { misses += after ? 2 : 1; rest(Date.now() + pause); }
  show();
};
const patience = (text) => (text && Number(text)) || Math.max(0, (Date.parse(text) - Date.now()) / 1000) || 0; // seconds or an HTTP date

on("htmx:beforeRequest", (event) => { if (isPoll(event.detail.elt) && Date.now() < rests) event.preventDefault(); });
const failed = ({ detail }) => {
  const { elt, xhr, requestConfig } = detail ?? {};
  if (!requestConfig) return;
  if (xhr?.status && xhr.status < 500 && xhr.status !== 429) { heard(); return; } // a response, even if an error
  const isTyped = TYPED.test(requestConfig.triggeringEvent?.type);
  if (isPoll(elt) || (isTyped && !xhr?.status)) missed(patience(xhr?.getResponseHeader("Retry-After")));
  if (isTyped) unheard.add(elt);
  detail.isTold = isPoll(elt) || (isTyped && isAway());
};
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) on(name, failed);
on("htmx:afterRequest", ({ detail }) => { if (detail.successful) { unheard.delete(detail.elt); heard(); } });
on("careline:reached", heard);
on("careline:unreached", ({ detail }) => missed(patience(detail)));

// The browser reports some connection changes: test the connection immediately. A page that becomes visible again polls without waiting.
const knock = () => fetch(location.href, { method: "HEAD", headers: { "HX-Request": "true" }, cache: "no-store", signal: AbortSignal.timeout(10000) })
  .then((answer) => (answer.status < 500 ? heard() : missed(patience(answer.headers.get("Retry-After")))), () => missed());
addEventListener("offline", knock);
addEventListener("online", () => { if (misses) setTimeout(() => { rest(0); knock(); }, Math.random() * 1000); });
on("visibilitychange", () => { if (!document.hidden) rest(0); });

// Submitting a form while offline would show the browser's error page: keep the page and its input instead.
addEventListener("submit", (event) => {
  const { target } = event;
  if (target.method !== "post" || navigator.onLine || !isAway()) return;
  event.preventDefault();
  event.stopPropagation();
  target.dispatchEvent(new Event("htmx:sendError", { bubbles: true }));
}, true);
