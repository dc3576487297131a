/** Puts the moment's id into the address, so that "back" returns to this same moment and not to a second one. */
export function remember(form, { history = window.history, location = window.location } = {}) {
  const address = new URL(location.href);
  address.searchParams.set("moment", form.dataset.note);
  history.replaceState(history.state, "", address);
}

const form = document.querySelector("[data-note]");
form?.addEventListener("submit", () => remember(form));
