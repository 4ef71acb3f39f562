// Stars: their names, portraits and stand-ins.

import { copy, fill, make } from "./dom.js";

const TONES = 8;

/** Initials of the first and last word of a name, of any script. */
export function initials(name) {
  const words = name.trim().split(/\s+/u);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends.map((word) => [...word].find((sign) => /[\p{L}\p{N}]/u.test(sign)) ?? "").join("").toLocaleUpperCase();
}

/** Which of the soft gradients stands for a name. */
export function tone(name) {
  return [...name].reduce((sum, sign) => sum + sign.codePointAt(0), 0) % TONES;
}

// As the command line and the page without JavaScript round.
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0, roundingMode: "halfEven" });

/** A similarity as it is shown. */
export function score(similarity) {
  return whole.format(similarity);
}

/** Where to read about a star; it is opened only by a click. */
export function readAbout(name) {
  return `https://en.wikipedia.org/w/index.php?${new URLSearchParams({ search: name })}`;
}

let portraits = null;

/** The portraits by name; asked for once, and only where the model has any. */
export async function loadPortraits() {
  if (document.body.dataset.portraits !== "yes") return new Map();
  portraits ??= fetch("/v1/classes")
    .then((response) => (response.ok ? response.json() : { classes: [] }))
    .then(({ classes }) => new Map(classes.filter((one) => one.portrait).map((one) => [one.name, one.portrait])))
    .catch(() => new Map());
  return portraits;
}

/** A portrait, or what stands in for it. */
export function likeness(name, portrait) {
  if (portrait) return make("img", { className: "likeness", src: portrait.url, alt: "" });
  const standIn = copy("stand-in-template");
  standIn.classList.replace("tone-0", `tone-${tone(name)}`);
  fill(standIn, "initials", initials(name));
  return standIn;
}

/** Who made a portrait and under which licence, as it must be told with it. */
export function credit(portrait) {
  const line = make("span", { className: "credit" }, "Portrait: ", linked(portrait.attribution, portrait.page_url));
  if (portrait.licence_url) line.append(", ", linked(portrait.licence, portrait.licence_url));
  return line;
}

function linked(text, address) {
  if (!/^https?:\/\//.test(address ?? "")) return text;
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer", textContent: text });
}
