// axe for tests, in two parts: structure on the whole page, and appearance on representatives of each kind (docs/decisions/0367).
const APPEARANCE = ["color-contrast", "link-in-text-block", "target-size"];
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
// Why axe may be unable to judge a text on this page, but not on another one; other reasons, such as a picture behind it, stay.
const PASSING = ["bgOverlap", "elmPartiallyObscured", "elmPartiallyObscuring", "outsideViewport"];
// What an element adds to the background if it has neither colour, image, opacity nor position.
const NOTHING = "/rgba(0, 0, 0, 0) none 1 static";

const tell = (found) =>
  found.violations.map((rule) => {
    const places = rule.nodes.map((node) => `${node.target} ${node.html.slice(0, 200)}`).slice(0, 3);
    return `${rule.id} (${rule.impact}): ${places.join(" | ")}`;
  });

async function structure() {
  const rules = Object.fromEntries(APPEARANCE.map((rule) => [rule, { enabled: false }]));
  return tell(await axe.run(document, { runOnly: STANDARDS, rules, preload: false, resultTypes: ["violations"] }));
}

const isSeen = (element) => {
  const { width, height, right, bottom } = element.getBoundingClientRect();
  const isOnPage = right + scrollX > 0 && bottom + scrollY > 0; // the skip link is above it until it has the focus
  return width > 1 && height > 1 && isOnPage && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
};
const isOff = (element) => Boolean(element.closest(":disabled, [aria-disabled=true]") || element.closest("label")?.control?.disabled);
const letters = (...elements) => elements.reduce((count, element) => count + element.textContent.trim().length, 0);
const isFilledIn = (element) => element.matches("select, textarea, input:not([type=checkbox], [type=radio], [type=hidden], [type=file])");
const isLetter = /[\p{L}\p{N}]/u; // axe ignores other texts
const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && isLetter.test(node.data));

// What distinguishes a link from the text around it, if there is any.
function surroundings(link) {
  let block = link.parentElement;
  while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
  if (letters(block) === letters(...block.querySelectorAll("a[href]"))) return "";
  return `in ${getComputedStyle(block).color} ${getComputedStyle(link).textDecorationLine}`;
}

// Texts of one appearance on the same background: what all elements around them add to it.
function sortTexts(element, grounds, note) {
  const style = getComputedStyle(element);
  if (style.display === "none") return;
  const ground = `/${style.backgroundColor} ${style.backgroundImage} ${style.opacity} ${style.position}`;
  if (ground !== NOTHING) grounds += ground;
  if ((hasText(element) || isFilledIn(element)) && isSeen(element)) {
    const link = element.matches("a[href]") ? surroundings(element) : "";
    note([grounds, style.color, style.fontSize, style.fontWeight, style.textShadow, isOff(element), link].join("|"), element);
  }
  for (const child of element.children) sortTexts(child, grounds, note);
}

// What is left of a box beside the others, at least: the largest strip on one side of each.
function uncovered(box, others) {
  return others.reduce((rest, other) => {
    const { left, top, right, bottom } = rest;
    if (other.left >= right || left >= other.right || other.top >= bottom || top >= other.bottom) return rest;
    const strips = [
      { left, top, bottom, right: other.left },
      { left: other.right, top, bottom, right },
      { left, top, bottom: other.top, right },
      { left, top: other.bottom, bottom, right },
    ];
    const space = (strip) => Math.max(strip.right - strip.left, 0) * Math.max(strip.bottom - strip.top, 0);
    return strips.reduce((best, strip) => (space(strip) > space(best) ? strip : best));
  }, box);
}

// Targets with the same surroundings, as far as they can make a target too small: its own box and others up to 24 px (WCAG 2.5.8) away.
function sortTargets(note) {
  const targets = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex], [role]")];
  const boxes = targets.filter(isSeen).map((element) => [element, element.getBoundingClientRect()]);
  for (const [element, box] of boxes) {
    const near = { left: box.left - 24, top: box.top - 24, right: box.right + 24, bottom: box.bottom + 24 };
    const others = boxes.filter(
      ([other, { left, top, right, bottom }]) =>
        left < near.right && right > near.left && top < near.bottom && bottom > near.top && !element.contains(other) && !other.contains(element),
    );
    const rest = uncovered(box, others.map(([, other]) => other));
    if (rest.right - rest.left >= 24 && rest.bottom - rest.top >= 24) continue;
    const within = ({ left, top, right, bottom }) => [
      Math.max(left, near.left) - box.left,
      Math.max(top, near.top) - box.top,
      Math.min(right, near.right) - box.right,
      Math.min(bottom, near.bottom) - box.bottom,
    ];
    const size = [box.width, box.height].map((side) => Math.min(Math.round(side), 48));
    const places = others.map(([, other]) => within(other).map(Math.round)).sort();
    const link = element.matches("a[href]") ? surroundings(element) : "";
    note([element.tagName, element.role, link, ...size, ...places].join("|"), element);
  }
}

// Kinds are passed between pages and tests as numbers (FNV-1a in two halves): texts would be long.
function digest(text) {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let at = 0; at < text.length; at += 1) {
    a = Math.imul(a ^ text.charCodeAt(at), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(at), 0x85ebca6b);
  }
  return (a >>> 0) * 2 ** 21 + ((b >>> 0) >>> 11);
}

// Return the violations among kinds that are not `known`, and those kinds that axe has judged.
async function appearance(known, withTargets) {
  const kinds = new Map();
  const judgedBefore = new Set(known);
  const note = (text, element) => {
    const kind = digest(text);
    if (!judgedBefore.has(kind)) kinds.set(kind, [...(kinds.get(kind) ?? []), element].slice(0, 3));
  };
  sortTexts(document.documentElement, "", note);
  const texts = new Set(kinds.keys());
  if (withTargets) sortTargets(note);
  if (!kinds.size) return [[], []];
  const runOnly = { type: "rule", values: APPEARANCE };
  const resultTypes = ["violations", "passes", "incomplete"];
  const found = await axe.run({ include: [...kinds.values()].flat() }, { runOnly, resultTypes, preload: false, elementRef: true });
  const ofText = (rules) => rules.filter((rule) => rule.id === "color-contrast").flatMap((rule) => rule.nodes);
  const lasting = ofText(found.incomplete).filter((node) => !PASSING.includes(node.any[0]?.data?.messageKey));
  const judged = new Set([...ofText(found.passes), ...lasting].map((node) => node.element));
  const isJudged = ([kind, elements]) => !texts.has(kind) || elements.some((element) => judged.has(element));
  return [tell(found), [...kinds].filter(isJudged).map(([kind]) => kind)];
}

window.axeByKind = { structure, appearance };
