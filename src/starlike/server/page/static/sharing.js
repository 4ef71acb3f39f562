// Hand the picture on: to the share sheet of the device where there is one, else as a file.

const NAME = "starlike.png";

/** Whether this device can share a picture. */
function canShare(file) {
  return Boolean(navigator.canShare?.({ files: [file] }));
}

/** Let a button say what it does here: it saves the picture, or shares it where that can be done. */
export function label(button) {
  const probe = new File([new Uint8Array(1)], NAME, { type: "image/png" });
  if (canShare(probe)) button.textContent = button.dataset.share;
}

/** Share a PNG, or save it where sharing is not to be had. */
export async function handOn(blob, text) {
  const file = new File([blob], NAME, { type: "image/png" });
  if (canShare(file)) {
    try {
      await navigator.share({ files: [file], text });
      return;
    } catch (error) {
      if (error.name === "AbortError") return;
    }
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = NAME;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
