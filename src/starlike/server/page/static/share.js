// A picture to share, drawn here in the browser: the face, the star, the score.

export const WIDTH = 1080;
export const HEIGHT = 1350;

const ARCH_WIDTH = 470;
const ARCH_HEIGHT = ARCH_WIDTH * 1.25;
const DISPLAY = getComputedStyle(document.documentElement).getPropertyValue("--display");
const TEXT = getComputedStyle(document.documentElement).getPropertyValue("--text");
const [STAGE, STAGE_END, GOLD, CREAM, PLUM] = ["#3b1238", "#6e1d3c", "#ffc861", "#fff1dd", "#3b1238"];

/** A PNG of WIDTH × HEIGHT pixels of what is shown of a face. */
export async function drawPicture(spot) {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext("2d");
  pen.textAlign = "center";
  drawGround(pen);
  drawText(pen, textOf(spot, ".eyebrow"), 165, `600 42px ${TEXT}`, GOLD);
  const after = drawHeadline(pen, textOf(spot, ".headline"));
  const top = after + (HEIGHT - 150 - after - ARCH_HEIGHT) / 2;
  drawRays(pen, WIDTH / 2, top + ARCH_HEIGHT * 0.6, 1300, 0.17);
  const you = spot.querySelector(".you canvas");
  const star = spot.querySelector(".star-face .likeness");
  if (star) {
    drawArch(pen, WIDTH / 2 - ARCH_WIDTH - 16, top, you, null);
    drawArch(pen, WIDTH / 2 + 16, top, star instanceof HTMLImageElement ? star : null, star);
    drawSeal(pen, WIDTH / 2, top + ARCH_HEIGHT * 0.6, 118, textOf(spot, ".seal-text b"));
  } else {
    drawArch(pen, (WIDTH - ARCH_WIDTH) / 2, top, you, null);
  }
  const credit = textOf(spot, ".credit-who");
  if (credit) drawText(pen, credit, HEIGHT - 108, `24px ${TEXT}`, "#f0cdb9", WIDTH - 120);
  drawBrand(pen);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function textOf(root, part) {
  return root.querySelector(part)?.textContent.trim() ?? "";
}

function drawGround(pen) {
  const ground = pen.createLinearGradient(0, 0, WIDTH * 0.4, HEIGHT);
  ground.addColorStop(0, STAGE);
  ground.addColorStop(1, STAGE_END);
  pen.fillStyle = ground;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
}

function drawRays(pen, x, y, reach, strength) {
  const light = pen.createRadialGradient(x, y, 0, x, y, reach);
  light.addColorStop(0, `rgb(255 200 97 / ${strength})`);
  light.addColorStop(1, "rgb(255 200 97 / 0)");
  pen.fillStyle = light;
  for (let ray = 0; ray < 30; ray += 1) {
    const angle = (ray * 12 * Math.PI) / 180;
    pen.beginPath();
    pen.moveTo(x, y);
    pen.arc(x, y, reach, angle, angle + (6 * Math.PI) / 180);
    pen.fill();
  }
}

function drawText(pen, text, y, font, colour, width = WIDTH - 140) {
  pen.font = font;
  pen.fillStyle = colour;
  pen.fillText(text, WIDTH / 2, y, width);
}

/** The headline in one line or two, as large as fits; returns where it ends. */
function drawHeadline(pen, text) {
  for (let size = 128; size >= 56; size -= 4) {
    pen.font = `600 ${size}px ${DISPLAY}`;
    const lines = broken(pen, text, WIDTH - 140);
    if (lines.length > 2 && size > 56) continue;
    lines.slice(0, 3).forEach((line, number) => drawText(pen, line, 195 + size * (number + 0.9), pen.font, CREAM));
    return 195 + size * lines.slice(0, 3).length;
  }
  return 195;
}

function broken(pen, text, width) {
  const lines = [""];
  for (const word of text.split(/\s+/u)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (pen.measureText(longer).width <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.some((line) => pen.measureText(line).width > width) ? [...lines, "", ""] : lines;
}

function archPath(pen, x, y) {
  const [width, height] = [ARCH_WIDTH, ARCH_HEIGHT];
  pen.beginPath();
  pen.moveTo(x, y + height * 0.4);
  pen.ellipse(x + width / 2, y + height * 0.4, width / 2, height * 0.4, 0, Math.PI, 2 * Math.PI);
  pen.arcTo(x + width, y + height, x, y + height, 28);
  pen.arcTo(x, y + height, x, y, 28);
  pen.closePath();
}

function drawArch(pen, x, y, picture, standIn) {
  const [width, height] = [ARCH_WIDTH, ARCH_HEIGHT];
  pen.save();
  archPath(pen, x, y);
  pen.clip();
  pen.fillStyle = STAGE;
  pen.fillRect(x, y, width, height);
  if (picture) drawCovering(pen, picture, x, y, width, height);
  else drawStandIn(pen, x, y, width, height, standIn);
  pen.restore();
  archPath(pen, x, y);
  pen.lineWidth = 6;
  pen.strokeStyle = GOLD;
  pen.stroke();
}

function drawCovering(pen, picture, x, y, width, height) {
  const [wide, high] = [picture.naturalWidth || picture.width, picture.naturalHeight || picture.height];
  const scale = Math.max(width / wide, height / high);
  pen.drawImage(picture, x + (width - wide * scale) / 2, y + (height - high * scale) / 2, wide * scale, high * scale);
}

function drawStandIn(pen, x, y, width, height, standIn) {
  const style = standIn ? getComputedStyle(standIn) : null;
  const shade = pen.createRadialGradient(x + 0.3 * width, y + 0.2 * height, 0, x + 0.3 * width, y + 0.2 * height, height);
  shade.addColorStop(0, style?.getPropertyValue("--from") || "#ffe3b0");
  shade.addColorStop(1, style?.getPropertyValue("--to") || "#f4a261");
  pen.fillStyle = shade;
  pen.fillRect(x, y, width, height);
  pen.fillStyle = PLUM;
  pen.font = `600 ${width * 0.36}px ${DISPLAY}`;
  pen.fillText(standIn?.textContent.trim() || "★", x + width / 2, y + height / 2 + width * 0.12);
}

function drawSeal(pen, x, y, radius, text) {
  pen.beginPath();
  for (let point = 0; point < 36; point += 1) {
    const [angle, reach] = [(point * Math.PI) / 18, point % 2 ? radius * 0.91 : radius];
    pen.lineTo(x + reach * Math.sin(angle), y - reach * Math.cos(angle));
  }
  pen.closePath();
  pen.fillStyle = GOLD;
  pen.fill();
  pen.fillStyle = PLUM;
  pen.font = `600 104px ${DISPLAY}`;
  pen.fillText(text, x, y + 28);
  pen.font = `600 30px ${TEXT}`;
  pen.fillText("of 100", x, y + 66);
}

function drawBrand(pen) {
  drawText(pen, "★ starlike", HEIGHT - 52, `600 46px ${DISPLAY}`, CREAM);
}
