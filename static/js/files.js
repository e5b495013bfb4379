// Files are listed before they go, pictures as they look, and each can be taken away again; what is sent is what the input holds.
const rows = (input) => document.getElementById(input.dataset.chosen);

const keep = (input, files) => {
  const all = new DataTransfer();
  for (const file of files) all.items.add(file);
  input.files = all.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

const inWords = (bytes) => (bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`);

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

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-chosen]")) rows(target).replaceChildren(...[...target.files].map((file) => row(target, file)));
});
