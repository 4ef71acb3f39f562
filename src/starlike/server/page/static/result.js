// The answer as the server sends it: one face at a time, and the photos, which it has not kept.

import { byId, numbers } from "./dom.js";
import { pictureOf, portraitOf } from "./photos.js";

const YOU_WIDTH = 480;

/** What the server said of photos, and what is shown of it. */
export class Answer {
  constructor(parts, shots) {
    this.faces = [...parts.querySelectorAll("template.face")];
    this.photos = document.adoptNode(parts.getElementById("yours"));
    this.shots = shots;
    this.chosen = 0;
    for (const [index, area] of this.areas.entries()) fill(area, shots[index]);
  }

  /** Where each photo is shown. */
  get areas() {
    return [...this.photos.querySelectorAll(".photo-area")];
  }

  /** The boxes by which a face is picked; none where there is one face, or several photos. */
  get boxes() {
    return [...this.photos.querySelectorAll("button.face-box")];
  }

  /** A part of the photo that shows the chosen face, as a canvas; null where it cannot be drawn. */
  portrait(width) {
    const { photo, frame } = this.faces[this.chosen].dataset;
    const index = Number(photo) - 1;
    return portraitOf(this.shots[index], numbers(frame), numbers(this.areas[index].dataset.size), width);
  }

  /** Show a face; returns what is said of it, in a line. */
  show(number) {
    this.chosen = number;
    const face = this.faces[number].content.cloneNode(true);
    const you = this.portrait(YOU_WIDTH);
    if (you) face.querySelector(".you").replaceChildren(labelled(you, face.querySelector(".you").dataset.label));
    const said = [".eyebrow", ".headline"].map((part) => face.querySelector(part).textContent).join(" ");
    const many = this.boxes.length > 1;
    const more = byId("more-of-you");
    const result = byId("result");
    result.classList.toggle("many", many);
    // Of several faces, where one is picked is read before the answer.
    result.replaceChildren(...(many ? [this.photos, face, more] : [face, this.photos, more]));
    for (const [index, box] of this.boxes.entries()) {
      box.setAttribute("aria-pressed", String(index === number));
      box.classList.toggle("chosen", index === number);
    }
    return said;
  }
}

/** Put a photo's picture where it is shown, and the boxes where its faces are. */
function fill(area, shot) {
  if (!shot.picture) {
    area.parentElement.querySelector(".blind").hidden = false;
    area.hidden = true;
    return;
  }
  area.prepend(labelled(pictureOf(shot), area.dataset.label));
  for (const box of area.querySelectorAll(".face-box")) {
    const [width, height] = numbers(area.dataset.size);
    const [top, right, bottom, left] = numbers(box.dataset.box);
    const share = (part, whole) => `${(100 * part) / whole}%`;
    Object.assign(box.style, {
      left: share(left, width),
      top: share(top, height),
      width: share(right - left, width),
      height: share(bottom - top, height),
    });
  }
}

function labelled(canvas, label) {
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return canvas;
}
