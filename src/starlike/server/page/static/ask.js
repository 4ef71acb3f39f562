// Ask the server, and wait patiently when it is busy.

import { byId } from "./dom.js";
import { limits } from "./photos.js";

const PATIENCE = 6;
const LONGEST_WAIT_S = 60;
const NOT_DRAWN = new RegExp(`^(?:${document.body.dataset.notDrawn})`, "s");

/** Why there is no answer: `code` is one that the page has words for, `photo` the number of the one at fault, or 0. */
export class Trouble extends Error {
  constructor(code, { again = false, after = 0, photo = 0 } = {}) {
    super(code);
    Object.assign(this, { code, again, after, photo });
  }
}

/**
 * The answer to photos, as a document of what is to be put into the page.
 *
 * `fields` are those of the form; empty ones are not sent. `wait(trouble, signal)` is called while the server is busy and settles when to try again.
 */
export async function ask(shots, fields, signal, wait) {
  const heavy = shots.find((shot) => shot.blob.size > limits.bytes);
  if (heavy) throw new Trouble(heavy.picture ? "too_large" : await kindOf(heavy.blob));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(shots, fields, signal);
    } catch (trouble) {
      if (!(trouble instanceof Trouble) || !trouble.after || attempt === PATIENCE) throw trouble;
      await wait(trouble, signal);
    }
  }
}

async function once(shots, fields, signal) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value) form.append(name, value);
  // A name of our own: what the file is called stays here.
  for (const shot of shots) form.append("photo", shot.blob, "photo");
  let response;
  let text;
  try {
    const address = byId("ask").getAttribute("action");
    response = await fetch(address, { method: "POST", body: form, signal, headers: { "X-Requested-With": "starlike" } });
    text = await response.text();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Trouble(navigator.onLine ? "unreachable" : "offline", { again: true });
  }
  if (response.ok) return new DOMParser().parseFromString(text, "text/html");
  throw troubleOf(response, text);
}

function troubleOf(response, text) {
  const after = Math.min(Number(response.headers.get("Retry-After")) || 0, LONGEST_WAIT_S);
  if (response.status === 503) return new Trouble("busy", { again: true, after: after || 3 });
  if (response.status === 429) return new Trouble("rate", { again: true, after: after || 5 });
  if ([408, 504].includes(response.status)) return new Trouble("timeout", { again: true });
  // A proxy before the server has limits and words of its own.
  const problem = problemOf(text);
  const code = problem.code ?? (response.status === 413 ? "too_large" : "other");
  const photo = Number(/^photo (\d+):/u.exec(problem.detail)?.[1] ?? 0);
  return new Trouble(code, { again: response.status >= 500, photo });
}

/** A problem document; an empty one where the text is none. */
function problemOf(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** What a file is that is too large and cannot be drawn: a large HEIC, or no photo at all. */
async function kindOf(blob) {
  const head = new Uint8Array(await blob.slice(0, 16).arrayBuffer());
  return NOT_DRAWN.test(String.fromCharCode(...head)) ? "too_large" : "not_a_photo";
}
