/** The shapes that the officials' pages pass about. Read by the type checker only: no browser loads this file. */

import type { Problem } from "./api.js";
import type { Child } from "./dom.js";

/* The server's: docs/api.md */

export type AnswerValue = string[] | boolean | null;

export type Kind = "single" | "multiple" | "judgement" | "blank" | "essay";

export interface Slot {
  slot: number;
  kind: Kind;
  stem: string;
  marks: number;
  options?: { id: string; text: string }[];
  blanks?: number;
  group?: { id: string; passage: string };
}

export interface SavedAnswer {
  revision: number;
  response: AnswerValue;
  saved_at: string;
}

export type SavedAnswers = { [slot: string]: SavedAnswer };

export interface Announcement {
  id: string;
  text: string;
  at: string;
}

export type AttemptState = "answering" | "submitted" | "auto_submitted" | "voided";

export interface Attempt {
  id: string;
  exam: string;
  title?: string;
  state: AttemptState;
  epoch: number;
  deadline: string;
  server_now: string;
  token: string;
  slots: Slot[];
  answers: SavedAnswers;
  /** Where the exam counts how often its page is left. */
  screen_leaves?: ScreenLeavesRule;
}

export interface ScreenLeavesRule {
  most: number;
  from_seconds: number;
  hand_in: boolean;
  counted: number;
}

/** A page that was out of sight, as it waits to be sent. */
export interface LeaveReport {
  /** The phone's own name for it. */
  leave: string;
  away_ms: number;
  left_at: string;
}

export interface AttemptStatus {
  /** For a caller that came with a session. */
  token?: string;
  id: string;
  exam: string;
  state: AttemptState;
  epoch: number;
  deadline: string;
  server_now: string;
  /** While the exam is paused the clock stands still. */
  paused?: { reason: string } | null;
  /** Slots whose question was withdrawn in favour of everybody. */
  given?: number[];
  announcements?: Announcement[];
  answers?: SavedAnswers;
}

export interface SlotSave {
  slot: number;
  revision: number;
  response: AnswerValue;
  answered_at?: string;
  elapsed_ms?: number;
}

export interface SaveReply {
  outcome: "stored" | "superseded" | "invalid";
  revision: number;
  response: AnswerValue;
  saved_at: string;
  deadline: string;
  server_now: string;
}

export interface SlotOutcome {
  slot: number;
  outcome: string;
  revision: number;
  response?: AnswerValue;
  reason?: string;
}

export interface BatchReply {
  outcomes: SlotOutcome[];
  deadline: string;
  server_now: string;
}

export interface SubmissionBody {
  epoch: number;
  answers: SlotSave[];
  revisions: { [slot: string]: number };
}

export interface Receipt {
  receipt: string;
  submitted_at: string;
  answered: number;
  unanswered: number[];
  late: boolean;
}

export interface Notice {
  id: string;
  exam: string;
  attempt: string | null;
  /** `score_changed`, `kept_answer`, `voided` or `reopened`. */
  kind: string;
  text: string;
  at: string;
  read: boolean;
}

export interface Assignment {
  exam: string;
  title: string;
  kind: string;
  opens_at: string;
  closes_at: string;
  duration_seconds: number;
  questions: number;
  pass_marks: number;
  marks_max: number;
  state: "upcoming" | "open" | "in_progress" | "submitted" | "closed";
  outcome: "none" | "passed" | "failed" | "absent" | "deferred" | "exempt";
  released: boolean;
  attempts_used: number;
  attempts_left: number;
  attempt?: string | null;
  result_attempt?: string | null;
  instructions?: string | null;
  open_book?: boolean;
}

export interface Account {
  id: string;
  login: string;
  name: string;
  roles: { role: string; scope: string[] }[];
  person?: { id: string; name: string; unit_name: string; rank_title: string };
}

export interface Citation {
  law: string;
  edition: string;
  article: string;
  title: string;
  words: string;
  gist?: string | null;
  text?: string | null;
}

export interface SlotResult {
  slot: number;
  response: AnswerValue;
  correct: boolean;
  marks: number;
  marks_max?: number;
  question?: Slot;
  key?: unknown;
  explanation?: string;
  citations?: Citation[];
  /** How it was marked against its key as written; any of the keys counts. */
  ruling?: { policy: string; keys: unknown[]; reason: string };
}

export interface Result {
  attempt: string;
  exam?: string;
  title?: string;
  marks: number;
  marks_max: number;
  verdict: "passed" | "failed";
  band?: string | null;
  clause: string;
  first_sitting: boolean;
  submitted_at?: string;
  receipt?: string | null;
  keys_released?: boolean;
  topics: { topic: string; title: string; marks: number; marks_max: number }[];
  slots: SlotResult[];
}

/** A question that went wrong, once its key is released. */
export interface WrongAnswer extends SlotResult {
  id: string;
  attempt: string;
  exam: string;
  exam_title: string;
  submitted_at: string;
  times_wrong: number;
  /** For a blank: every text that counts as right, blank by blank. */
  accepted?: string[][];
}

export interface ProblemBody {
  type?: string;
  title?: string;
  detail?: string;
  request_id?: string;
  errors?: { field: string; reason: string }[];
  kept_for_review?: boolean;
}

/* Requests */

export interface RequestOptions {
  body?: unknown;
  /** The attempt's token; without it the cookie speaks. */
  token?: string | null;
  headers?: { [name: string]: string };
  /** Finish though the page goes away. */
  keepalive?: boolean;
  timeoutMs?: number;
  /** Whether a 401 is answered by renewing the session once; it is unless this is false. */
  renew?: boolean;
}

export interface Reply<D> {
  status: number;
  data: D;
  etag: string | null;
}

/* The outbox */

/** An answer as the phone holds it. */
export interface Entry {
  key: string;
  account: string;
  attempt: string;
  slot: number;
  epoch: number;
  revision: number;
  response: AnswerValue;
  answered_at: string;
  elapsed_ms: number;
  /** Whether the server has confirmed it. */
  acked: boolean;
}

/** A hand-in (交卷) that waits for its receipt. */
export interface HandIn {
  key: string;
  account: string;
  attempt: string;
  epoch: number;
  requested_at: string;
  /** The deadline, before which it must be delivered. */
  until: string;
}

/** A paper that is being answered on this phone. */
export interface Paper {
  key: string;
  account: string;
  exam: string;
  attempt: Attempt;
  /** How far the server's clock was ahead of the phone's. */
  ahead_ms: number;
}

export interface Store {
  /** Whether it survives the page. */
  durable: boolean;
  load(prefix: string): Promise<{ entries: Entry[]; handIns: HandIn[] }>;
  /** Writes an answer unless a newer one is there; answers with what stands then. */
  putAnswer(entry: Entry): Promise<Entry>;
  put(table: "hand_ins" | "papers" | "notes", record: HandIn | Paper | { key: string; value: string | null }): Promise<void>;
  /** Of everybody who uses this phone. */
  papers(): Promise<Paper[]>;
  /** A small thing that was noted; undefined where nothing was. */
  note(key: string): Promise<string | null | undefined>;
  remove(table: string, prefix: string): Promise<void>;
}

/** An attempt of which this phone still holds something. */
export interface Leftover {
  attempt: string;
  epoch: number;
  pending: number;
  handIn: HandIn | null;
}

export interface SaveState {
  kind: "idle" | "saved" | "saving" | "offline" | "busy" | "signed_out";
  /** Answers that the server has not confirmed. */
  pending: number;
  /** Whether all of those are on the phone's disk. */
  durable: boolean;
  /** Whether the disk takes answers: no browser's disk at all, or full. */
  disk: "ok" | "none" | "full";
  /** Answers that the server will never take. */
  refused: { slot: number; reason: string }[];
  handingIn: boolean;
}

export interface Closed {
  keptForReview: boolean;
  /** Answers that were put aside for a person to decide on. */
  pending: number;
}

export interface OutboxEvents {
  onState?(state: SaveState): void;
  onDeadline?(deadline: string): void;
  /** Another page has a newer answer for this slot; `elsewhere`: one that is not of this phone. */
  onChanged?(slot: number, elsewhere: boolean): void;
  /** Handed in; `closed` tells of answers that came too late. */
  onReceipt?(receipt: Receipt, closed: Closed | null): void;
  onClosed?(closed: Closed): void;
  onTakenOver?(): void;
  /** A refusal that sending again cannot mend. */
  onFailed?(problem: Problem): void;
}

export interface Transport {
  saveOne(attempt: string, token: string | null, epoch: number, save: SlotSave): Promise<Reply<SaveReply>>;
  saveMany(
    attempt: string,
    token: string | null,
    epoch: number,
    answers: SlotSave[],
    keepalive?: boolean,
  ): Promise<Reply<BatchReply>>;
  submit(attempt: string, token: string | null, body: SubmissionBody, keepalive?: boolean): Promise<Reply<Receipt>>;
}

export interface OutboxSettings {
  store: Store;
  account: string;
  attempt: string;
  epoch: number;
  /** The attempt's token; the cookie serves when there is none. */
  token: string | null;
  /** The server's time. */
  now: () => number;
  /** Must succeed once before anything is sent. */
  gate?: (() => Promise<void>) | null;
  events?: OutboxEvents;
  transport?: Transport;
  random?: () => number;
  later?: (work: () => void, ms: number) => number;
}

/* The page */

export interface Clock {
  /** The server's time, milliseconds since 1970. */
  now(): number;
  sync(serverNow: string, sentAt: number, receivedAt: number): void;
  /** How far the server's clock is ahead of the phone's, milliseconds. */
  ahead(): number;
  /** Before the first reply: what was last known of that. */
  assume(aheadMs: number): void;
  /** Whether the server has said its time since the page was opened. */
  heard(): boolean;
  /** Whether the phone may have slept, or its clock been set, since then. */
  uncertain(): boolean;
}

/** What this phone remembers of an attempt's page. */
export interface Memory {
  epoch: number;
  position: number;
  marked: number[];
  dismissed: string[];
}

/** What a test is taken in. */
export interface Context {
  exam: string;
  account: string;
  /** None for the trial, and none while the paper comes from this phone. */
  assignment: Assignment | null;
  store: Store;
}

/** A question with its controls. */
export interface QuestionView {
  node: HTMLElement;
  heading: HTMLElement;
  /** Takes what is typed and not yet saved; half a word of the input method only when the question is left. */
  commit(leaving?: boolean): void;
  /** Whether something is typed and not yet taken. */
  typing(): boolean;
  lock(): void;
}

export interface QuestionSettings {
  slot: Slot;
  heading: string;
  /** What stands at the right of the heading. */
  aside?: string;
  response?: AnswerValue;
  marked?: boolean;
  passageOpen?: boolean;
  onAnswer(response: AnswerValue): void;
  onMark?(marked: boolean): void;
  onPassage?(open: boolean): void;
}

/** The controls of one question. */
export interface Controls {
  node: HTMLElement;
  clear(): void;
  commit(leaving?: boolean): void;
  typing(): boolean;
}

export interface SheetItem {
  slot: Slot;
  done: boolean;
  marked: boolean;
  here: boolean;
}

/** What is shown before the hand-in. */
export interface Review {
  items: SheetItem[];
  /** Answers that have not reached the server. */
  pending: number;
  /** How much time is left, in words. */
  left: string;
  onGo(slot: number): void;
  onHandIn(): void;
  onBack(): void;
}

/** The views around a sitting, and what follows it. */
export interface After {
  review(review: Review): Child[];
  handingIn(state: SaveState, until: string | null, retry: (() => void) | null): Child[];
  done(receipt: Receipt, closed: Closed | null, timeUp: boolean): void;
  closed(closed: Closed): void;
  voided(): void;
  takenOver(pending: number): void;
  failed(problem: Problem): void;
}
