/** Opening an account: the code of the slip is traded for a password of one's own. */
import { api } from "./api.js";
import { el, errorNotice, masthead, show } from "./dom.js";
import { field, PASSWORD_MIN } from "./forms.js";
import { note, openStore } from "./store.js";
import { P } from "./texts-pages.js";

const CODE_LENGTH = 10;

/** Login and code from the address of the slip's QR; they are taken out of the address at once. */
function fromAddress() {
  const given = new URLSearchParams(window.location.hash.replace(/^#/, ""));
  if (window.location.hash) {
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }
  return { login: given.get("login") || "", code: given.get("code") || "" };
}

/** As people type it: with spaces and hyphens, in small letters. @param {string} code */
function normalised(code) {
  return code.replace(/[\s-]/g, "").toUpperCase();
}

function view() {
  const words = P.activation;
  const given = fromAddress();
  masthead();
  const login = field({
    id: "login",
    label: P.signIn.login,
    hint: P.signIn.loginHint,
    input: { type: "text", autocomplete: "username", autocapitalize: "none", spellcheck: "false", value: given.login },
  });
  const code = field({
    id: "code",
    label: words.code,
    hint: words.codeHint,
    input: { type: "text", autocomplete: "one-time-code", autocapitalize: "characters", spellcheck: "false", value: given.code },
  });
  const password = field({
    id: "password",
    label: words.password,
    hint: words.passwordHint,
    input: { type: "password", autocomplete: "new-password" },
  });
  const repeat = field({ id: "repeat", label: words.repeat, input: { type: "password", autocomplete: "new-password" } });
  const fields = [login, code, password, repeat];
  const problem = el("div");
  const submit = el("button", { class: "button primary block", type: "submit", text: words.submit });

  const check = () => {
    for (const each of fields) each.fail(each.input.value.trim() === "" ? P.signIn.missing : null);
    if (code.input.value && normalised(code.input.value).length !== CODE_LENGTH) code.fail(words.codeLength);
    if (password.input.value && password.input.value.length < PASSWORD_MIN) password.fail(words.short);
    if (repeat.input.value && repeat.input.value !== password.input.value) repeat.fail(words.differs);
    return fields.find((each) => each.input.hasAttribute("aria-invalid"));
  };
  const form = el(
    "form",
    { novalidate: true },
    problem,
    ...fields.map((each) => each.node),
    el("p", { class: "small quiet", text: words.privacy }),
    submit,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = check();
    if (wrong) {
      wrong.input.focus();
      return;
    }
    submit.disabled = true;
    submit.textContent = words.busy;
    api.activate(login.input.value.trim(), normalised(code.input.value), password.input.value).then(
      async ({ data }) => {
        await note(await openStore(), "account", data.account.id);
        window.location.replace("/index.html");
      },
      (error) => {
        submit.disabled = false;
        submit.textContent = words.submit;
        problem.textContent = "";
        problem.append(errorNotice(error));
      },
    );
  });
  show(
    [
      el("h1", { text: words.title }),
      el("p", { text: words.lead }),
      form,
      el("p", { class: "after-form" }, el("a", { class: "linklike", href: "/index.html", text: words.signIn })),
    ],
    { title: words.title, focus: false },
  );
  const empty = fields.find((each) => each.input.value === "");
  if (empty && given.login) empty.input.focus();
}

view();
