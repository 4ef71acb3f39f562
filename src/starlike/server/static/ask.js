// Ask the server, and wait patiently when it is busy.

import { limits } from "./photos.js";

const PATIENCE = 6;
const LONGEST_WAIT_S = 60;

/** Why there is no answer; `code` is one of those that the page has words for. */
export class Trouble extends Error {
  constructor(code, { again = false, after = 0 } = {}) {
    super(code);
    Object.assign(this, { code, again, after });
  }
}

/**
 * The answer to photos: the JSON of POST /v1/match.
 *
 * `wait(seconds, signal)` is called while the server is busy and settles when to try again.
 */
export async function ask(shots, among, signal, wait) {
  const heavy = shots.find((shot) => shot.blob.size > limits.bytes);
  if (heavy) throw new Trouble(heavy.picture ? "too_large" : await kindOf(heavy.blob));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(shots, among, signal);
    } catch (trouble) {
      if (!(trouble instanceof Trouble) || !trouble.after || attempt === PATIENCE) throw trouble;
      await wait(trouble, signal);
    }
  }
}

async function once(shots, among, signal) {
  const form = new FormData();
  form.append("top", "5");
  if (among) form.append("among", among);
  if (shots.length > 1) form.append("together", "true");
  // A name of our own: what the file is called stays here.
  for (const shot of shots) form.append("photo", shot.blob, "photo");
  let response;
  try {
    response = await fetch("/v1/match", { method: "POST", body: form, signal, headers: { Accept: "application/json" } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Trouble(navigator.onLine ? "unreachable" : "offline", { again: true });
  }
  if (response.ok) return response.json();
  throw await troubleOf(response);
}

async function troubleOf(response) {
  const problem = await response.json().catch(() => ({}));
  const after = Math.min(Number(response.headers.get("Retry-After")) || 0, LONGEST_WAIT_S);
  if (response.status === 503) return new Trouble("busy", { again: true, after: after || 3 });
  if (response.status === 429) return new Trouble("rate", { again: true, after: after || 5 });
  if ([408, 504].includes(response.status)) return new Trouble("timeout", { again: true });
  return new Trouble(problem.code ?? "other", { again: response.status >= 500 });
}

/** What a file is that is too large and cannot be drawn: a large HEIC, or no photo at all. */
async function kindOf(blob) {
  const head = new Uint8Array(await blob.slice(0, 12).arrayBuffer());
  const box = String.fromCharCode(...head.slice(4, 8));
  const isTiff = (head[0] === 0x49 && head[1] === 0x49) || (head[0] === 0x4d && head[1] === 0x4d);
  return box === "ftyp" || isTiff ? "too_large" : "not_a_photo";
}
