// Runs before the first paint, so that the stored theme does not flash; the class "js" tells CSS that scripts run.
document.documentElement.classList.add("js");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage is blocked: the system's theme is used */ }
// Polyfill: Safari supports it since 17.4; shortcuts and focus handling need it everywhere.
Element.prototype.checkVisibility ??= function isDrawn() { return this.getClientRects().length > 0; };
