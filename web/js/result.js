/** The result: mark, verdict and its clause, by topic, and the rule behind each wrong answer. */
import { api, isProblem, signInAddress } from "./api.js";
import { el, errorNotice, facts, link, masthead, paragraphs, show } from "./dom.js";
import { inWords, keyInWords, optionList, reasons } from "./review.js";
import { recall } from "./store.js";
import { P } from "./texts-pages.js";
import { formatInstant, T } from "./texts.js";

/** @typedef {import("./types.js").Result} Result */
/** @typedef {import("./types.js").SlotResult} SlotResult */

const words = P.result;

/** @param {Result} result */
function verdict(result) {
  const passed = result.verdict === "passed";
  const text = passed ? words.passed : words.failed;
  return el(
    "section",
    { class: "verdict" },
    el(
      "p",
      { class: "score" },
      el("strong", { text: String(result.marks) }),
      el("span", { class: "quiet", text: ` / ${result.marks_max} 分` }),
    ),
    el("p", null, el("span", { class: `state big ${passed ? "good" : "bad"}`, text: `${passed ? "✓" : "✗"} ${text}` })),
  );
}

/** @param {Result} result */
function particulars(result) {
  return facts([
    [words.band, result.band],
    [words.basis, result.clause],
    [words.sitting, result.exam === "trial" ? null : result.first_sitting ? words.first : words.makeUp],
    [words.submitted, result.submitted_at && formatInstant(result.submitted_at)],
    [words.receipt, receiptNode(result.receipt || recall(`receipt.${result.attempt}`))],
  ]);
}

/** @param {string | null} receipt */
function receiptNode(receipt) {
  return receipt ? el("span", { class: "receipt", text: receipt }) : null;
}

/** @param {Result["topics"]} topics */
function topicBars(topics) {
  if (topics.length === 0) return null;
  return el(
    "section",
    null,
    el("h2", { text: words.topics }),
    el(
      "ul",
      { class: "topics" },
      ...topics.map(({ title, marks, marks_max: max }) =>
        el(
          "li",
          null,
          el("div", { class: "topic-text" }, el("span", { text: title }), el("span", { class: "nowrap", text: T.marksOf(marks, max) })),
          el("div", { class: "bar", "aria-hidden": "true" }, el("span", { style: { width: `${max > 0 ? (100 * marks) / max : 0}%` } })),
        ),
      ),
    ),
  );
}

/* Wrong questions */

/** @param {SlotResult} slot @param {string | null} passage shown where it differs from the question before */
function wrongQuestion(slot, passage) {
  const question = slot.question;
  const max = slot.marks_max === undefined ? "" : ` / ${slot.marks_max}`;
  const kind = question ? T.kind(question.kind) : T.kind("");
  return el(
    "article",
    { class: "card review" },
    el("h3", { text: words.heading(slot.slot, kind, `${slot.marks}${max} 分`) }),
    passage && el("div", { class: "passage" }, ...paragraphs(passage)),
    question && el("div", { class: "stem" }, ...paragraphs(question.stem)),
    question && question.options && optionList(question, slot),
    facts([
      [words.yours, inWords(slot.response) || words.none],
      [words.key, keyInWords(slot)],
    ]),
    ...reasons(slot),
  );
}

/** @param {Result} result */
function review(result) {
  const wrong = result.slots.filter((slot) => !slot.correct);
  if (wrong.length === 0) return el("section", null, el("h2", { text: words.wrongTitle }), el("p", { text: words.allRight }));
  const released = result.keys_released !== false && wrong.some((slot) => slot.question !== undefined);
  if (!released) {
    const list = wrong.map((slot) => T.handIn.slot(slot.slot)).join("、");
    return el(
      "section",
      null,
      el("h2", { text: words.wrongTitle }),
      el("p", { text: `${words.keysLaterList}${list}` }),
      el("p", { class: "notice", text: words.keysLater }),
    );
  }
  let group = "";
  const articles = wrong.map((slot) => {
    const of = slot.question && slot.question.group;
    const passage = of && of.id !== group ? of.passage : null;
    group = of ? of.id : "";
    return wrongQuestion(slot, passage);
  });
  const practise = `/practice.html?attempt=${encodeURIComponent(result.attempt)}`;
  return el(
    "section",
    null,
    el("h2", { text: words.wrong(wrong.length) }),
    ...articles,
    link(words.practise, practise, "button primary block"),
  );
}

/** Not released yet: says when. @param {unknown} error @param {string} attempt */
async function notReleased(error, attempt) {
  const assignments = await api.assignments().catch(() => null);
  const item = assignments && assignments.data.items.find((each) => each.attempt === attempt || each.result_attempt === attempt);
  const receipt = recall(`receipt.${attempt}`);
  const { title, detail } = /** @type {import("./api.js").Problem} */ (error);
  show(
    [
      el("h1", { text: words.notReleased }),
      el("p", { text: item ? words.notReleasedAt(formatInstant(item.closes_at)) : `${title}。${detail}` }),
      facts([[words.receipt, receiptNode(receipt)]]),
      link(T.home, "/index.html"),
    ],
    { title: words.notReleased },
  );
}

async function main() {
  const attempt = new URLSearchParams(window.location.search).get("attempt") || "";
  masthead(el("a", { class: "linklike", href: "/index.html", text: T.home }));
  try {
    const { data: result } = await api.result(attempt);
    show(
      [
        el("h1", { text: result.title || words.title }),
        result.exam === "trial" && el("p", { class: "notice", text: words.trial }),
        verdict(result),
        particulars(result),
        topicBars(result.topics),
        review(result),
        el("p", null, link(T.home, "/index.html")),
      ],
      { title: words.title },
    );
  } catch (error) {
    if (isProblem(error, "not-signed-in")) {
      window.location.replace(signInAddress());
      return;
    }
    if (isProblem(error, "not-released")) {
      await notReleased(error, attempt);
      return;
    }
    show([
      el("h1", { text: T.notOpened }),
      errorNotice(error),
      link(T.retry, window.location.href, "button primary block"),
      link(T.home, "/index.html"),
    ]);
  }
}

void main();
