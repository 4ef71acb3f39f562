// The course of comparing: photos into a tray, one answer out, and back to the tray.

import { Trouble, ask } from "./ask.js";
import { takePhoto } from "./camera.js";
import { byId, copy, numbers, show, tell } from "./dom.js";
import * as intake from "./intake.js";
import { limits, pictureOf, portraitOf, takeIn } from "./photos.js";
import { countDown, remember, showTrouble, showWaiting } from "./rooms.js";

const FACE_WIDTH = 480;

const state = { shots: [], asking: null };
const child = byId("child");

async function take(files) {
  if (state.shots.length + files.length > limits.photos) {
    showTrouble(new Trouble("too_many_photos"), state.shots);
    return;
  }
  state.asking?.abort();
  const added = await Promise.all(files.map(takeIn));
  state.shots = [...state.shots, ...added];
  start();
  tell(`${state.shots.length} photos to compare.`);
}

/** How many photos the question takes. */
function fewest() {
  return child.checked ? 3 : 2;
}

function nameOf(index) {
  return child.checked && index === 0 ? "The child" : `Photo ${index + 1}`;
}

function fillTray() {
  const slots = state.shots.map(slotOf);
  for (let index = slots.length; index < fewest(); index += 1) {
    const slot = copy("empty-template");
    slot.querySelector(".slot-name").textContent = nameOf(index);
    slots.push(slot);
  }
  byId("tray").replaceChildren(...slots);
  byId("compare").disabled = state.shots.length < fewest();
}

function slotOf(shot, index) {
  const slot = copy("slot-template");
  const name = nameOf(index);
  slot.querySelector(".slot-name").textContent = name;
  slot.querySelector(".arch").replaceChildren(shot.picture ? labelled(pictureOf(shot), name) : copy("figure-template"));
  const first = slot.querySelector(".slot-first");
  first.hidden = !child.checked || index === 0;
  first.addEventListener("click", () => order([shot, ...state.shots.filter((other) => other !== shot)]));
  const remove = slot.querySelector(".shot-remove");
  remove.setAttribute("aria-label", `Remove: ${name}`);
  remove.addEventListener("click", () => order(state.shots.filter((other) => other !== shot)));
  return slot;
}

/** Put other photos into the tray, or the same in another order. */
function order(shots) {
  state.shots = shots;
  fillTray();
  byId("photo").focus({ preventScroll: true });
}

function labelled(canvas, label) {
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return canvas;
}

async function answer() {
  state.asking?.abort();
  const asking = new AbortController();
  state.asking = asking;
  showWaiting(state.shots);
  try {
    const parts = await ask(state.shots, { child: child.checked ? "true" : "" }, asking.signal, countDown);
    if (!asking.signal.aborted) receive(parts);
  } catch (error) {
    if (asking.signal.aborted) return;
    showTrouble(error instanceof Trouble ? error : new Trouble("other", { again: true }), state.shots);
  }
}

function receive(parts) {
  byId("result").replaceChildren(...[...parts.body.children].map((part) => document.adoptNode(part)));
  for (const place of document.querySelectorAll("#result .drawn")) draw(place);
  remember();
  show("result");
  tell(document.querySelector("#result .headline").textContent);
}

/** Draw a face from the photo that was given; the server has not kept it. */
function draw(place) {
  const { photo, frame, size, label } = place.dataset;
  const portrait = portraitOf(state.shots[Number(photo) - 1], numbers(frame), numbers(size), FACE_WIDTH);
  if (portrait) place.replaceWith(labelled(portrait, label));
}

async function useCamera() {
  try {
    const photo = await takePhoto();
    if (photo) await take([photo]);
  } catch (error) {
    showTrouble(error, state.shots);
  }
}

function start() {
  state.asking?.abort();
  fillTray();
  show("start");
}

function leave() {
  if (history.state?.room === "answer") history.back();
  else start();
}

intake.listen(take);
child.addEventListener("change", fillTray);
byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  if (state.shots.length >= fewest()) answer();
});
byId("open-camera").addEventListener("click", useCamera);
byId("trouble-choose").addEventListener("click", leave);
byId("trouble-retry").addEventListener("click", answer);
byId("stop").addEventListener("click", leave);
byId("again").addEventListener("click", leave);
window.addEventListener("popstate", start);
byId("photo").multiple = true;
// A form that a script answers need not hold the files.
for (const input of [byId("photo"), byId("others")]) input.required = false;
// After a reload the start is shown, whatever was before.
history.replaceState(null, "");
start();
