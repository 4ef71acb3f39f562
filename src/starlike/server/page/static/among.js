// Whom to compare with: remembered in this browser, and moved to where it can be changed.

import { byId } from "./dom.js";

const KEY = "starlike.among";
const choice = byId("among");
const options = [...choice.querySelectorAll("input")];

/** The chosen group, or an empty text for everybody. */
export function among() {
  return options.find((option) => option.checked)?.value ?? "";
}

/** Recall the choice of last time, and call `changed()` when it changes. */
export function listen(changed) {
  const kept = recall();
  const known = options.find((option) => option.value === kept);
  if (known) known.checked = true;
  choice.addEventListener("change", () => {
    keep(among());
    changed();
  });
}

/** Put the choice with the start or with the result. */
export function moveTo(room) {
  const home = byId(room === "result" ? "among-away" : "among-home");
  if (choice.parentElement !== home) home.append(choice);
}

// A browser may forbid to keep anything; then nothing is remembered.
function recall() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    return;
  }
}
