// Shapes of the API on the day of an exam (考务台). Types only: nothing here runs.

/**
 * @typedef {{due: number, not_started: number, answering: number, submitted: number, auto_submitted: number,
 *   voided: number, deferred: number, exempt: number, second_device: number,
 *   left_too_often: number}} LiveCounts
 * @typedef {LiveCounts & {unit: string, title: string}} LiveUnit
 * @typedef {{id: string, started_at: string, seen_at: string, saves_per_second: number, answers_waiting: number,
 *   answer_queue_rows: number, disk_free_bytes: number | null}} NodeLine
 * @typedef {{id: string, reason: string, paused_at: string, resumed_at: string | null}} Pause
 * @typedef {{id: string, scope: string, subject: string | null, subject_name: string, seconds: number,
 *   attempts: number, lengthens: boolean, reason: string, granted_at: string}} Extension
 * @typedef {{id: string, text: string, at: string}} Announcement
 * @typedef {{exam: string, title: string, state: string, opens_at: string, closes_at: string, paused: Pause | null,
 *   total: LiveCounts, units: LiveUnit[], saves_per_second: number, answers_waiting: number, nodes: NodeLine[],
 *   kept_for_review: number, extensions: Extension[], pauses: Pause[], announcements: Announcement[],
 *   server_now: string}} Live
 *
 * @typedef {{attempt: string, number: number, state: string, voiding: string | null, started_at: string,
 *   deadline: string, closed_at: string | null, answered: number, slots: number, devices: number,
 *   left_screen: number, kept_for_review: number, last_saved_at: string | null}} TimelineAttempt
 * @typedef {{person: string, name: string, unit: string, unit_name: string, account: string, login: string,
 *   account_state: string, status: string, can_start: boolean, advice: string, attempts: TimelineAttempt[],
 *   events: {at: string, kind: string, text: string}[], server_now: string}} Timeline
 * @typedef {{attempt: string, state: string, deadline: string, warnings: string[]}} AttemptChanged
 *
 * @typedef {null | boolean | string[]} Response
 * @typedef {{id: string, attempt: string, person: string, name: string, unit: string, unit_name: string, slot: number,
 *   response: Response, received_at: string, answered_at: string | null, decision: string | null,
 *   decision_reason: string | null}} KeptAnswer
 *
 * @typedef {string | string[] | boolean | string[][] | null} QuestionKey
 * @typedef {{question: string, version: number, part: number | null, stem: string, policy: string,
 *   keys: QuestionKey[], reason: string, ruled_at: string}} Ruling
 * @typedef {{question: string, version: number, part: number | null, kind: string, stem: string,
 *   options: {id: string, text: string}[], key: QuestionKey, papers: number, answered: number, correct: number,
 *   ruling: Ruling | null}} ExamQuestion
 * @typedef {{marks: number, verdict: string, band: string}} Score
 * @typedef {{attempt: string, person: string, name: string, unit_name: string, before: Score,
 *   after: Score}} ScoreChange
 * @typedef {{dry_run: boolean, generation: number, attempts: number, changed: number, to_passed: number,
 *   to_failed: number, items: ScoreChange[]}} Regrade
 * @typedef {{generation: number, reason: string, started_at: string, finished_at: string | null, attempts: number,
 *   changed: number, to_passed: number, to_failed: number}} RegradeRun
 */

export {};
