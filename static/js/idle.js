/**
 * A kiosk clears itself: after three minutes without a touch or a key everything on the page is gone and the first page
 * is back. Half a minute before, it asks whether somebody is still there.
 */

const CLEAR_AFTER = 180_000;
const ASK_AFTER = 150_000;

/**
 * @param {HTMLElement} body
 * @param {string} start
 */
export function attachIdle(body, start) {
  let last = Date.now();
  const asks = body.querySelector("[data-idle]");
  const stay = body.querySelector("[data-stay]");
  const here = () => {
    last = Date.now();
    asks?.setAttribute("hidden", "");
    body.querySelector("main")?.removeAttribute("inert");
  };
  // Not "scroll": the page scrolls by itself too, when a step appears and when the question below takes the focus.
  for (const kind of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
    window.addEventListener(kind, here, { passive: true });
  }
  // The clock is asked, not counted: a tablet that slept is cleared when it wakes.
  const timer = window.setInterval(() => {
    const quiet = Date.now() - last;
    if (quiet >= CLEAR_AFTER) {
      window.clearInterval(timer);
      body.replaceChildren();
      location.replace(start);
    } else if (quiet >= ASK_AFTER && asks?.hasAttribute("hidden")) {
      asks.removeAttribute("hidden");
      body.querySelector("main")?.setAttribute("inert", "");
      if (stay instanceof HTMLElement) {
        stay.focus();
      }
    }
  }, 1000);
}
