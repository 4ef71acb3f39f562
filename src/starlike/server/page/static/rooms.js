// The rooms between the start and the answer: waiting, and trouble.

import { byId, copy, show, tell } from "./dom.js";
import { pictureOf } from "./photos.js";

/** Show that photos are being looked at. */
export function showWaiting(shots) {
  const shot = shots.at(-1);
  byId("waiting-photo").replaceChildren(shot.picture ? pictureOf(shot) : copy("figure-template"));
  const title = byId("waiting-title");
  title.textContent = shots.length > 1 ? title.dataset.several : title.dataset.one;
  byId("waiting-text").textContent = byId("waiting-text").dataset.first;
  byId("retry-now").hidden = true;
  show("waiting");
  tell(title.textContent);
}

/** Count the seconds down until the next try; the button tries at once. */
export function countDown(trouble, signal) {
  const words = byId(`trouble-${trouble.code}`).content;
  byId("waiting-title").textContent = words.querySelector(".trouble-title").textContent;
  const retry = byId("retry-now");
  retry.hidden = false;
  let left = Math.ceil(trouble.after);
  const say = () => {
    byId("waiting-text").textContent = `Your photo waits here with you. Trying again in ${left} s.`;
  };
  say();
  tell(`${byId("waiting-title").textContent}. Trying again in ${left} seconds.`);
  return new Promise((done, failed) => {
    const clock = setInterval(() => {
      left -= 1;
      if (left > 0) say();
      else finish(done);
    }, 1000);
    const finish = (settle, value) => {
      clearInterval(clock);
      retry.hidden = true;
      retry.onclick = null;
      settle(value);
    };
    retry.onclick = () => finish(done);
    signal.addEventListener("abort", () => finish(failed, signal.reason), { once: true });
  });
}

/** Say why there is no answer to photos, and what to do about it. */
export function showTrouble(trouble, shots) {
  const words = byId(`trouble-${trouble.code}`) ?? byId("trouble-other");
  byId("trouble-words").replaceChildren(words.content.cloneNode(true));
  const shot = shots[trouble.photo - 1] ?? shots.find((one) => one.picture);
  byId("trouble-photo").replaceChildren(shot?.picture ? pictureOf(shot) : copy("figure-template"));
  byId("trouble-retry").hidden = !trouble.again || !shots.length;
  remember();
  show("trouble");
  tell(byId("trouble-words").textContent.trim().replace(/\s+/gu, " "));
}

/** One step of history, so that Back leads from an answer to the start. */
export function remember() {
  if (history.state?.room !== "answer") history.pushState({ room: "answer" }, "");
}
