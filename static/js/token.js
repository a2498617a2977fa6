/**
 * Somebody signed in again in another tab: a page that still stands open goes on with the new token.
 */

/** @param {HTMLFormElement} form */
export async function freshToken(form) {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector('meta[name="csrf-token"]')?.getAttribute("content");
    if (answer.ok && token) {
      document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", token);
      form.querySelectorAll('input[name="csrf_token"]').forEach((field) => field.setAttribute("value", token));
    }
  } catch {
    // Tried again with the next save.
  }
}
