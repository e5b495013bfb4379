// The API documentation has the stored theme, or the system's, like every other page; the library's dark colours are in html.dark-mode.
const dark = matchMedia("(prefers-color-scheme: dark)"), page = document.documentElement;
const paint = () => page.classList.toggle("dark-mode", (page.dataset.theme || (dark.matches ? "dark" : "light")) === "dark");
dark.addEventListener("change", paint);
paint();
