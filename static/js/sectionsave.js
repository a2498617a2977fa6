/**
 * A page of the self-assessment saves itself on every change. The button at its end does the same without it.
 * The words stand in the page: data-saving, data-saved, data-failed, and data-ended for a session that is over.
 */

const PAUSES = [1000, 3000, 8000, 20000];

/** @param {HTMLFormElement} form */
export function attach(form) {
  const status = form.querySelector("[data-save-status]");
  let version = 0;
  let running = false;
  let tries = 0;
  let dirty = false;

  /** @param {string} state @param {string} [text] */
  const say = (state, text) => {
    if (status instanceof HTMLElement) {
      status.dataset.state = state;
      status.textContent = text ?? "";
    }
  };

  const save = async () => {
    if (running) {
      return;
    }
    running = true;
    const sent = version;
    say("saving", form.dataset.saving);
    let code = 0;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Requested-With": "fetch" },
        credentials: "same-origin",
        keepalive: true,
      });
      code = answer.status;
      // A redirect to another page counts as saved, but for one to the sign-in page.
      if (answer.redirected && new URL(answer.url).pathname.endsWith("/sign-in")) {
        code = 401;
      }
    } catch {
      code = 0;
    }
    running = false;
    if (code >= 200 && code < 400) {
      tries = 0;
      dirty = version !== sent;
      if (dirty) {
        save();
      } else {
        say("saved", form.dataset.saved);
      }
    } else if (code === 401 || code === 403) {
      say("ended", form.dataset.ended ?? form.dataset.failed);
    } else {
      say("failed", form.dataset.failed);
      if (tries < PAUSES.length && (code === 0 || code === 429 || code >= 500)) {
        window.setTimeout(save, PAUSES[tries++]);
      }
    }
  };

  form.addEventListener("change", () => {
    version += 1;
    dirty = true;
    tries = 0;
    save();
  });
  form.addEventListener("submit", () => {
    dirty = false;
  });
  window.addEventListener("online", () => dirty && save());
  window.addEventListener("beforeunload", (event) => {
    if (dirty) {
      event.preventDefault();
    }
  });
}
