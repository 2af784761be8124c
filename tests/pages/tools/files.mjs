// What the officials' pages consist of.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../web/", import.meta.url));

/** @param {string} name under web/ */
export const read = (name) => readFileSync(root + name, "utf8");

/** @param {string} folder @param {string} ending */
const list = (folder, ending) =>
  readdirSync(root + folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => (folder ? `${folder}/${name}` : name));

export const scripts = [...list("js", ".js"), "sw.js"];
export const styles = list("css", ".css");
export const pages = list("", ".html");
