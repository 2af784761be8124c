// 接口: the OpenAPI document, readable.

import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { start } from "./shell.js";
import { texts } from "./texts.js";
import { chip, empty, field } from "./ui.js";
import { param, setParams } from "./url-state.js";

/** @typedef {Record<string, unknown>} Obj */

const t = texts.api;
const METHODS = ["get", "post", "put", "patch", "delete"];

/** @param {unknown} value @returns {Obj} */
const obj = (value) => (value && typeof value === "object" && !Array.isArray(value) ? /** @type {Obj} */ (value) : {});
/** @param {unknown} value @returns {unknown[]} */
const arr = (value) => (Array.isArray(value) ? value : []);
/** @param {unknown} value */
const str = (value) => (typeof value === "string" ? value : "");

/** A schema in short: `Person[]`, `string (date-time)`, `{…}`; names are links.
 * @param {unknown} schema
 * @returns {import("./dom.js").Child}
 */
function shortly(schema) {
  const s = obj(schema);
  const ref = str(s["$ref"]);
  if (ref) {
    const name = ref.split("/").at(-1) ?? ref;
    return h("a", { href: `#schema-${name}` }, name);
  }
  if (s["type"] === "array") return [shortly(s["items"]), "[]"];
  const choices = [...arr(s["oneOf"]), ...arr(s["anyOf"])];
  if (choices.length > 0) return choices.flatMap((choice, index) => [index > 0 ? " | " : null, shortly(choice)]);
  const all = arr(s["allOf"]);
  if (all.length > 0) return all.flatMap((part, index) => [index > 0 ? " & " : null, shortly(part)]);
  const values = arr(s["enum"]);
  if (values.length > 0) return values.map((value) => JSON.stringify(value)).join(" | ");
  const type = Array.isArray(s["type"]) ? s["type"].join(" | ") : str(s["type"]);
  return (type || (s["properties"] ? "object" : t.any)) + (s["format"] ? ` (${str(s["format"])})` : "");
}

/**
 * @param {unknown} schema
 * @param {string} of its name
 * @returns {import("./dom.js").Child}
 */
function properties(schema, of) {
  const s = obj(schema);
  const required = new Set(arr(s["required"]).map(String));
  const entries = Object.entries(obj(s["properties"]));
  const rest = arr(s["allOf"]);
  if (entries.length === 0 && rest.length === 0) return h("p", null, h("code", null, shortly(s)));
  return [
    rest.map((part) => (obj(part)["$ref"] ? h("p", null, t.also, shortly(part)) : properties(part, of))),
    entries.length > 0 && h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": `${of} ${t.properties}` },
      h("table", { class: "table" }, h("thead", null, h("tr", null, [t.name, t.type, t.note].map((title) =>
        h("th", { scope: "col" }, title)))),
      h("tbody", null, entries.map(([name, property]) => h("tr", null,
        h("th", { scope: "row" }, h("code", null, name), required.has(name) ? "" : h("span", { class: "quiet" },
          ` ${t.optional}`)),
        h("td", null, h("code", null, shortly(property))), h("td", null, str(obj(property)["description"]))))))),
  ];
}

/** @param {unknown} content the `content` of a body or a response */
function bodySchema(content) {
  const [type, media] = Object.entries(obj(content))[0] ?? [];
  return type ? [h("code", null, type), " ", h("code", null, shortly(obj(media)["schema"]))] : null;
}

/**
 * @param {string} path
 * @param {string} method
 * @param {Obj} operation
 * @param {unknown[]} shared parameters of the whole path
 */
function drawOperation(path, method, operation, shared) {
  const parameters = [...shared, ...arr(operation["parameters"])].map(obj);
  const body = obj(operation["requestBody"]);
  const responses = Object.entries(obj(operation["responses"]));
  const summary = str(operation["summary"]) || str(operation["description"]);
  return h("details", { class: "operation", id: `${method}-${path}` },
    h("summary", null, h("span", { class: `method m-${method}` }, method.toUpperCase()), h("code", null, path),
      summary && h("span", { class: "quiet" }, ` ${summary.split("\n")[0]}`),
      operation["deprecated"] === true && chip(t.deprecated, "warn")),
    h("div", { class: "operation-body" },
      str(operation["description"]) && str(operation["description"]) !== summary
        && h("p", null, str(operation["description"])),
      parameters.length > 0 && [h("h3", null, t.parameters), h("ul", null, parameters.map((parameter) => h("li", null,
        h("code", null, str(parameter["name"])), ` ${t.places[str(parameter["in"])] ?? str(parameter["in"])} `,
        h("code", null, shortly(parameter["schema"])), parameter["required"] === true ? "" : ` ${t.optional}`,
        str(parameter["description"]) && ` — ${str(parameter["description"])}`)))],
      Object.keys(obj(body["content"])).length > 0 && [h("h3", null, t.body), h("p", null,
        bodySchema(body["content"]))],
      responses.length > 0 && [h("h3", null, t.responses), h("ul", null, responses.map(([status, response]) =>
        h("li", null, h("b", null, status), " ", str(obj(response)["description"]), " ",
          bodySchema(obj(response)["content"]))))]));
}

/** Operations by the first word of their path after /api/v1.
 * @param {Obj} paths
 * @param {string} wanted
 */
function groups(paths, wanted) {
  /** @type {Map<string, HTMLElement[]>} */
  const found = new Map();
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS) {
      const operation = obj(obj(item)[method]);
      if (Object.keys(operation).length === 0) continue;
      const line = `${method} ${path} ${str(operation["summary"])} ${str(operation["description"])}`.toLowerCase();
      if (wanted && !line.includes(wanted)) continue;
      const name = path.replace(/^\/api\/v1/, "").split("/")[1] || path;
      found.set(name, [...(found.get(name) ?? []),
        drawOperation(path, method, operation, arr(obj(item)["parameters"]))]);
    }
  }
  return found;
}

void start({
  page: "api",
  async draw(main) {
    /** @type {Obj} */
    const document_ = await get("/api/openapi.json");
    const info = obj(document_["info"]);
    const paths = obj(document_["paths"]);
    const schemas = Object.entries(obj(obj(document_["components"])["schemas"]));
    const list = h("div", null);
    const draw = () => {
      const found = groups(paths, param("q").toLowerCase());
      fill(list, found.size === 0 ? empty(t.noMatch) : [...found].map(([name, operations]) =>
        h("section", { class: "block" }, h("h2", null, name), operations)));
    };
    const search = h("input", { class: "input slim", type: "search", value: param("q"), oninput: () => {
      setParams({ q: search.value.trim() });
      draw();
    } });
    draw();
    const operations = Object.values(paths).reduce((/** @type {number} */ sum, item) =>
      sum + METHODS.filter((method) => method in obj(item)).length, 0);
    fill(main, h("h1", null, t.heading),
      h("p", { class: "lead-2" }, t.lead(str(info["title"]), str(info["version"]), operations, schemas.length)),
      h("p", { class: "quiet" }, t.how, " ", h("a", { href: "/api/openapi.json" }, "/api/openapi.json")),
      h("div", { class: "controls" }, field(t.search, search)), list,
      schemas.length > 0 && h("section", { class: "block" }, h("h2", null, t.schemas), schemas.map(([name, schema]) =>
        h("details", { class: "operation", id: `schema-${name}` }, h("summary", null, h("code", null, name),
          str(obj(schema)["description"]) && h("span", { class: "quiet" },
            ` ${(str(obj(schema)["description"]).split("\n")[0] ?? "")}`)),
        h("div", { class: "operation-body" }, properties(schema, name))))));
    // A link to a schema opens it: a folded one would lead nowhere.
    const open = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target instanceof HTMLDetailsElement) {
        target.open = true;
        target.scrollIntoView();
      }
    };
    addEventListener("hashchange", open);
    open();
  },
});
