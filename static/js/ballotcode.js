/**
 * Codes of ballots, as learning/ballots/codes.py makes and reads them: Crockford's 32 symbols, two of them to check the
 * others by a Reed-Solomon code over the field of 32 elements.
 */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** @type {Record<string, string>} */
const READ_AS = { I: "1", L: "1", O: "0", U: "V" };
export const CODE_LENGTH = 18;

/** @param {number} length */
export function newKey(length) {
  return [...crypto.getRandomValues(new Uint8Array(length))].map((byte) => ALPHABET[byte & 31]).join("");
}

/** A code as it is compared, whatever spaces, hyphens and small letters it was typed with. @param {string} typed */
export function symbols(typed) {
  return typed.replace(/[\s-]/g, "").toUpperCase().replace(/[ILOU]/g, (letter) => READ_AS[letter]);
}

/** Whether the check symbols do not fit. @param {string} typed */
export function isMistyped(typed) {
  const whole = symbols(typed);
  return whole.length !== CODE_LENGTH || checkSymbols(whole.slice(0, -2)) !== whole.slice(-2);
}

/** @param {number} left @param {number} right */
function times(left, right) {
  let product = 0;
  for (; right; right >>= 1) {
    if (right & 1) {
      product ^= left;
    }
    left = left & 16 ? (left << 1) ^ 0b100101 : left << 1;
  }
  return product;
}

/** @param {string} text */
export function checkSymbols(text) {
  const one = 2 ^ times(2, 2);
  const none = times(2, times(2, 2));
  let high = 0;
  let low = 0;
  for (const symbol of text) {
    const factor = high ^ ALPHABET.indexOf(symbol);
    [high, low] = [low ^ times(factor, one), times(factor, none)];
  }
  return ALPHABET[high] + ALPHABET[low];
}
