/**
 * 错题练习: what went wrong in tests, one question at a time, with the answer and the rule behind it at once. Nothing of
 * it reaches the server: there is nothing to save, and no points.
 */
import { isAnswered, questionView } from "./answer-sheet.js";
import { api, isProblem, signInAddress } from "./api.js";
import { isRight } from "./check.js";
import { button, byId, el, errorNotice, facts, fill, focusOn, link, masthead, paragraphs, show } from "./dom.js";
import { inWords, keyInWords, optionList, reasons } from "./review.js";
import { P } from "./texts-pages.js";
import { formatDay, T } from "./texts.js";

/** @typedef {import("./types.js").AnswerValue} AnswerValue */
/** @typedef {import("./types.js").Slot} Slot */
/** @typedef {import("./types.js").WrongAnswer} WrongAnswer */

const words = P.practice;

/** How many questions are left when the next ones are asked for. */
const FETCH_AHEAD = 5;

/** A round of practice over some questions. */
class Round {
  /** @param {WrongAnswer[]} items @param {string | null} attempt @param {string | null} next where more questions begin */
  constructor(items, attempt, next) {
    this.items = items;
    this.attempt = attempt;
    this.next = next;
    this.position = 0;
    this.right = 0;
    /** @type {WrongAnswer[]} */
    this.missed = [];
    /** @type {Promise<void> | null} */
    this.fetching = null;
  }

  /** Asks for more questions before they are needed. */
  async fetchMore() {
    if (!this.next || this.fetching) return this.fetching;
    this.fetching = api.wrongAnswers(this.attempt, this.next).then(
      ({ data }) => {
        this.items = this.items.concat(data.items);
        this.next = data.next;
        this.fetching = null;
      },
      (error) => {
        this.fetching = null;
        throw error;
      },
    );
    return this.fetching;
  }

  async show() {
    if (this.position >= this.items.length && this.next) {
      show([el("p", { class: "loading", text: words.loadingMore })]);
      try {
        await this.fetchMore();
      } catch (error) {
        failed(error, () => void this.show());
        return;
      }
    }
    if (this.position >= this.items.length) this.showEnd();
    else this.ask(this.items[this.position]);
    if (this.items.length - this.position < FETCH_AHEAD) this.fetchMore().catch(() => undefined);
  }

  /** @param {Slot} question */
  heading(question) {
    return words.heading(this.position + 1, T.kind(question.kind));
  }

  where() {
    return words.where(this.position + 1, this.items.length, this.next !== null);
  }

  /** @param {WrongAnswer} item */
  ask(item) {
    const question = /** @type {Slot} */ (item.question);
    /** @type {AnswerValue} */
    let response = null;
    const view = questionView({ slot: question, heading: this.heading(question), aside: this.where(), onAnswer: (now) => (response = now) });
    const problem = el("div", { role: "alert" });
    const check = () => {
      view.commit(true);
      if (isAnswered(response)) this.tell(item, response);
      else fill(problem, el("p", { class: "notice warn", text: words.choose }));
    };
    foot(button(words.check, check, "button primary"));
    show([source(item), view.node, problem], { title: words.title, focus: false });
    focusOn(view.heading);
  }

  /** @param {WrongAnswer} item @param {AnswerValue} response */
  tell(item, response) {
    const right = isRight(item, response);
    if (right === true) this.right += 1;
    if (right === false) this.missed.push(item);
    const question = /** @type {Slot} */ (item.question);
    const last = this.position + 1 >= this.items.length && this.next === null;
    const next = () => {
      this.position += 1;
      void this.show();
    };
    foot(button(last ? words.finish : words.next, next, "button primary"));
    const verdict = right === null ? words.compare : right ? `✓ ${words.right}` : `✗ ${words.wrong}`;
    const kind = right === null ? "" : right ? "good" : "bad";
    show(
      [
        el("p", { class: "small quiet", text: this.heading(question) }),
        el("h1", { class: `notice verdict-line ${kind}`, text: verdict }),
        el("article", { class: "review" },
          question.group && el("details", { class: "passage" }, el("summary", { text: T.exam.passage }), ...paragraphs(question.group.passage)),
          el("div", { class: "stem" }, ...paragraphs(question.stem)),
          question.options && optionList(question, { key: item.key, response }),
          facts([
            [P.result.yours, inWords(response)],
            [P.result.key, item.accepted ? inWords(item.accepted) : keyInWords(item)],
            [words.before, inWords(item.response) || P.result.none],
          ]),
          ...reasons(item)),
      ],
      { title: words.title },
    );
  }

  showEnd() {
    foot(null);
    const { missed, attempt, right, position } = this;
    show(
      [
        el("h1", { text: words.done }),
        el("p", { class: "notice", text: words.score(right, position) }),
        el("div", { class: "stack" },
          missed.length > 0 && button(words.again, () => void new Round(missed, attempt, null).show(), "button primary block"),
          button(words.all, () => void new Round(this.items, attempt, null).show()),
          attempt && link(words.back, `/result.html?attempt=${encodeURIComponent(attempt)}`),
          link(T.home, "/index.html")),
      ],
      { title: words.done },
    );
  }
}

/** Where a question went wrong. @param {WrongAnswer} item */
function source({ submitted_at, exam_title, times_wrong }) {
  return el("p", { class: "small quiet", text: words.source(formatDay(submitted_at), exam_title, times_wrong) });
}

/** The one button under the thumb. @param {HTMLElement | null} only */
function foot(only) {
  const place = byId("foot");
  place.hidden = only === null;
  document.body.classList.toggle("with-foot", only !== null);
  fill(place, only);
}

/** @param {unknown} error @param {() => void} again */
function failed(error, again) {
  foot(null);
  show([el("h1", { text: T.notOpened }), errorNotice(error), button(T.retry, again, "button primary block"), link(T.home, "/index.html")]);
}

/** @param {string | null} attempt */
function nothing(attempt) {
  show(
    [
      el("h1", { text: words.title }),
      el("div", { class: "notice" },
        el("p", null, el("strong", { text: words.none })),
        el("p", { text: attempt ? words.noneOfAttempt : words.noneDetail })),
      link(T.home, "/index.html", "button primary block"),
    ],
    { title: words.title },
  );
}

async function main() {
  const attempt = new URLSearchParams(window.location.search).get("attempt");
  masthead(el("a", { class: "linklike", href: "/index.html", text: T.home }));
  try {
    const { data } = await api.wrongAnswers(attempt, null);
    if (data.items.length === 0) nothing(attempt);
    else await new Round(data.items, attempt, data.next).show();
  } catch (error) {
    if (isProblem(error, "not-signed-in")) window.location.replace(signInAddress());
    else failed(error, () => void main());
  }
}

void main();
