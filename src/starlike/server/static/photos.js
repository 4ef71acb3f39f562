// A photo as the page holds it: what is sent, and a picture of it to draw from.

const LONGEST_SHOWN = 1600;
const LONGEST_SENT = 3000;
const JPEG_QUALITY = 0.92;

export const limits = {
  photos: Number(document.body.dataset.maxPhotos),
  bytes: Number(document.body.dataset.maxBytes),
  pixels: Number(document.body.dataset.maxPixels),
};

let taken = 0;

/**
 * Take a file in. A photo that this browser cannot draw, as HEIC in most, is sent as it is and
 * has no picture.
 */
export async function takeIn(file) {
  const shot = { id: ++taken, blob: file, picture: null, faces: [], error: null, size: null };
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
 * The face in a box, with room around it, as a canvas of 4:5; null without a picture.
 * The box is in pixels of the upright photo: top, right, bottom, left.
 */
export function portraitOf(shot, box, width) {
  if (!shot.picture || !box || !shot.size) return null;
  const { picture } = shot;
  const perPixel = picture.width / shot.size[0];
  const [top, right, bottom, left] = box.map((edge) => edge * perPixel);
  const height = Math.min(2.15 * (bottom - top), picture.height, picture.width * 1.25);
  const wide = height * 0.8;
  const x = clamp((left + right - wide) / 2, 0, picture.width - wide);
  const y = clamp((top + bottom - height) / 2 - 0.05 * height, 0, picture.height - height);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = Math.round(width * 1.25);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, x, y, wide, height, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function clamp(value, low, high) {
  return Math.max(low, Math.min(value, high));
}
