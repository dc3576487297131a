/* Leave at once: the page that was open is replaced, so that "back" does not lead to it. Without this it is a link. */

export function mountLeaving(root = document, go = (address) => location.replace(address)) {
  for (const way of root.querySelectorAll("[data-leave]")) {
    way.addEventListener("click", (event) => {
      event.preventDefault();
      go(way.href);
    });
  }
}

mountLeaving();
