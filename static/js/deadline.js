/**
 * Counts down to the deadline of an attempt, and sends the form when it has come: the server hands it in anyway.
 *
 * In the page: [data-deadline][data-now] with moments of the server, so that a wrong clock on this machine does not
 * matter, and the words data-left ("{time}" stands for minutes) and data-last.
 */

const MINUTE = 60_000;

/** @param {HTMLElement} place */
export function attach(place) {
  const opened = performance.now();
  const whole = Date.parse(place.dataset.deadline ?? "") - Date.parse(place.dataset.now ?? "");
  const note = document.createElement("strong");
  note.setAttribute("role", "timer");
  place.prepend(note, " ");
  const tick = () => {
    const left = whole - (performance.now() - opened);
    if (left <= 0) {
      handIn();
      return;
    }
    const minutes = Math.ceil(left / MINUTE);
    const clock = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")} h`;
    const words = left < MINUTE ? place.dataset.last : place.dataset.left?.replace("{time}", clock);
    if (note.textContent !== words) {
      note.textContent = words ?? "";
    }
    window.setTimeout(tick, Math.min(left, 1000));
  };
  tick();
}

/** Sends the form; without a connection it waits for one, and what is kept in the browser stays there. */
function handIn() {
  const form = document.querySelector("form[data-autosave]");
  if (!(form instanceof HTMLFormElement)) {
    return;
  }
  if (!navigator.onLine) {
    window.addEventListener("online", handIn, { once: true });
    return;
  }
  const action = document.createElement("input");
  Object.assign(action, { type: "hidden", name: "action", value: "hand-in" });
  form.append(action);
  form.requestSubmit();
}
