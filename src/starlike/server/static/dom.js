// Small words for the document. Text is only ever set as text, never as HTML.

export const byId = (id) => document.getElementById(id);

/** A copy of a template's content: its first element. */
export function copy(id) {
  return byId(id).content.firstElementChild.cloneNode(true);
}

/** Put a text into every place of that name inside an element. */
export function fill(root, place, text) {
  for (const element of root.querySelectorAll(`[data-fill="${place}"]`)) element.textContent = text;
}

/** A new element with properties and children. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Tell people who use a screen reader. */
export function tell(text) {
  byId("status").textContent = text;
}

/** Show one room of the page, hide the others, and move the focus there. */
export function show(room) {
  for (const [name, id] of Object.entries({ start: "ask", waiting: "waiting", trouble: "trouble", result: "result" })) {
    byId(id).hidden = name !== room;
  }
  document.body.dataset.state = room;
  byId("again").hidden = room === "start";
  if (room !== "start") {
    window.scrollTo({ top: 0 });
    byId(room === "result" ? "spot" : room).focus({ preventScroll: true });
  }
}
