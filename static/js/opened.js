/**
 * Tells the server that a lesson was opened, and the furthest heading that came into view. Nothing is measured in time.
 * What does not arrive is not sent again: the lesson reads the same without it.
 *
 * In the page: article[data-opened] (where to send it), headings in .lesson-body.
 */

/** Milliseconds without a new heading after which the place is sent. */
const PAUSE = 5000;

/** @param {HTMLElement} lesson */
export function attach(lesson) {
  const headings = [...lesson.querySelectorAll(".lesson-body :is(h2, h3)[id]")];
  let reached = 0;
  let sent = -1;
  let pause = 0;

  const send = () => {
    clearTimeout(pause);
    if (reached <= sent) {
      return;
    }
    sent = reached;
    const form = new FormData();
    form.set("csrf_token", document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "");
    form.set("reached", String(reached));
    // A beacon goes out although the page is being left.
    navigator.sendBeacon(lesson.dataset.opened ?? "", form);
  };

  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      // One that was jumped over counts too: it stands above the view.
      if (entry.isIntersecting || entry.boundingClientRect.top < 0) {
        reached = Math.max(reached, headings.indexOf(entry.target) + 1);
      }
    }
    if (reached > sent) {
      clearTimeout(pause);
      pause = setTimeout(send, PAUSE);
    }
  });
  headings.forEach((heading) => observer.observe(heading));
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
  send();
}
