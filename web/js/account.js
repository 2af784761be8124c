/** The account: who is signed in, a new password, signing out. */
import { api, isProblem, signInAddress } from "./api.js";
import { button, el, errorNotice, facts, field, link, masthead, show } from "./dom.js";
import { T } from "./texts.js";

const PASSWORD_MIN = 8;

function passwordForm() {
  const words = T.accountPage;
  const current = field({ id: "current", label: words.current, input: { type: "password", autocomplete: "current-password" } });
  const next = field({
    id: "next",
    label: words.next,
    hint: T.activation.passwordHint,
    input: { type: "password", autocomplete: "new-password" },
  });
  const repeat = field({ id: "repeat", label: T.activation.repeat, input: { type: "password", autocomplete: "new-password" } });
  const fields = [current, next, repeat];
  const told = el("div", { role: "status" });
  const submit = el("button", { class: "button primary block", type: "submit", text: words.submit });
  const form = el("form", { novalidate: true }, told, ...fields.map((each) => each.node), submit);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const each of fields) each.fail(each.input.value === "" ? T.signIn.missing : null);
    if (next.input.value && next.input.value.length < PASSWORD_MIN) next.fail(T.activation.short);
    if (repeat.input.value && repeat.input.value !== next.input.value) repeat.fail(T.activation.differs);
    const wrong = fields.find((each) => each.input.hasAttribute("aria-invalid"));
    if (wrong) {
      wrong.input.focus();
      return;
    }
    submit.disabled = true;
    submit.textContent = words.busy;
    api
      .changePassword(current.input.value, next.input.value)
      .then(
        () => {
          form.reset();
          return el("p", { class: "notice good", text: words.changed });
        },
        (error) => errorNotice(error),
      )
      .then((message) => {
        submit.disabled = false;
        submit.textContent = words.submit;
        told.textContent = "";
        told.append(message);
      });
  });
  return form;
}

async function main() {
  const words = T.accountPage;
  masthead(el("a", { class: "linklike", href: "/index.html", text: T.home }));
  try {
    const { data: account } = await api.me();
    const person = account.person;
    const problem = el("div");
    const signOut = button(words.signOut, () => {
      signOut.disabled = true;
      api.signOut().then(
        () => window.location.replace("/index.html"),
        (error) => {
          signOut.disabled = false;
          problem.textContent = "";
          problem.append(errorNotice(error));
        },
      );
    });
    show(
      [
        el("h1", { text: words.title }),
        facts([
          [words.name, account.name],
          [words.login, account.login],
          [words.unit, person && person.unit_name],
          [words.rank, person && person.rank_title],
        ]),
        el("h2", { text: words.changePassword }),
        passwordForm(),
        el("h2", { text: words.signOut }),
        el("p", { class: "small quiet", text: words.signOutDetail }),
        problem,
        signOut,
      ],
      { title: words.title },
    );
  } catch (error) {
    if (isProblem(error, "not-signed-in")) {
      window.location.replace(signInAddress());
      return;
    }
    show([el("h1", { text: T.notOpened }), errorNotice(error), link(T.retry, "/account.html", "button primary block")]);
  }
}

void main();
