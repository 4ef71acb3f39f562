// The answer: who it is, side by side, and the nearest five.

import { byId, copy, fill } from "./dom.js";
import { portraitOf } from "./photos.js";
import { credit, likeness, readAbout, score } from "./stars.js";

const PORTRAIT_WIDTH = 480;

/**
 * Show what was said of one face.
 *
 * `person` is {verdict, matches, faces, photos, agreeing, shot, box}: of how many faces and photos
 * it is one, and where the face is seen.
 */
export function showResult(person, portraits) {
  const first = person.matches[0];
  const words = wording(person);
  byId("eyebrow").textContent = words.eyebrow;
  byId("headline").textContent = words.headline;
  byId("gist").textContent = words.gist;
  byId("five-title").textContent = words.list;
  showDuo(person, first, portraits.get(first.name));
  byId("rows").replaceChildren(...person.matches.map((match) => row(match, portraits.get(match.name))));
  return `${words.eyebrow} ${words.headline}`.trim();
}

/** What is said, kindly and truly, for each verdict. */
export function wording({ verdict, matches, faces, photos, agreeing }) {
  const name = matches[0].name;
  const list = matches.length > 1 ? `The nearest ${spelled(matches.length)}` : "The nearest";
  const basis = photos > 1 ? together(photos, agreeing) : "";
  if (verdict === "in_person") {
    return { eyebrow: "Hello there!", headline: `${name}?`, gist: `This seems to be ${name} in person. ${basis}`.trim(), list };
  }
  if (verdict === "nobody") {
    const gist = `Nobody we know resembles this face much, and that is a fine answer. The nearest are below, if you are curious. ${basis}`;
    return { eyebrow: "No double to be found", headline: "One of a kind", gist: gist.trim(), list };
  }
  return { eyebrow: faces > 1 ? "This face looks like" : "You look like", headline: name, gist: basis, list };
}

function together(photos, agreeing) {
  const apart = photos - agreeing;
  if (apart <= 0) return `One answer from ${photos} photos together.`;
  const shows = apart === 1 ? "one was left out, as it could not be used or shows somebody else" : `${apart} were left out, as they could not be used or show somebody else`;
  return `One answer from ${agreeing} of ${photos} photos: ${shows}.`;
}

function spelled(count) {
  return ["none", "one", "two", "three", "four", "five"][count] ?? String(count);
}

function showDuo(person, first, portrait) {
  const alone = person.verdict === "nobody";
  byId("spot").classList.toggle("alone", alone);
  const you = portraitOf(person.shot, person.box, PORTRAIT_WIDTH) ?? copy("figure-template");
  if (you instanceof HTMLCanvasElement) {
    you.setAttribute("role", "img");
    you.setAttribute("aria-label", "Your face");
  }
  byId("duo-you").replaceChildren(you);
  byId("duo-face").replaceChildren(likeness(first.name, portrait));
  byId("duo-name").textContent = first.name;
  fill(byId("duo"), "similarity", score(first.similarity));
  byId("duo-credit").replaceChildren(...(portrait && !alone ? [credit(portrait)] : []));
  byId("duo-read-name").textContent = first.name;
  byId("duo-read").href = readAbout(first.name);
  byId("duo-read").hidden = alone;
}

function row(match, portrait) {
  const item = copy("row-template");
  fill(item, "name", match.name);
  fill(item, "similarity", score(match.similarity));
  fill(item, "probability", percent(match.probability));
  item.querySelector("[data-fill=meter]").setAttribute("width", `${match.similarity}%`);
  item.querySelector("[data-fill=face]").replaceChildren(likeness(match.name, portrait));
  item.querySelector("[data-fill=read]").href = readAbout(match.name);
  if (portrait) item.querySelector(".row-more").append(" ", credit(portrait));
  return item;
}

function percent(share) {
  return share < 0.001 ? "below 0.1 %" : `${(100 * share).toFixed(1)} %`;
}
