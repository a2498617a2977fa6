/**
 * Saves every answer of a quiz or of the self-assessment as it is given.
 *
 * In the page: form[data-autosave][data-attempt] with fieldset[data-question="<id>"][data-save-url][data-revision], which
 * may hold an input[data-base] with the revision that the page shows, radio buttons in a [data-certainty], and an
 * input[data-operations] for the saves that are on their way while the form is sent: an answer stored by one of them is
 * no answer of another tab. Entries to be put in order are input[data-entry], an answer once their name starts with
 * "q-". The words stand on the form, by saving_words() of components/saving.html.
 * With data-lease-url one page saves at a time: the newest takes the lease, and an older one becomes read-only and offers
 * to take it back. With data-token, and data-keep-url on a question, saving goes on after the session has ended.
 * What could not be sent stays in localStorage under the attempt until it is saved; with data-keep="tab" in
 * sessionStorage, never longer than the tab: others may use the device.
 */

import { newId } from "./ids.js";
import { storeKey } from "./kept.js";
import { Lease } from "./lease.js";
import { attachOrdering, showOrder } from "./ordering.js";
import { freshToken } from "./token.js";

const TYPING = 600;
const PAUSES = [1000, 2000, 5000, 10000, 30000];

/** @typedef {{operation: string, revision: number, value: string[], certainty: number | null, given: number}} Unsent */

/** @param {HTMLFormElement} form */
export function attach(form) {
  const store = new Store(storeKey(form.dataset.attempt), form.dataset.keep === "tab" ? () => sessionStorage : () => localStorage);
  const queue = new Queue();
  const lease = new Lease(form);
  const questions = [...form.querySelectorAll("fieldset[data-question][data-save-url]")].map(
    (place) => new Question(/** @type {HTMLFieldSetElement} */ (place), form, store, lease, queue, again),
  );
  /** All that waits is sent in the order in which it was given, whichever of it was to be tried again first. */
  function again() {
    const waiting = questions.filter((question) => question.unsaved);
    waiting.sort((one, other) => (one.unsent?.given ?? 0) - (other.unsent?.given ?? 0));
    waiting.forEach((question) => question.flush());
  }
  form.querySelectorAll("[data-ordering]").forEach((list) => attachOrdering(/** @type {HTMLElement} */ (list)));
  lease.take(() => questions.forEach((question) => question.restore()));
  const state = form.querySelector("[data-answered]");
  if (state instanceof HTMLElement) {
    const count = () => showAnswered(state, questions.filter((question) => question.value().length > 0).length);
    form.addEventListener("input", count);
    count();
  }

  // What is kept stays until the server has it: a form that is sent without a connection arrives nowhere.
  form.addEventListener("submit", () => questions.forEach((question) => question.stop()));
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  window.addEventListener("online", () => {
    questions.forEach((question) => {
      question.tries = 0;
    });
    again();
  });
  // A phone may end the page after this without another word.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      questions.forEach((question) => question.flush());
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (questions.some((question) => question.unsaved)) {
      event.preventDefault();
    }
  });
}

class Question {
  /**
   * @param {HTMLFieldSetElement} place
   * @param {HTMLFormElement} form
   * @param {Store} store
   * @param {Lease} lease
   * @param {Queue} queue
   * @param {() => void} again sends all of the page that waits
   */
  constructor(place, form, store, lease, queue, again) {
    this.lease = lease;
    this.queue = queue;
    this.again = again;
    this.place = place;
    this.words = form.dataset;
    this.store = store;
    this.id = place.dataset.question ?? "";
    this.url = place.dataset.saveUrl ?? "";
    this.keepUrl = place.dataset.keepUrl ?? "";
    this.revision = Number(place.dataset.revision ?? 0);
    this.form = form;
    this.status = place.querySelector("[data-save-status]") ?? newStatus(place);
    /** @type {string[]} Values that were sent and may have arrived. */
    this.sent = [];
    /** @type {Unsent | null} */
    this.unsent = null;
    /** @type {string[]} Saves that were begun. */
    this.operations = [];
    this.leaving = new AbortController();
    this.running = false;
    this.stopped = false;
    this.tries = 0;
    this.timer = 0;
    place.addEventListener("input", (event) => {
      const choice = event.target instanceof HTMLInputElement && /^(radio|checkbox)$/.test(event.target.type);
      this.changed(choice || event.target instanceof HTMLSelectElement ? 0 : TYPING);
    });
  }

  get unsaved() {
    return !this.stopped && this.unsent !== null;
  }

  /** The controls that hold the answer, in their order. */
  controls() {
    return /** @type {Array<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>} */ ([
      ...this.place.querySelectorAll("input:not([type=hidden]), input[data-entry][name^=q-], select, textarea"),
    ]).filter((control) => !control.closest("[data-certainty]"));
  }

  /** How sure the person says they are; null if they did not say, or are not asked. */
  certainty() {
    const chosen = this.place.querySelector("[data-certainty] input:checked");
    return chosen instanceof HTMLInputElement ? Number(chosen.value) : null;
  }

  /** @returns {string[]} */
  value() {
    const value = this.controls()
      .filter((control) => !isChoice(control) || /** @type {HTMLInputElement} */ (control).checked)
      .map((control) => control.value);
    return value.some((each) => each.trim()) ? value : [];
  }

  /**
   * @param {string[]} value
   * @param {number | null} certainty
   */
  show(value, certainty) {
    this.place.querySelectorAll("[data-certainty] input").forEach((radio) => {
      /** @type {HTMLInputElement} */ (radio).checked = Number(/** @type {HTMLInputElement} */ (radio).value) === certainty;
    });
    const list = this.place.querySelector("[data-ordering]");
    if (list instanceof HTMLElement) {
      showOrder(list, value);
      return;
    }
    const controls = this.controls();
    const open = controls.filter((control) => !isChoice(control));
    open.forEach((control, place) => {
      control.value = value[place] ?? "";
    });
    controls.filter(isChoice).forEach((control) => {
      /** @type {HTMLInputElement} */ (control).checked = value.includes(control.value);
    });
  }

  /** What an earlier visit could not send is shown again and sent. */
  restore() {
    const kept = this.store.get(this.id);
    if (kept && same(kept) === same({ value: this.value(), certainty: this.certainty() })) {
      this.store.drop(this.id);
    } else if (kept) {
      this.show(kept.value, kept.certainty ?? null);
      this.unsent = kept;
      this.sent.push(same(kept));
      this.send();
    } else if (this.controls().some(isChanged)) {
      // Answered before this script came.
      this.changed(0);
    }
  }

  /** @param {number} wait */
  changed(wait) {
    this.keep({ operation: newId(), revision: this.revision + 1, value: this.value(), certainty: this.certainty(), given: Date.now() });
    this.tries = 0;
    this.later(wait);
  }

  /** @param {Unsent} unsent */
  keep(unsent) {
    this.unsent = unsent;
    this.store.put(this.id, unsent);
  }

  /** @param {number} revision */
  stored(revision) {
    this.revision = revision;
    const base = this.place.querySelector("input[data-base]");
    if (base instanceof HTMLInputElement) {
      base.value = String(revision);
    }
  }

  /** @param {number} wait */
  later(wait) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.send(), wait);
  }

  flush() {
    if (this.unsaved) {
      this.later(0);
    }
  }

  stop() {
    this.stopped = true;
    this.leaving.abort();
    window.clearTimeout(this.timer);
  }

  async send() {
    const sent = this.unsent;
    if (!sent || this.running || this.stopped || this.lease.lost) {
      return;
    }
    this.running = true;
    if (this.tries === 0) {
      this.say("saving", this.words.saving);
    }
    this.sent.push(same(sent));
    this.begun(sent.operation);
    let { code, body } = await this.queue.add(() => this.put(this.url, sent));
    if ((code === 401 || code === 400) && this.keepUrl) {
      // The session has ended; the token of the attempt still saves.
      const kept = await this.put(this.keepUrl, sent);
      ({ code, body } = kept.code === 404 ? { code, body } : kept);
    }
    this.running = false;
    if (this.stopped) {
      return;
    }
    if (code >= 200 && code < 300) {
      this.arrived(sent, body.revision ?? sent.revision);
    } else if (code === 409 && body.revision && this.sent.includes(same(body))) {
      // What is stored there came from here: only the answer to it was lost.
      this.arrived(same(sent) === same(body) ? sent : null, body.revision);
    } else if (code === 409 && body.lease) {
      this.lease.lose();
    } else if (code === 409 && !body.revision) {
      // Handed in, or its time is up: the review shows how it stands.
      this.say("ended", body.error, this.words.reload);
      this.store.drop(this.id);
      this.stop();
    } else if (code === 409) {
      this.say("changed", this.words.changed, this.words.reload);
      this.store.drop(this.id);
      this.stop();
    } else if (code === 401 || code === 403 || (code === 400 && this.tries === 0)) {
      // Somebody signed in again in another tab: this page goes on with the new token.
      this.say("ended", this.words.ended);
      await freshToken(this.form);
      this.retry();
    } else if (code === 0 || code === 429 || code >= 500) {
      this.say("failed", this.words.failed);
      this.retry();
    } else {
      this.say("failed", `${this.words.refused ?? ""} ${body.error ?? ""}`.trim());
    }
  }

  /**
   * @param {Unsent | null} sent what is now stored, or null for an earlier value of this page
   * @param {number} revision
   */
  arrived(sent, revision) {
    this.stored(revision);
    this.tries = 0;
    this.sent = [];
    if (this.unsent === sent) {
      this.unsent = null;
      this.store.drop(this.id);
      this.say("saved", this.words.saved);
    } else if (this.unsent) {
      this.keep({ ...this.unsent, revision: revision + 1 });
      this.later(0);
    }
  }

  /** @param {string} operation */
  begun(operation) {
    const note = this.place.querySelector("input[data-operations]");
    if (note instanceof HTMLInputElement && !this.operations.includes(operation)) {
      this.operations.push(operation);
      // The last ones suffice: an older save was answered long ago.
      note.value = this.operations.slice(-5).join(" ");
    }
  }

  retry() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(this.again, PAUSES[Math.min(this.tries, PAUSES.length - 1)]);
    this.tries += 1;
  }

  /**
   * @param {string} url
   * @param {Unsent} sent
   * @returns {Promise<{code: number, body: {revision?: number, value?: string[], certainty?: number | null, error?: string, lease?: boolean}}>}
   */
  async put(url, sent) {
    try {
      const answer = await fetch(url, {
        method: "PUT",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "",
          "X-Requested-With": "fetch",
          ...(url === this.keepUrl ? { "X-Attempt-Token": this.form.dataset.token ?? "" } : {}),
        },
        body: JSON.stringify({
          operation_id: sent.operation,
          revision: sent.revision,
          value: sent.value,
          ...(sent.certainty ? { certainty: sent.certainty } : {}),
          ...(this.lease.held ? { lease: this.lease.held } : {}),
        }),
        credentials: "same-origin",
        redirect: "error",
        keepalive: true,
        signal: this.leaving.signal,
      });
      const body = await answer.json().catch(() => ({}));
      return { code: answer.status, body: body ?? {} };
    } catch {
      return { code: 0, body: {} };
    }
  }

  /**
   * @param {string} state
   * @param {string} [text]
   * @param {string} [reload]
   */
  say(state, text, reload) {
    if (!(this.status instanceof HTMLElement)) {
      return;
    }
    if (this.status.dataset.state === state && state === "failed" && this.status.textContent === text) {
      return; // Said already; a screen reader would read it again.
    }
    this.status.dataset.state = state;
    this.status.textContent = text ?? "";
    if (reload) {
      const link = document.createElement("a");
      link.href = location.href;
      link.textContent = reload;
      this.status.append(" ", link);
    }
  }
}

/**
 * How many questions are answered, in the words of the page.
 * @param {HTMLElement} place
 * @param {number} answered
 */
function showAnswered(place, answered) {
  const words = (place.dataset.answered ?? "").replace("{answered}", String(answered));
  const bar = place.querySelector("progress");
  const text = place.querySelector(".progress-text");
  if (bar && text) {
    bar.value = answered;
    bar.setAttribute("aria-label", words);
    text.textContent = words;
  }
}

/**
 * Two answers are the same if this is. Choices have no order of their own: the page lists them as the paper does.
 * @param {{value?: string[], certainty?: number | null}} answer
 */
function same(answer) {
  return JSON.stringify([answer.value ?? [], answer.certainty ?? null]);
}

/**
 * @param {HTMLElement} place
 * @returns {HTMLElement}
 */
function newStatus(place) {
  const status = document.createElement("p");
  status.className = "save-status";
  status.setAttribute("role", "status");
  place.append(status);
  return status;
}

/**
 * Whether a control holds something else than the page came with.
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control
 */
function isChanged(control) {
  if (control instanceof HTMLSelectElement) {
    const came = [...control.options].find((option) => option.defaultSelected) ?? control.options[0];
    return control.value !== came?.value;
  }
  return control instanceof HTMLInputElement && isChoice(control)
    ? control.checked !== control.defaultChecked
    : control.value !== control.defaultValue;
}

/** @param {Element} control */
function isChoice(control) {
  return control instanceof HTMLInputElement && (control.type === "radio" || control.type === "checkbox");
}

/** Answers arrive in the order in which they were given: one is sent when the one before has been answered. */
class Queue {
  constructor() {
    this.last = Promise.resolve();
  }

  /**
   * @template T
   * @param {() => Promise<T>} send
   * @returns {Promise<T>}
   */
  add(send) {
    // A page that is about to end cannot wait for an answer.
    const mine = document.visibilityState === "hidden" ? send() : this.last.then(send);
    this.last = mine.then(() => undefined);
    return mine;
  }
}

/** Unsent answers of one attempt. A browser that stores nothing only loses what a closed page could not send. */
class Store {
  /**
   * @param {string} key
   * @param {() => Storage} place Asked each time: a browser that forbids it refuses already to name it.
   */
  constructor(key, place) {
    this.key = key;
    this.place = place;
  }

  /** @returns {Record<string, Unsent>} */
  all() {
    try {
      return JSON.parse(this.place().getItem(this.key) ?? "{}") ?? {};
    } catch {
      return {};
    }
  }

  /** @param {string} id @returns {Unsent | undefined} */
  get(id) {
    const kept = this.all()[id];
    return Array.isArray(kept?.value) ? kept : undefined;
  }

  /** @param {string} id @param {Unsent} unsent */
  put(id, unsent) {
    this.write({ ...this.all(), [id]: unsent });
  }

  /** @param {string} id */
  drop(id) {
    const { [id]: _, ...rest } = this.all();
    this.write(rest);
  }

  /** @param {Record<string, Unsent>} all */
  write(all) {
    try {
      if (Object.keys(all).length) {
        this.place().setItem(this.key, JSON.stringify(all));
      } else {
        this.place().removeItem(this.key);
      }
    } catch {
      // Full or forbidden: the answer is still sent.
    }
  }
}
