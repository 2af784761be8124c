// Builds elements from values. Data only ever becomes text or an attribute, never markup.

/** @typedef {string | number | Node | null | undefined | false} Leaf */
/** Leaves, in lists of any depth. JSDoc cannot name a type that holds itself. @typedef {Leaf | readonly any[]} Child */
/** @typedef {Record<string, unknown>} Props */

/**
 * @param {Element} element
 * @param {string} name
 * @param {unknown} value
 */
function setProp(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on") && typeof value === "function") {
    element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
  } else if (name === "value" && "value" in element) {
    element.value = String(value);
  } else if ((name === "checked" || name === "indeterminate") && name in element) {
    Object.assign(element, { [name]: value });
  } else {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * Appends children; empty ones (null, undefined, false) are left out.
 * @param {Node} parent
 * @param {readonly Child[]} children
 */
function append(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, child);
    else if (child instanceof Node) parent.appendChild(child);
    else parent.appendChild(document.createTextNode(String(child)));
  }
}

/**
 * An HTML element. Names beginning with `on` are listeners (`onclick`), the others attributes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  const late = props?.["value"];
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name !== "value") setProp(element, name, value);
  }
  append(element, children);
  // After the children: a select takes its value from its options.
  if (late !== undefined) setProp(element, "value", late);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * An SVG element.
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Node} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes, ...children) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  for (const child of children) element.appendChild(child);
  return element;
}

/**
 * Replaces what an element holds.
 * @param {Element} element
 * @param {...Child} children
 */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/**
 * The element of an id that the page is known to have.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element #${id}`);
  return element;
}

let lastId = 0;

/** An id that no other element of the page has.
 * @param {string} prefix
 */
export function freshId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/** What of an SVG picture of a QR code is taken over: shapes, nothing that runs or loads. */
const SAFE_SVG = new Set(["svg", "g", "path", "rect", "title", "desc"]);
const SAFE_ATTRIBUTES = new Set([
  "viewBox", "width", "height", "x", "y", "d", "fill", "fill-rule", "transform", "shape-rendering", "version",
]);

/**
 * @param {Element} source
 * @returns {SVGElement | null}
 */
function copySafely(source) {
  if (!SAFE_SVG.has(source.localName)) return null;
  const copy = svg(source.localName, {});
  for (const { name, value } of source.attributes) {
    if (SAFE_ATTRIBUTES.has(name)) copy.setAttribute(name, value);
  }
  for (const child of source.children) {
    const inner = copySafely(child);
    if (inner) copy.appendChild(inner);
  }
  return copy;
}

/**
 * A picture from SVG text (a QR code), or null where the text is none. Only shapes are taken over.
 * @param {string} text
 * @param {string} label what it shows, for those who cannot see it
 * @returns {SVGElement | null}
 */
export function svgFromText(text, label) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  if (parsed.querySelector("parsererror")) return null;
  const picture = copySafely(parsed.documentElement);
  if (!picture) return null;
  const width = picture.getAttribute("width");
  const height = picture.getAttribute("height");
  if (!picture.hasAttribute("viewBox") && width && height) {
    picture.setAttribute("viewBox", `0 0 ${parseFloat(width)} ${parseFloat(height)}`);
  }
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", label);
  return picture;
}
