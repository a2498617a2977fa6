// Fills the form of the first sign-in from the fragment of the address on a card's QR code, and takes it out
// of the address and the history. Without this script the person types what stands on the card.

const form = document.querySelector("[data-first-sign-in]");
const sent = new URLSearchParams(location.hash.slice(1));

if (form instanceof HTMLFormElement && sent.has("code")) {
  for (const name of ["login", "code"]) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = sent.get(name) ?? "";
  }
  history.replaceState(null, "", location.pathname);
}
