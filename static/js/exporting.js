/**
 * Moves the bar of an export while its file is made, and loads the page again when it is.
 *
 * In the page: [data-export] with the address that tells how far it is, data-words with "{done}" and "{total}", and
 * in it a <progress> with its text beside it.
 */

const EVERY = 1000;
/** After a failure it waits longer each time, up to this. */
const LONGEST = 30_000;

/** @param {HTMLElement} place */
export function attach(place) {
  const bar = place.querySelector("progress");
  const text = place.querySelector(".progress-text");
  let pause = EVERY;
  const look = async () => {
    try {
      const answer = await fetch(place.dataset.export ?? "", { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      const { done, total, finished } = await answer.json();
      if (finished) {
        window.location.reload();
        return;
      }
      if (done > 0 && bar && text) {
        bar.max = total || 1;
        bar.value = done;
        text.textContent = (place.dataset.words ?? "").replace("{done}", done).replace("{total}", total);
        bar.setAttribute("aria-label", text.textContent);
      }
      pause = EVERY;
    } catch {
      pause = Math.min(2 * pause, LONGEST);
    }
    window.setTimeout(look, pause);
  };
  window.setTimeout(look, pause);
}
