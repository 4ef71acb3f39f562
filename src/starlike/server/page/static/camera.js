// A photo from the camera, with a live preview. The camera is off again when the window closes.

import { byId } from "./dom.js";
import { Trouble } from "./ask.js";

const dialog = byId("camera");
const video = byId("viewfinder");
const shutter = byId("shutter");

let stream = null;
let facing = "user";

/** A JPEG from the camera, or null where nobody pressed the button. */
export async function takePhoto() {
  if (!navigator.mediaDevices?.getUserMedia) throw new Trouble("camera_missing");
  shutter.disabled = true;
  byId("camera-turn").hidden = true;
  dialog.returnValue = "";
  dialog.showModal();
  try {
    await start();
    return await pressed();
  } catch (error) {
    if (!dialog.open) return null;
    throw troubleOf(error);
  } finally {
    stop();
    if (dialog.open) dialog.close();
  }
}

async function start() {
  stop();
  const wanted = { facingMode: facing, width: { ideal: 1280 }, height: { ideal: 960 } };
  const opened = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  if (!dialog.open) {
    // The window was closed while the browser still asked for leave.
    for (const track of opened.getTracks()) track.stop();
    throw new DOMException("closed", "AbortError");
  }
  stream = opened;
  video.srcObject = stream;
  video.parentElement.classList.toggle("world", facing === "environment");
  await video.play();
  shutter.disabled = false;
  shutter.focus();
  const devices = await navigator.mediaDevices.enumerateDevices();
  byId("camera-turn").hidden = devices.filter((device) => device.kind === "videoinput").length < 2;
}

function pressed() {
  return new Promise((done, failed) => {
    const finish = new AbortController();
    const once = { signal: finish.signal };
    const end = (result) => {
      finish.abort();
      done(result);
    };
    shutter.addEventListener("click", async () => end(await still()), once);
    byId("camera-close").addEventListener("click", () => end(null), once);
    dialog.addEventListener("close", () => end(null), once);
    window.addEventListener("pagehide", () => end(null), once);
    byId("camera-turn").addEventListener("click", async () => {
      facing = facing === "user" ? "environment" : "user";
      await start().catch((error) => {
        finish.abort();
        failed(error);
      });
    }, once);
  });
}

/** The picture as others see the face: the preview is mirrored, the photo is not. */
function still() {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95));
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.srcObject = null;
}

function troubleOf(error) {
  if (["NotAllowedError", "SecurityError"].includes(error.name)) return new Trouble("camera_denied");
  if (["NotFoundError", "OverconstrainedError"].includes(error.name)) return new Trouble("camera_missing");
  return new Trouble("camera_busy");
}
