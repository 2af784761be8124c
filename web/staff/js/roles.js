// Which role may use which page. The server decides (its matrix); this only spares people a closed door.

/** @typedef {import("./types.js").Me} Me */

/** Roles that see figures. */
export const FIGURES = ["unit_head", "liaison", "manager", "analyst", "supervisor", "leader"];
/** Roles that see names and activation of their units. */
export const UNIT = ["unit_head", "liaison", "manager"];

/** Pages in the order of the navigation. */
export const PAGES = /** @type {const} */ ([
  { key: "unit", href: "/staff/unit.html", roles: FIGURES },
  { key: "mastery", href: "/staff/mastery.html", roles: ["analyst", "supervisor", "leader"] },
  { key: "exams", href: "/staff/exams.html", roles: ["manager"] },
  { key: "desk", href: "/staff/desk.html", roles: ["manager"] },
  { key: "people", href: "/staff/people.html", roles: UNIT },
  { key: "units", href: "/staff/units.html", roles: ["manager"] },
  { key: "questions", href: "/staff/questions.html", roles: ["author", "reviewer", "manager"] },
  { key: "laws", href: "/staff/laws.html", roles: ["author", "reviewer", "manager", "analyst"] },
]);

/** @typedef {(typeof PAGES)[number]["key"] | "home" | "slips" | "api"} PageKey */

/** May make single codes. */
export const SINGLE_CODE = ["liaison", "manager", "system_admin"];

/**
 * @param {Me} me
 * @param {readonly string[]} roles
 */
export function holds(me, roles) {
  return me.roles.some((grant) => roles.includes(grant.role));
}

/** The units that the account's roles begin at, the narrowest role first.
 * @param {Me} me
 * @param {readonly string[]} roles
 */
export function scopeOf(me, roles) {
  const units = me.roles.filter((grant) => roles.includes(grant.role)).flatMap((grant) => grant.scope);
  return [...new Set(units)];
}
