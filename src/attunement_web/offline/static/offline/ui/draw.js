/** Draws parts of a page from its `<template>` elements, so that every word stands in the page and can be translated. */

/**
 * The content of template `id`. `data-if="key"` stays only where the value is true; `{key}` in a text or an attribute
 * becomes the value; `data-fill="key"` holds the value: text, or parts drawn before. Values are never read as HTML.
 */
export function draw(id, values = {}, doc = document) {
  const part = doc.getElementById(id).content.cloneNode(true);
  for (const one of part.querySelectorAll("[data-if]")) if (!values[one.dataset.if]) one.remove();
  for (const one of part.querySelectorAll("[data-unless]")) if (values[one.dataset.unless]) one.remove();
  for (const text of texts(part, doc)) text.data = filled(text.data, values);
  for (const one of part.querySelectorAll("*")) {
    for (const attribute of one.attributes) attribute.value = placed(filled(attribute.value, values), values, doc);
  }
  for (const one of part.querySelectorAll("[data-fill]")) one.replaceChildren(...parts(values[one.dataset.fill]));
  return part;
}

/** The words of template `id`, for where text is asked for. */
export function words(id, values = {}, doc = document) {
  return draw(id, values, doc).textContent.trim().replace(/\s+/g, " ");
}

/** `id-one` or `id-other`, as the page's language counts. */
export function counted(id, n, values = {}, doc = document) {
  const form = new Intl.PluralRules(doc.documentElement.lang).select(n) === "one" ? "one" : "other";
  return words(`${id}-${form}`, { n, ...values }, doc);
}

export function icon(code) {
  return used("icon", code);
}

export function shape(code) {
  return used("shape", code);
}

function used(id, code) {
  const part = draw(id, { code });
  const use = part.querySelector("use");
  use.setAttribute("href", use.getAttribute("href") + code);
  return part;
}

function parts(value) {
  if (value === undefined || value === null || value === false) return [];
  return Array.isArray(value) ? value.flatMap(parts) : [value instanceof Node ? value : String(value)];
}

function texts(part, doc) {
  const found = [], walker = doc.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.data.includes("{")) found.push(walker.currentNode);
  return found;
}

/** Addresses of the server's pages name nobody's child; here they get the one at hand. */
function placed(text, { child }, doc) {
  const { nobody } = doc.body.dataset;
  return child && nobody ? text.replaceAll(nobody, child) : text;
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}
