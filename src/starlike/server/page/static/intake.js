// The ways in: choose, drop, paste.

import { byId } from "./dom.js";

/** Call `take(files)` for photos that come in by any way but the camera. */
export function listen(take) {
  for (const input of [byId("photo"), byId("more")].filter(Boolean)) {
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      if (files.length) take(files, input.id === "more");
    });
    // Space opens the choice of files by itself; Enter would send the form.
    input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    input.addEventListener("keyup", (event) => event.key === "Enter" && input.click());
  }
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    take(files, false);
  });
  listenForDrops(take);
}

function listenForDrops(take) {
  const curtain = byId("dropping");
  let inside = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    inside += 1;
    curtain.hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    inside -= 1;
    curtain.hidden = inside > 0 ? curtain.hidden : true;
  });
  document.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    inside = 0;
    curtain.hidden = true;
    const files = [...event.dataTransfer.files];
    if (files.length) take(files, false);
  });
}
