// Shapes of the API as the staff pages use them (CONTRACT §2–5). Types only: nothing here runs.

/**
 * @typedef {{role: string, scope: string[]}} RoleGrant
 * @typedef {{id: string, login: string, name: string, roles: RoleGrant[],
 *   person?: {id: string, name: string, unit: string, unit_name: string, rank: string, rank_title: string}}} Me
 *
 * @typedef {{id: string, code: string, name: string, parent: string | null,
 *   groups: {kind: string, slug: string, name: string}[], people: number, kind: string, kind_title: string,
 *   position: number, left_on: string | null, version: number}} Unit
 * @typedef {{slug: string, title: string, retired?: boolean}} ListEntry
 * @typedef {{items: ListEntry[], post_levels: ListEntry[], ranks: ListEntry[]}} Ranks
 * @typedef {{id: string, key: string, name: string, unit: string, unit_name: string, post_level: string | null,
 *   rank: string | null, rank_title: string, group: string, group_title: string, post: string | null,
 *   party: string | null, status: string, account: string | null, activated: boolean}} Person
 *
 * @typedef {{account: string, person: string, name: string, unit: string, unit_name: string, activated: boolean,
 *   code_expires_at: string | null}} ActivationState
 * @typedef {{unit: string, registered: number, activated: number, items: ActivationState[]}} Activations
 * @typedef {{account: string, person?: string, name: string, unit_name: string, login: string, code: string,
 *   expires_at: string, qr_svg: string}} ActivationCode
 *
 * @typedef {{id: string, title: string, kind: string, state: string, opens_at: string, closes_at: string,
 *   duration_seconds: number, questions: number, marks_max: number, due: number, taken: number,
 *   version: number}} ExamSummary
 * @typedef {{from: number, name: string}} Band
 * @typedef {{pass_marks: number, bands?: Band[], attempts?: number, count?: string, wait_seconds?: number | null,
 *   until_passed?: boolean, full_duration?: boolean, late_sync_seconds?: number, release_marks?: string,
 *   release_keys?: string, shuffle?: boolean, open_book?: boolean | {from_age: number} | null,
 *   law_date?: string | null, multiple_rule?: string, section_minima?: {section: string, from: number}[],
 *   must_be_right?: ({kind: string, count: number} | {question: string})[],
 *   clauses?: Record<string, string>, freeze_edits?: boolean,
 *   entry_waves?: {count: number, interval_seconds: number, by?: string} | null,
 *   screen_leaves?: {most: number, from_seconds?: number, then?: string} | null}} Rules
 * @typedef {{wave: number, opens_at: string, people: number,
 *   units: {unit: string, title: string, people: number}[]}} Wave
 * @typedef {{units: {unit: string, subtree?: boolean}[], ranks?: string[], posts?: string[], party?: string[],
 *   supervisee?: string[], people?: string[], exclude?: unknown, include_retired?: boolean}} Audience
 * @typedef {ExamSummary & {blueprint: string | null, paper: string | null, seed: string | null, rules: Rules,
 *   audience: Audience, reason: string | null, registered: number, waves: Wave[], etag: string,
 *   server_now: string}} Exam
 * @typedef {{slug: string, title: string, blueprint: string, duration_seconds: number, rules: Rules,
 *   note: string}} Preset
 * @typedef {{id: string, title: string, questions: number, marks: number,
 *   sections: {title: string, kind: string | null, count: number, marks_each: number | null}[]}} Blueprint
 * @typedef {{constraint: string, missing: number}} Unmet
 * @typedef {{person: string, name: string, unit: string, unit_name: string, rank: string, rank_title: string, status: string,
 *   reason: string | null, state: string, marks: number | null, entry_at?: string}} RosterEntry
 * @typedef {{slot: number, kind: string, stem: string, marks: number, options?: {id: string, text: string}[],
 *   blanks?: number, group?: {id: string, passage: string}}} Slot
 *
 * @typedef {{unit: string, exam: string, registered: number, exempt: number, due: number, in_progress: number,
 *   taken: number, deferred: number, absent: number, missing: number, server_now: string}} Progress
 * @typedef {{registered: number | null, exempt: number | null, due: number | null, taken: number | null,
 *   deferred: number | null, absent: number | null, blank: number | null, passed: number | null,
 *   excellent: number | null, participation: number | null, pass_of_taken: number | null,
 *   pass_of_due: number | null, excellent_of_taken: number | null, mean: number | null, median: number | null,
 *   suppressed: boolean}} Figures
 * @typedef {Figures & {key: string, title: string}} ResultRow
 * @typedef {{unit: string, exam: string, count: string, total: Figures, rows: ResultRow[], marks_max: number,
 *   server_now: string}} Results
 * @typedef {{person: string, name: string, unit: string, unit_name: string, rank: string, rank_title: string,
 *   state: string}} MissingPerson
 *
 * @typedef {{unit?: string, unit_name?: string, rank?: string, rank_title?: string, topic?: string,
 *   topic_title?: string, law?: string, law_title?: string, level?: string, level_title?: string,
 *   persons: number | null, responses: number | null, facility: number | null, low: number | null,
 *   high: number | null, suppressed: boolean}} MasteryRow
 * @typedef {{by: string[], rows: MasteryRow[]}} Mastery
 * @typedef {{id: string, state: string, progress: number, failure: string | null}} Report
 *
 * @typedef {{sheet: string | null, row: number | null, field: string | null, value?: string | null,
 *   severity: string, reason: string, n?: number | null, column?: string | null}} ImportProblem
 * @typedef {{n: number, sheet: string, row: number, of_units: boolean, skipped: boolean, corrected: boolean,
 *   fields: Record<string, string>}} ImportProblemRow
 * @typedef {{n: number | null, sheet: string | null, row: number | null, name: string, key: string, unit: string, change: string,
 *   fields?: {field: string, before: string | null, after: string | null}[]}} ImportRow
 * @typedef {{mode: string, people: {new: number, changed: number, moved: number, left: number, unchanged: number},
 *   units: {new: number, renamed: number, left: number, regrouped: number}, problems: ImportProblem[],
 *   rows?: ImportRow[], problem_rows?: ImportProblemRow[], corrected?: number, skipped?: number,
 *   units_changed?: {unit: string, change: string,
 *     fields: {field: string, before: string | null, after: string | null}[]}[]}} PeoplePreview
 * @typedef {{id: string, title: string, articles: number, same: number, punctuation_only: number,
 *   different: number, missing: number, extra: number,
 *   details: {no: string, label: string, result: string, expected_length?: number, length?: number,
 *   text_of?: string}[]}} EditionPreview
 * @typedef {{editions: EditionPreview[], problems: ImportProblem[]}} LawsPreview
 * @typedef {{id: string, kind: string, state: string, file_name: string, created_at?: string,
 *   preview: unknown, etag?: string}} Import
 *
 * @typedef {{from: string, from_name: string, to: string, to_name: string, people: number}} SuccessionRecord
 * @typedef {{id: string, kind: string, since: string, reason: string, created_at: string,
 *   records: SuccessionRecord[]}} Succession
 * @typedef {{account: string, name: string, role: string, role_title: string, unit: string,
 *   unit_name: string}} RoleHolder
 * @typedef {{id: string | null, kind: string, since: string, people: number, records: SuccessionRecord[],
 *   units: {unit: string, name: string, change: string, to: string | null}[],
 *   roles: (RoleHolder & {follows: boolean, to: string[]})[], drafts: {exam: string, title: string}[],
 *   fixed_rosters: number, etag: string}} SuccessionOutcome
 * @typedef {Unit & {people_directly: number, history: Succession[], etag: string,
 *   consequences?: {units: number, people: number, gain: RoleHolder[], lose: RoleHolder[]}}} UnitDetail
 * @typedef {{slug?: string, title: string, spellings: string[], retired: boolean, group: string | null,
 *   category: string | null, rest: boolean, people: number}} ListItem
 * @typedef {{added: string[], removed: string[], renamed: [string, string][], retired: string[], reordered: boolean,
 *   regrouped: {from: string, from_title: string, to: string, to_title: string, people: number}[]}} ListChange
 * @typedef {{list: string, title: string, items: ListItem[], etag: string, change?: ListChange}} EditableList
 *
 * @typedef {{id: string, law: string, edition: string, title: string, short_title: string, issuer: string,
 *   effective: string | null, superseded_on: string | null, articles: number,
 *   texts_imported: number}} EditionSummary
 * @typedef {{no: string, label: string, validity: string, gist: string | null, text: string | null}} Article
 * @typedef {Omit<EditionSummary, "articles"> & {articles: Article[]}} Edition
 *
 * @typedef {{ref: string, version: number, kind: string, pool: string, state: string, law?: string, stem: string,
 *   level: string, topics: string[], author: string, updated_at: string, gaps: number, unproven: number,
 *   in_papers: number | null, working: {version: number, state: string} | null}} QuestionSummary
 * @typedef {{id?: string, text?: string, misconception?: string}} QuestionOption
 * @typedef {{law?: string, edition?: string, article?: string, paragraph?: number, item?: number, words?: string,
 *   supports?: string[]}} Citation
 * @typedef {{stem?: string, kind?: string, options?: QuestionOption[], key?: string | string[] | boolean | string[][],
 *   fixed_order?: boolean, misconception?: string, reference?: string, points?: {text?: string, marks?: number}[],
 *   explanation?: string, citations?: Citation[]}} QuestionItem
 * @typedef {{passage?: string, parts?: QuestionItem[]}} QuestionCase
 * @typedef {{item?: QuestionItem, case?: QuestionCase}} QuestionBody
 * @typedef {{ref?: string, pool?: string, topics?: string[], level?: string, audience?: string[],
 *   authorship?: {author?: string, reviewer?: string, checked_on?: string, review_by?: string,
 *   unproven_reason?: string}, prior_facility?: number, facts_on?: string, enemies?: string[], successor_of?: string,
 *   body?: QuestionBody}} QuestionContent
 * @typedef {{field: string, severity: string, reason: string}} ContentProblem
 * @typedef {{field: string, proof: string}} WordsProof
 * @typedef {QuestionSummary & {content: QuestionContent, etag: string, problems: ContentProblem[],
 *   words: WordsProof[], author_name: string | null, reviewer_name: string | null, may: string[]}} Question
 * @typedef {{version: number, state: string, author: string, created_at: string, updated_at: string,
 *   content: QuestionContent, etag: string,
 *   events: {at: string, kind: string, name: string | null, comment: string | null}[]}} QuestionVersion
 * @typedef {{problems: ContentProblem[], words: WordsProof[],
 *   alike: {ref: string, stem: string, percent: number}[]}} QuestionCheck
 * @typedef {{ref: string, stem: string, percent: number, same: boolean, row: number | null}} RowAlike
 * @typedef {{n: number, sheet: string | null, row: number, ref: string, kind: string | null, stem: string,
 *   options: string[], key: (string | boolean | string[])[], explanation: string, parts?: QuestionRow[],
 *   problems: ContentProblem[], gaps: ContentProblem[], duplicates: RowAlike[], is_duplicate: boolean,
 *   blocked: boolean}} QuestionRow
 * @typedef {{format: string, counts: {questions: number, errors: number, warnings: number, duplicates: number},
 *   problems: ImportProblem[], rows?: QuestionRow[]}} QuestionsPreview
 */

export {};
