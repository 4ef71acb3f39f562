// The course of the page: photos in, one answer out, and back.

import * as choice from "./among.js";
import { Trouble, ask } from "./ask.js";
import { takePhoto } from "./camera.js";
import { byId, copy, show, tell } from "./dom.js";
import { showShots } from "./faces.js";
import * as intake from "./intake.js";
import { limits, pictureOf, portraitOf, takeIn, toBlob } from "./photos.js";
import { showResult, wording } from "./result.js";
import { drawPicture } from "./share.js";
import { handOn, prepareSharing } from "./sharing.js";
import { loadPortraits } from "./stars.js";

const FACE_WIDTH = 640;

const state = { shots: [], together: null, face: 0, portraits: new Map(), asking: null };

async function take(files, more) {
  const kept = more ? state.shots : [];
  if (kept.length + files.length > limits.photos) {
    showTrouble(new Trouble("too_many_photos"));
    return;
  }
  state.asking?.abort();
  const added = await Promise.all(files.map(takeIn));
  state.shots = [...(await Promise.all(kept.map(oneFace))), ...added];
  await answer();
}

/** Of several faces in a photo, only the chosen one counts together with other photos. */
async function oneFace(shot) {
  const alone = state.shots.length === 1 && shot.faces.length > 1;
  const portrait = alone ? portraitOf(shot, shot.faces[state.face].box, FACE_WIDTH) : null;
  return portrait ? takeIn(await toBlob(portrait, "image/jpeg")) : shot;
}

async function answer() {
  state.asking?.abort();
  const asking = new AbortController();
  state.asking = asking;
  showWaiting();
  try {
    const [said, portraits] = await Promise.all([ask(state.shots, choice.among(), asking.signal, countDown), loadPortraits()]);
    if (asking.signal.aborted) return;
    receive(said, portraits);
  } catch (error) {
    if (asking.signal.aborted) return;
    showTrouble(error instanceof Trouble ? error : new Trouble("other", { again: true }));
  }
}

function receive(said, portraits) {
  said.photos.forEach((line, index) => Object.assign(state.shots[index], { faces: line.faces, error: line.error, size: line.size ?? null }));
  Object.assign(state, { together: said.together, portraits, face: 0 });
  const failed = (said.together ?? said.photos[0]).error;
  if (failed) {
    showTrouble(new Trouble(state.shots[0].error?.code ?? failed.code));
    return;
  }
  remember();
  choice.moveTo("result");
  show("result");
  render();
}

/** The face that is shown, and what was said of it. */
function person() {
  const used = state.shots.find((shot) => shot.faces.length) ?? state.shots[0];
  const said = state.together ? state.together.faces[0] : used.faces[state.face];
  return {
    ...said,
    box: used.faces[state.together ? 0 : state.face]?.box ?? null,
    shot: used,
    faces: state.together ? 1 : used.faces.length,
    photos: state.shots.length,
    agreeing: state.together?.agreeing ?? 1,
  };
}

function render() {
  const shown = person();
  tell(showResult(shown, state.portraits));
  showShots(state.shots, state.face, { pick, remove });
  const result = byId("result");
  result.classList.toggle("many", shown.faces > 1);
  if (shown.faces > 1) result.prepend(byId("yours"));
  else byId("more-of-you").before(byId("yours"));
  byId("yours-title").textContent = shown.photos > 1 ? "Your photos" : "Your photo";
  byId("yours-hint").textContent = shown.faces > 1 ? `There are ${shown.faces} faces in it. Tap one to see whom it looks like.` : "";
  const room = state.shots.length < limits.photos;
  for (const id of ["more", "more-camera"]) byId(id).disabled = !room;
}

function pick(number) {
  state.face = number;
  render();
  byId("shots").querySelectorAll("button.face-box")[number].focus({ preventScroll: true });
}

function remove(shot) {
  state.shots = state.shots.filter((kept) => kept !== shot);
  answer();
}

async function useCamera(more) {
  try {
    const photo = await takePhoto();
    if (photo) await take([photo], more);
  } catch (error) {
    showTrouble(error);
  }
}

function showWaiting() {
  const shot = state.shots.at(-1);
  byId("waiting-photo").replaceChildren(shot.picture ? pictureOf(shot) : copy("figure-template"));
  byId("waiting-title").textContent = state.shots.length > 1 ? "Looking at your photos…" : "Looking at your photo…";
  byId("waiting-text").textContent = "It takes a moment.";
  byId("retry-now").hidden = true;
  show("waiting");
  tell(byId("waiting-title").textContent);
}

/** Count the seconds down until the next try; the button tries at once. */
function countDown(trouble, signal) {
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

function showTrouble(trouble) {
  const words = byId(`trouble-${trouble.code}`) ?? byId("trouble-other");
  byId("trouble-words").replaceChildren(words.content.cloneNode(true));
  const shot = state.shots.find((one) => one.picture);
  byId("trouble-photo").replaceChildren(shot ? pictureOf(shot) : copy("figure-template"));
  byId("trouble-retry").hidden = !trouble.again || !state.shots.length;
  remember();
  show("trouble");
  tell(byId("trouble-words").textContent.trim().replace(/\s+/gu, " "));
}

async function sharePicture() {
  const shown = person();
  const words = wording(shown);
  const portrait = state.portraits.get(shown.matches[0].name);
  const line = portrait && shown.verdict !== "nobody" ? `Portrait: ${portrait.attribution}` : "";
  const blob = await drawPicture(shown, words, byId("duo-face").firstElementChild, line);
  await handOn(blob, `${words.eyebrow} ${words.headline}`);
}

/** One step of history, so that Back leads from an answer to the start. */
function remember() {
  if (history.state?.room !== "answer") history.pushState({ room: "answer" }, "");
}

function start() {
  state.asking?.abort();
  Object.assign(state, { shots: [], together: null, face: 0 });
  choice.moveTo("start");
  show("start");
  tell("");
  byId("photo").focus({ preventScroll: true });
}

function leave() {
  if (history.state?.room === "answer") history.back();
  else start();
}

intake.listen(take);
choice.listen(() => state.shots.length && answer());
prepareSharing();
byId("ask").addEventListener("submit", (event) => event.preventDefault());
byId("open-camera").addEventListener("click", () => useCamera(false));
byId("more-camera").addEventListener("click", () => useCamera(true));
byId("trouble-camera").addEventListener("click", () => useCamera(false));
byId("trouble-choose").addEventListener("click", () => byId("photo").click());
byId("trouble-retry").addEventListener("click", answer);
byId("stop").addEventListener("click", leave);
byId("again").addEventListener("click", leave);
byId("share").addEventListener("click", sharePicture);
window.addEventListener("popstate", start);
// After a reload the start is shown, whatever was before.
history.replaceState(null, "");
