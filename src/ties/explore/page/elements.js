// Elements made of data: text is only ever set as text, and only web addresses become links.

/** Make an element with attributes and children; a child that is no element is shown as text. */
export function make(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** Make an element of a drawing. */
export function draw(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

/** Give an address if a reader may be sent there; null for anything but http and https. */
export function webAddress(text) {
  if (typeof text !== "string" || !URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === "https:" || protocol === "http:" ? href : null;
}

/** Make a link that tells the other side nothing; plain text where it leads nowhere safe. */
export function link(text, address) {
  const href = webAddress(address);
  return href === null ? text : make("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** Hand a file to the reader. */
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
