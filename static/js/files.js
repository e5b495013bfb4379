// Chosen files are listed before they are sent, images with a thumbnail, and each can be removed; the input's own files are sent.
const $ = (selector, root = document) => root.querySelector(selector);
const on = (type, handler) => document.addEventListener(type, handler);
const MB = 2 ** 20;
const rows = (input) => document.getElementById(input.dataset.chosen);

const keep = (input, files) => {
  const all = new DataTransfer();
  for (const file of files) all.items.add(file);
  input.files = all.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

const inWords = (bytes) => (bytes < MB ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / MB).toFixed(1)} MB`);

const look = (file) => {
  const picture = Object.assign(document.createElement("img"), { alt: "", width: 64, height: 64 });
  const frame = Object.assign(document.createElement("span"), { className: "file-thumb" });
  const reader = new FileReader();
  reader.onload = () => { picture.src = reader.result; };
  reader.readAsDataURL(file);
  frame.append(picture);
  return frame;
};

const row = (input, file) => {
  const shown = Object.assign(document.createElement("span"), { className: "file" });
  if (/^image\/(png|jpeg|gif)$/.test(file.type) && file.size < 5e6) shown.append(look(file));
  const size = Object.assign(document.createElement("span"), { className: "size", textContent: inWords(file.size) });
  const away = rows(input).nextElementSibling.content.firstElementChild.cloneNode(true);
  away.setAttribute("aria-label", away.getAttribute("aria-label").replace("%", file.name));
  away.addEventListener("click", () => {
    const place = [...rows(input).children].indexOf(shown);
    keep(input, [...input.files].filter((other) => other !== file));
    (rows(input).children[place] ?? rows(input).lastElementChild)?.querySelector("button").focus();
    if (!input.files.length) input.focus();
  });
  shown.append(`${file.name} `, size, away);
  return shown;
};

// Files the server would reject are reported when chosen and not sent: after a rejection the browser would have lost all chosen files.
const part = (input, name) => document.getElementById(`${input.dataset.chosen}-${name}`);

const wrong = (input) => {
  const { each, most, together, ...say } = part(input, "wrong").dataset;
  const endings = input.accept.split(","), files = [...input.files];
  const told = (words, subject, limit) => words.replace("%", subject).replace("$", limit);
  const found = files.flatMap((file) => {
    if (!endings.includes(`.${file.name.split(".").pop().toLowerCase()}`)) return [told(say.sayKind, file.name)];
    if (!file.size) return [told(say.sayEmpty, file.name)];
    return file.size > each ? [told(say.sayEach, file.name, each / MB)] : [];
  });
  if (files.length > most) found.push(told(say.sayMost, files.length, most));
  if (size(input) > together) found.push(told(say.sayTogether, "", together / MB));
  return found.join(" ");
};

on("change", ({ target }) => {
  if (!target.matches("input[data-chosen]")) return;
  rows(target).replaceChildren(...[...target.files].map((file) => row(target, file)));
  const place = part(target, "wrong");
  place.textContent = wrong(target);
  place.hidden = !place.textContent;
});

const size = (input) => [...(input?.files ?? [])].reduce((sum, file) => sum + file.size, 0);
document.addEventListener("submit", (event) => {
  const input = event.target.querySelector("input[data-chosen]");
  if (!input?.files.length || !wrong(input)) return;
  event.preventDefault();
  part(input, "wrong").focus();
}, true);

// Large uploads are sent by script, as browsers show no progress for forms they submit themselves. The server gives the script the URL to
// open next (config/responses.py); if there is none because of an error, the browser submits the form again and shows the error.
const upload = (form, submitter, input) => {
  const going = part(input, "sending"), bar = going.querySelector("progress"), percent = going.querySelector("[data-percent]");
  const asked = new XMLHttpRequest();
  const settle = () => { going.hidden = true; form.dispatchEvent(new Event("careline:release", { bubbles: true })); };
  asked.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = loaded / total;
    percent.textContent = loaded < total ? new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(Math.floor(bar.value * 100) / 100) : percent.dataset.arrived;
  });
  asked.addEventListener("load", () => {
    delete form.dataset.dirty;
    if (asked.status === 204) {
      const to = new URL(asked.getResponseHeader("Location"), location.href);
      try { sessionStorage.setItem("careline-answered", to.href); } catch { /* then unsent.js keeps nothing either */ }
      if (to.pathname + to.search === location.pathname + location.search) to.hash = ""; // else the browser would only scroll
      location.assign(to);
    } else if (asked.status === 413) { // a proxy in front of us with a lower limit; its error page would lose the input
      settle();
      const place = part(input, "wrong");
      place.textContent = place.dataset.sayProxy;
      place.hidden = false;
      place.focus();
    } else if (asked.status < 500) { settle(); Object.assign(form.dataset, { byBrowser: "", confirmed: "yes" }); form.requestSubmit(submitter); }
    else lost();
  });
  const lost = () => { settle(); form.dispatchEvent(new Event("htmx:sendError", { bubbles: true })); };
  asked.addEventListener("error", lost);
  const body = new FormData(form, submitter);
  asked.open("POST", submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href);
  asked.setRequestHeader("X-Upload", "1");
  asked.send(body);
  form.dataset.dirty = ""; // leaving the page now asks for confirmation
  bar.value = 0;
  percent.textContent = "";
  going.hidden = false;
  going.scrollIntoView({ block: "nearest" });
};
on("submit", (event) => {
  const form = event.target, input = form.querySelector("input[data-chosen]");
  if (event.defaultPrevented || size(input) < MB) return;
  if ("byBrowser" in form.dataset) { delete form.dataset.byBrowser; return; }
  event.preventDefault();
  upload(form, event.submitter, input);
});
addEventListener("pageshow", () => document.querySelectorAll("[id$=-sending]").forEach((place) => { place.hidden = true; }));

// Files pasted into an area, or dropped anywhere on its page, are added to those its input already has. Pasted cells or text take
// precedence over the image of them that the clipboard contains, too.
const take = (area, files) => {
  const input = $("input[type=file]", area);
  if (input && files.length) keep(input, [...(input.multiple ? input.files : []), ...files]);
};
const isUnnamed = (file) => /^image\.\w+$/.test(file.name); // an image without a file: every screenshot is named image.png
const named = (file) => {
  if (!isUnnamed(file)) return file;
  const [day, time] = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().split("T");
  return new File([file], `screenshot-${day}-${time.slice(0, 12).replace(/\D/g, "")}.${file.name.split(".").pop()}`, { type: file.type });
};
on("paste", (event) => {
  const area = event.target.closest?.("[data-drop]");
  const { files, types } = event.clipboardData;
  if (!area || !files.length || (types.includes("text/plain") && [...files].every(isUnnamed))) return;
  event.preventDefault();
  take(area, [...files].map(named));
});
for (const name of ["dragover", "dragleave", "drop"]) {
  on(name, (event) => {
    if (name !== "dragleave" && !event.dataTransfer.types.includes("Files")) return; // dragged text keeps its default behaviour
    if (name !== "dragleave") event.preventDefault(); // else the browser would open the file instead of the page
    const area = event.target.closest?.("[data-drop]") ?? $("[data-drop]");
    area?.classList.toggle("is-over", name === "dragover");
    if (name === "drop" && area) { take(area, event.dataTransfer.files); area.scrollIntoView({ block: "nearest" }); }
  });
}
