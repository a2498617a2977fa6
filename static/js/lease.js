/**
 * One page saves an attempt at a time. A page that opens takes the lease; one that lost it becomes read-only and offers
 * to go on here. Without an answer from the server a page goes on as it is: what is saved is still checked by revision.
 *
 * In the page: form[data-lease-url][data-taken][data-take] (the words when it is lost, and on the button). A form without
 * them takes no lease.
 */

import { newId } from "./ids.js";

export class Lease {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.id = newId();
    /** @type {string | null} What a save names; null as long as the server has not given it. */
    this.held = null;
    this.lost = false;
    // Pages of the same browser hear of it at once.
    this.channel = form.dataset.leaseUrl && "BroadcastChannel" in window ? new BroadcastChannel(`headwater:${form.dataset.attempt}`) : null;
    this.channel?.addEventListener("message", (event) => event.data !== this.id && this.lose());
  }

  /** @param {() => void} then */
  async take(then) {
    if (!this.form.dataset.leaseUrl) {
      then();
      return;
    }
    try {
      const answer = await fetch(`${this.form.dataset.leaseUrl}${this.id}`, {
        method: "PUT",
        headers: {
          "X-CSRFToken": document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "",
          "X-Requested-With": "fetch",
        },
        credentials: "same-origin",
      });
      if (answer.ok) {
        this.held = this.id;
        this.channel?.postMessage(this.id);
      }
    } catch {
      // Offline: the next save tells whether another page has taken over.
    }
    then();
  }

  lose() {
    if (this.lost) {
      return;
    }
    this.lost = true;
    const notice = document.createElement("div");
    notice.className = "notice notice-warning";
    notice.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = this.form.dataset.taken ?? "";
    const again = document.createElement("button");
    again.className = "button";
    again.type = "button";
    again.textContent = this.form.dataset.take ?? "";
    // The page that opens takes the lease and shows what is stored by then.
    again.addEventListener("click", () => location.reload());
    notice.append(words, again);
    this.form.before(notice);
    this.form.querySelectorAll("fieldset, button").forEach((control) => {
      /** @type {HTMLButtonElement} */ (control).disabled = true;
    });
    notice.scrollIntoView({ block: "nearest" });
  }
}
