// Runs before the first paint: a theme chosen earlier must not flash, and CSS may count on script (class "js").
document.documentElement.classList.add("js");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage is blocked: the system's theme is used */ }
// Safari has learnt it with 17.4; keys and focus ask for it everywhere.
Element.prototype.checkVisibility ??= function isDrawn() { return this.getClientRects().length > 0; };
