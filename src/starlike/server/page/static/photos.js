// A photo as the page holds it: what is sent, and a picture of it to draw from.

const LONGEST_SHOWN = 1600;
const LONGEST_SENT = 3000;
const JPEG_QUALITY = 0.92;

export const limits = {
  photos: Number(document.body.dataset.maxPhotos),
  bytes: Number(document.body.dataset.maxBytes),
  pixels: Number(document.body.dataset.maxPixels),
};

/**
 * Take a file in. A photo that this browser cannot draw, as HEIC in most, is sent as it is and
 * has no picture.
 */
export async function takeIn(file) {
  const shot = { blob: file, picture: null };
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return shot;
  }
  shot.picture = scaled(bitmap, Math.min(1, LONGEST_SHOWN / Math.max(bitmap.width, bitmap.height)));
  shot.blob = await within(file, bitmap);
  bitmap.close();
  return shot;
}

/** The file itself, or a smaller JPEG of it where it is beyond the limits. */
async function within(file, bitmap) {
  const pixels = bitmap.width * bitmap.height;
  if (file.size <= limits.bytes && pixels <= limits.pixels) return file;
  const longest = Math.max(bitmap.width, bitmap.height);
  let scale = Math.min(1, LONGEST_SENT / longest, Math.sqrt((0.98 * limits.pixels) / pixels));
  for (let attempt = 0; attempt < 6; attempt += 1, scale *= 0.7) {
    const blob = await toBlob(scaled(bitmap, scale), "image/jpeg");
    if (blob && blob.size <= limits.bytes) return blob;
  }
  return file;
}

function scaled(bitmap, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(bitmap.width * scale));
  canvas.height = Math.max(1, Math.floor(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

export function toBlob(canvas, kind) {
  return new Promise((done) => canvas.toBlob(done, kind, JPEG_QUALITY));
}

/** A copy of a photo's picture, to be put somewhere. */
export function pictureOf(shot) {
  return scaled(shot.picture, 1);
}

/**
 * A part of a photo as a canvas so wide; null without a picture.
 *
 * `frame` is the top, right, bottom and left of the part, and `size` the width and height of the
 * photo, in pixels of the upright photo as the server saw it.
 */
export function portraitOf(shot, frame, size, width) {
  if (!shot.picture || !frame || !size) return null;
  const perPixel = shot.picture.width / size[0];
  const [top, right, bottom, left] = frame.map((edge) => edge * perPixel);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = Math.round((width * (bottom - top)) / (right - left));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(shot.picture, left, top, right - left, bottom - top, 0, 0, canvas.width, canvas.height);
  return canvas;
}
