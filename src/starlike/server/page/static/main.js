// The course of the page: photos in, one answer out, and back.

import * as choice from "./among.js";
import { Trouble, ask } from "./ask.js";
import { takePhoto } from "./camera.js";
import { byId, show, tell } from "./dom.js";
import * as intake from "./intake.js";
import { limits, takeIn, toBlob } from "./photos.js";
import { Answer } from "./result.js";
import { countDown, remember, showTrouble, showWaiting } from "./rooms.js";
import { drawPicture } from "./share.js";
import { handOn, label } from "./sharing.js";

const FACE_WIDTH = 640;

const state = { shots: [], answer: null, asking: null };

async function take(files, more) {
  const kept = more ? state.shots : [];
  if (kept.length + files.length > limits.photos) {
    showTrouble(new Trouble("too_many_photos"), state.shots);
    return;
  }
  state.asking?.abort();
  const added = await Promise.all(files.map(takeIn));
  state.shots = [...(await Promise.all(kept.map(oneFace))), ...added];
  await answer();
}

/** Of several faces in a photo, only the chosen one counts together with other photos. */
async function oneFace(shot) {
  const alone = state.shots.length === 1 && state.answer?.boxes.length > 1;
  const portrait = alone ? state.answer.portrait(FACE_WIDTH) : null;
  return portrait ? takeIn(await toBlob(portrait, "image/jpeg")) : shot;
}

async function answer() {
  state.asking?.abort();
  const asking = new AbortController();
  Object.assign(state, { asking, answer: null });
  showWaiting(state.shots);
  try {
    const parts = await ask(state.shots, { among: choice.among() }, asking.signal, countDown);
    if (asking.signal.aborted) return;
    receive(parts);
  } catch (error) {
    if (asking.signal.aborted) return;
    showTrouble(error instanceof Trouble ? error : new Trouble("other", { again: true }), state.shots);
  }
}

function receive(parts) {
  state.answer = new Answer(parts, state.shots);
  for (const [number, box] of state.answer.boxes.entries()) box.addEventListener("click", () => pick(number));
  state.answer.photos.querySelectorAll(".shot-remove").forEach((button, index) => {
    button.addEventListener("click", () => remove(state.shots[index]));
  });
  const room = state.shots.length < limits.photos;
  for (const id of ["more", "more-camera"]) byId(id).disabled = !room;
  remember();
  choice.moveTo("result");
  showFace(0);
  show("result");
}

function showFace(number) {
  tell(state.answer.show(number));
  label(document.querySelector(".share-label"));
  document.querySelector(".share").addEventListener("click", sharePicture);
}

function pick(number) {
  showFace(number);
  state.answer.boxes[number].focus({ preventScroll: true });
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
    showTrouble(error, state.shots);
  }
}

async function sharePicture() {
  const spot = document.querySelector("#result .spot");
  const said = [".eyebrow", ".headline"].map((part) => spot.querySelector(part).textContent);
  await handOn(await drawPicture(spot), said.join(" "));
}

function start() {
  state.asking?.abort();
  Object.assign(state, { shots: [], answer: null });
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
byId("ask").addEventListener("submit", (event) => event.preventDefault());
byId("open-camera").addEventListener("click", () => useCamera(false));
byId("more-camera").addEventListener("click", () => useCamera(true));
byId("trouble-camera").addEventListener("click", () => useCamera(false));
byId("trouble-choose").addEventListener("click", () => byId("photo").click());
byId("trouble-retry").addEventListener("click", answer);
byId("stop").addEventListener("click", leave);
byId("again").addEventListener("click", leave);
window.addEventListener("popstate", start);
// After a reload the start is shown, whatever was before.
history.replaceState(null, "");
