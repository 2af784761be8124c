// 工作台: what this account can do here, in words.

import { fill, h } from "./dom.js";
import { PAGES, holds } from "./roles.js";
import { rolesOf, start } from "./shell.js";
import { texts } from "./texts.js";
import { empty } from "./ui.js";

const t = texts.home;

void start({
  page: "home",
  draw(main, me) {
    const pages = PAGES.filter((page) => holds(me, page.roles));
    fill(main, h("h1", null, t.hello(me.name)),
      h("p", { class: "lead-2" }, t.roles(rolesOf(me)), me.person ? t.unit(me.person.unit_name) : ""),
      pages.length === 0 ? empty(t.nothing, t.nothingHow, " ", h("a", { href: "/index.html" }, texts.shell.toTasks))
        : h("ul", { class: "tasks" }, pages.map((page) => h("li", { class: "card" },
          h("h2", null, h("a", { href: page.href }, texts.pages[page.key])),
          h("p", null, t.pages[page.key]),
          h("ul", null, (t.acts[page.key] ?? []).filter((act) => !act.roles || holds(me, act.roles)).map((act) =>
            h("li", null, act.href ? h("a", { href: act.href }, act.text) : act.text)))))));
  },
});
