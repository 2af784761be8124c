/** Signing in. */
import { api, isProblem } from "./api.js";
import { el, errorNotice, link, masthead, show } from "./dom.js";
import { field } from "./forms.js";
import { note, openStore } from "./store.js";
import { P } from "./texts-pages.js";

/** Where to go after signing in: a page of ours, or nowhere. */
function nextPage() {
  const next = new URLSearchParams(window.location.search).get("next") || "";
  return /^\/[A-Za-z0-9]/.test(next) ? next : null;
}

/** @param {() => void} enter what comes when the person is signed in */
export function signInView(enter) {
  const words = P.signIn;
  masthead();
  const login = field({
    id: "login",
    label: words.login,
    hint: words.loginHint,
    input: { type: "text", autocomplete: "username", autocapitalize: "none", spellcheck: "false" },
  });
  const password = field({
    id: "password",
    label: words.password,
    input: { type: "password", autocomplete: "current-password" },
  });
  const problem = el("div");
  /** @param {import("./types.js").Reply<{ account: import("./types.js").Account }>} reply */
  const signedIn = async ({ data }) => {
    await note(await openStore(), "account", data.account.id);
    const next = nextPage();
    if (next) window.location.replace(next);
    else enter();
  };
  const submit = el("button", { class: "button primary block", type: "submit", text: words.submit });
  const form = el("form", { novalidate: true }, problem, login.node, password.node, showPassword(password.input), submit);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    login.fail(login.input.value.trim() === "" ? words.missing : null);
    password.fail(password.input.value === "" ? words.missing : null);
    const missing = [login, password].find((each) => each.input.hasAttribute("aria-invalid"));
    if (missing) {
      missing.input.focus();
      return;
    }
    submit.disabled = true;
    submit.textContent = words.busy;
    api.signIn(login.input.value.trim(), password.input.value).then(signedIn, (error) => {
      submit.disabled = false;
      submit.textContent = words.submit;
      problem.textContent = "";
      problem.append(errorNotice(error));
      if (isProblem(error, "activation-required")) problem.append(link(words.activate, "/activate.html"));
    });
  });
  show(
    [
      el("h1", { text: words.title }),
      el("p", { class: "quiet", text: nextPage() ? words.again : words.lead }),
      form,
      el("p", { class: "after-form" }, el("a", { class: "linklike", href: "/activate.html", text: words.activate })),
      el("p", { class: "small quiet", text: words.help }),
    ],
    { title: words.title, focus: false },
  );
}

/** @param {HTMLInputElement} input */
function showPassword(input) {
  const box = el("input", { type: "checkbox", id: "show-password" });
  box.addEventListener("change", () => {
    input.type = box.checked ? "text" : "password";
  });
  return el("p", { class: "check" }, box, el("label", { for: "show-password", text: P.signIn.showPassword }));
}
