/* Before anything is drawn: light or dark as this person chose on the server's pages. A night has no white flash. */
try {
  const look = localStorage.getItem("attunement.look");
  if (look) document.documentElement.dataset.look = look;
} catch { /* a browser that keeps nothing follows its own setting */ }
