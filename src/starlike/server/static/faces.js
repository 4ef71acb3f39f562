// The photos on the page, with a box around each face; one of several is picked by its box.

import { byId, make } from "./dom.js";
import { pictureOf } from "./photos.js";

/**
 * Show all photos.
 *
 * With one photo, its faces can be picked: `pick(number)`. With several, each counts by its
 * largest face, and each can be taken away: `remove(shot)`.
 */
export function showShots(shots, chosen, { pick, remove }) {
  const single = shots.length === 1;
  const several = single && shots[0].faces.length > 1;
  const home = byId("shots");
  home.classList.toggle("single", single);
  home.replaceChildren(...shots.map((shot, index) => figure(shot, index, { single, several, chosen, pick, remove })));
}

function figure(shot, index, { single, several, chosen, pick, remove }) {
  const name = single ? "Your photo" : `Photo ${index + 1}`;
  const frame = make("div", { className: "shot-frame" });
  if (shot.picture) {
    const canvas = pictureOf(shot);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", name);
    const area = make("div", { className: "photo-area" }, canvas);
    const shown = single ? shot.faces : shot.faces.slice(0, 1);
    area.append(...shown.map((face, number) => boxOf(shot, face, number, { several, chosen, pick })));
    frame.append(area);
  } else {
    frame.append(make("p", { className: "blind", textContent: `${name}: your browser cannot show this kind of photo. It was read all the same.` }));
  }
  const item = make("div", { className: "shot" }, frame);
  if (!single) {
    const button = make("button", { type: "button", className: "shot-remove", textContent: "×", onclick: () => remove(shot) });
    button.setAttribute("aria-label", `Remove photo ${index + 1}`);
    item.append(button);
    if (shot.error) item.append(make("p", { className: "shot-note", textContent: noteOf(shot.error) }));
  }
  return item;
}

function boxOf(shot, face, number, { several, chosen, pick }) {
  const picked = !several || number === chosen;
  const box = make(several ? "button" : "span", { className: picked ? "face-box chosen" : "face-box" });
  if (several) {
    box.type = "button";
    box.setAttribute("aria-label", `Face ${number + 1} of ${shot.faces.length}`);
    box.setAttribute("aria-pressed", String(picked));
    box.append(make("b", { textContent: String(number + 1) }));
    box.addEventListener("click", () => pick(number));
  }
  const [width, height] = shot.size;
  const [top, right, bottom, left] = face.box;
  const share = (part, whole) => `${(100 * part) / whole}%`;
  Object.assign(box.style, {
    left: share(left, width),
    top: share(top, height),
    width: share(right - left, width),
    height: share(bottom - top, height),
  });
  return box;
}

function noteOf(error) {
  const title = byId(`trouble-${error.code}`)?.content.querySelector(".trouble-title")?.textContent;
  return `Left out: ${(title ?? "it could not be read").toLowerCase()}`;
}
