/**
 * Marks in the contents of a lesson the section that is being read.
 * @param {HTMLElement} contents
 */
export function attach(contents) {
  /** @type {Map<Element, HTMLAnchorElement>} */
  const links = new Map();
  for (const link of contents.querySelectorAll("a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) {
      links.set(heading, link);
    }
  }
  const headings = [...links.keys()];

  const show = () => {
    const line = window.innerHeight / 3;
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < line);
    const here = passed.length ? links.get(passed[passed.length - 1]) : undefined;
    for (const link of links.values()) {
      const current = link === here;
      link.parentElement?.classList.toggle("contents-here", current);
      if (current) {
        link.setAttribute("aria-current", "true");
      } else {
        link.removeAttribute("aria-current");
      }
    }
  };

  // A heading that crosses the upper third, in either direction, changes the section.
  const observer = new IntersectionObserver(show, { rootMargin: "0px 0px -67% 0px" });
  headings.forEach((heading) => observer.observe(heading));
  show();
}
