// Small words for the document. The only HTML that is put into it is the server's own.

export const byId = (id) => document.getElementById(id);

/** A copy of a template's content: its first element. */
export function copy(id) {
  return byId(id).content.firstElementChild.cloneNode(true);
}

/** The numbers that an attribute holds, divided by spaces; null where it is not there. */
export function numbers(text) {
  return text === undefined ? null : text.split(" ").map(Number);
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
    (room === "result" ? document.querySelector("#result .spot") : byId(room)).focus({ preventScroll: true });
  }
}
