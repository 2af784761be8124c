/** The account: who is signed in, a new password, signing out. */
import { api, isProblem, signInAddress } from "./api.js";
import { button, el, errorNotice, facts, link, masthead, show } from "./dom.js";
import { field, PASSWORD_MIN } from "./forms.js";
import { leftovers, note, openStore } from "./store.js";
import { P } from "./texts-pages.js";
import { T } from "./texts.js";

function passwordForm() {
  const words = P.accountPage;
  const current = field({ id: "current", label: words.current, input: { type: "password", autocomplete: "current-password" } });
  const next = field({
    id: "next",
    label: words.next,
    hint: P.activation.passwordHint,
    input: { type: "password", autocomplete: "new-password" },
  });
  const repeat = field({ id: "repeat", label: P.activation.repeat, input: { type: "password", autocomplete: "new-password" } });
  const fields = [current, next, repeat];
  const told = el("div", { role: "status" });
  const submit = el("button", { class: "button primary block", type: "submit", text: words.submit });
  const form = el("form", { novalidate: true }, told, ...fields.map((each) => each.node), submit);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const each of fields) each.fail(each.input.value === "" ? P.signIn.missing : null);
    if (next.input.value && next.input.value.length < PASSWORD_MIN) next.fail(P.activation.short);
    if (repeat.input.value && repeat.input.value !== next.input.value) repeat.fail(P.activation.differs);
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

/**
 * Nothing of this person stays to be seen on the phone; what was not delivered waits for the next sign-in.
 *
 * @param {import("./types.js").Store} store @param {string} account
 */
async function leave(store, account) {
  await note(store, "account", null);
  await store.remove("papers", account).catch(() => undefined);
  window.location.replace("/index.html");
}

async function main() {
  const words = P.accountPage;
  masthead(el("a", { class: "linklike", href: "/index.html", text: T.home }));
  try {
    const [{ data: account }, store] = await Promise.all([api.me(), openStore()]);
    const pending = (await leftovers(store, account.id)).reduce((sum, left) => sum + left.pending, 0);
    const person = account.person;
    const problem = el("div");
    const signOut = button(words.signOut, () => {
      signOut.disabled = true;
      api.signOut().then(
        () => void leave(store, account.id),
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
        pending > 0 && el("p", { class: "notice warn", text: words.signOutPending(pending) }),
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
