// Files are listed before they go, pictures as they look, and each can be taken away again; what is sent is what the input holds.
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

// What the answer would refuse is said while it is chosen, and not sent: the browser would forget all files over it.
const part = (input, name) => document.getElementById(`${input.dataset.chosen}-${name}`);

const wrong = (input) => {
  const { each, most, together, ...say } = part(input, "wrong").dataset;
  const endings = input.accept.split(","), files = [...input.files];
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const told = (words, subject, limit) => words.replace("%", subject).replace("$", limit);
  const found = files.flatMap((file) => {
    if (!endings.includes(`.${file.name.split(".").pop().toLowerCase()}`)) return [told(say.sayKind, file.name)];
    if (!file.size) return [told(say.sayEmpty, file.name)];
    return file.size > each ? [told(say.sayEach, file.name, each / MB)] : [];
  });
  if (files.length > most) found.push(told(say.sayMost, files.length, most));
  if (size > together) found.push(told(say.sayTogether, "", together / MB));
  return found.join(" ");
};

document.addEventListener("change", ({ target }) => {
  if (!target.matches("input[data-chosen]")) return;
  rows(target).replaceChildren(...[...target.files].map((file) => row(target, file)));
  const place = part(target, "wrong");
  place.textContent = wrong(target);
  place.hidden = !place.textContent;
});

document.addEventListener("submit", (event) => {
  const input = event.target.querySelector("input[data-chosen]");
  if (!input?.files.length) return;
  if (wrong(input)) { event.preventDefault(); part(input, "wrong").focus(); return; }
  const place = part(input, "sending"), size = [...input.files].reduce((sum, file) => sum + file.size, 0) / MB;
  if (size < 1) return;
  place.dataset.words ??= place.textContent;
  place.textContent = place.dataset.words.replace("%", size.toFixed(1));
  place.hidden = false;
}, true);
addEventListener("pageshow", () => document.querySelectorAll("[id$=-sending]").forEach((place) => { place.hidden = true; }));
