/**
 * The question workshop checks itself as somebody types. The button does the same without it.
 * The words stand in the page: data-checking and data-failed.
 */

const PAUSE = 700;

/** @param {HTMLFormElement} form */
export function attach(form) {
  const text = form.querySelector("textarea");
  const result = document.querySelector("[data-workshop-result]");
  const status = document.querySelector("[data-workshop-status]");
  if (!text || !result || !status) {
    return;
  }
  let timer = 0;
  /** @type {AbortController | undefined} */
  let running;

  /**
   * What is found stands on the page anyway, and is only spoken here.
   * @param {string | null | undefined} words @param {boolean} [spoken]
   */
  const say = (words, spoken = false) => {
    status.classList.toggle("visually-hidden", spoken);
    status.textContent = words ?? "";
  };

  const check = async () => {
    window.clearTimeout(timer);
    running?.abort();
    const mine = new AbortController();
    running = mine;
    say(form.dataset.checking);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Requested-With": "fetch" },
        credentials: "same-origin",
        signal: mine.signal,
      });
      // A session that is over, and an error, come as something else than a part of this page.
      if (!(answer.ok || answer.status === 429) || !answer.headers.get("Content-Type")?.startsWith("text/html")) {
        throw new Error(String(answer.status));
      }
      result.innerHTML = await answer.text();
      say(result.querySelector("[data-workshop-summary]")?.textContent, true);
    } catch {
      if (running === mine) {
        say(form.dataset.failed);
      }
    }
  };

  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(check, PAUSE);
  });
  // Typed before this script came, or put back by the browser.
  if (text.value !== text.defaultValue) {
    check();
  }

  // A finding leads to its line in the text.
  result.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-line]") : null;
    if (!(link instanceof HTMLElement)) {
      return;
    }
    event.preventDefault();
    const lines = text.value.split("\n");
    const number = Math.min(Number(link.dataset.line), lines.length);
    const start = lines.slice(0, number - 1).reduce((total, line) => total + line.length + 1, 0);
    text.focus();
    text.setSelectionRange(start, start + lines[number - 1].length);
  });
}
