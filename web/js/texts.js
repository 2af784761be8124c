/**
 * What the officials' pages say while a test is taken, and what all of them say; the rest stands in texts-pages.js.
 * One word for one thing: docs/glossary.md. Also how instants and durations are written.
 */

/** @param {number[]} slots */
const list = (slots) => slots.join("、");

/** @type {{ [kind: string]: string }} */
const KINDS = { single: "单选题", multiple: "多选题", judgement: "判断题", blank: "填空题", essay: "简答题" };

/** @type {{ [outcome: string]: string }} */
const OUTCOMES = { passed: "合格", failed: "不合格", absent: "缺考", deferred: "缓考", exempt: "免考" };

export const T = {
  product: "知戒",
  nav: "页面",
  large: "大字",
  loading: "正在打开…",
  retry: "重试",
  back: "返回",
  home: "我的任务",
  account: "账号",
  /** @param {string} title */
  documentTitle: (title) => `${title} · 知戒`,
  /** @param {string} id */
  requestId: (id) => `编号 ${id}`,
  /** @param {number} year @param {number} month @param {number} day */
  day: (year, month, day) => `${year}年${month}月${day}日`,
  /** @param {number} days @param {number} hours @param {number} minutes */
  left: (days, hours, minutes) => {
    if (days > 0) return hours > 0 ? `${days}\u00a0天 ${hours}\u00a0小时` : `${days}\u00a0天`;
    if (hours > 0) return minutes > 0 ? `${hours}\u00a0小时 ${minutes}\u00a0分钟` : `${hours}\u00a0小时`;
    return minutes > 0 ? `${minutes}\u00a0分钟` : "不到\u00a01\u00a0分钟";
  },
  /** @param {number} seconds */
  minutes: (seconds) => `${Math.round(seconds / 60)} 分钟`,
  /** @param {number} marks */
  marks: (marks) => `${marks} 分`,
  /** @param {number} marks @param {number} max */
  marksOf: (marks, max) => `${marks} / ${max} 分`,
  /** @param {string} kind */
  kind: (kind) => KINDS[kind] || "题目",
  /** @param {string} outcome */
  outcome: (outcome) => OUTCOMES[outcome] || "",

  // Errors
  unexpected: "页面出错了",
  unexpectedDetail: "已作答的内容不会丢失。请刷新页面。",
  notOpened: "没有打开页面",
  networkFailed: "网络不通",
  networkFailedDetail: "没有连上服务器。请检查网络后重试。",
  /** @param {number} status */
  serverFailed: (status) => `服务器没有正常答复（${status}）`,

  // Before a test
  before: {
    questions: "题量",
    duration: "时间",
    pass: "合格线",
    attempts: "机会",
    until: "截止",
    book: "查阅",
    /** @param {number} questions @param {number} max */
    questionsText: (questions, max) => `${questions} 题，满分 ${max} 分`,
    /** @param {number} left @param {number} used */
    attemptsText: (left, used) => (used > 0 ? `还可考 ${left} 次（已考 ${used} 次）` : `可考 ${left} 次`),
    openBook: "开卷，可以查阅资料",
    closedBook: "闭卷",
    network: "断网怎么办",
    networkText: "答案先存在手机里，连上网会自动补交。关掉页面再打开，会回到原来的题。",
    time: "开始后计时不停，到时自动交卷。",
    start: "开始考试",
    starting: "正在取试卷…",
    /** @param {string} left */
    short: (left) => `距截止只剩 ${left}，少于规定时长。`,
    elsewhere: "您在另一台设备上正在作答。在本机继续后，那台设备不能再作答。",
    continueHere: "在本机继续",
    upcoming: "考试还没有开始",
    /** @param {string} when */
    upcomingText: (when) => `${when} 开始。到时这里会出现开始按钮。`,
    unknown: "没有找到这场考试",
    unknownText: "它可能已取消，或不在您的任务里。",
    used: "本场考试已完成",
    closed: "考试已截止",
    closedText: "如因请假或设备问题没有考成，请联系本单位联络员。",
    exempt: "您不用参加这场考试",
    loadFailed: "没有取到试卷。已作答的内容不受影响。",
    trialTitle: "三题试做",
    trialText: "三道练习题，操作和正式考试一样，不计分。",
    trialStart: "开始试做",
  },

  // During a test
  exam: {
    /** @param {number} slot @param {number} count */
    where: (slot, count) => `第 ${slot}/${count} 题`,
    /** @param {number} slot @param {string} kind */
    heading: (slot, kind) => `第 ${slot} 题，${kind}`,
    remaining: "剩余",
    about: "约",
    /** @param {number} minutes */
    minutesLeft: (minutes) => `还剩 ${minutes} 分钟`,
    /** @param {string} when */
    extended: (when) => `作答时间已改为 ${when} 截止`,
    timeUp: "时间到，正在核对…",
    previous: "上一题",
    next: "下一题",
    finish: "去交卷",
    /** @param {number} answered @param {number} count */
    sheet: (answered, count) => `答题卡 ${answered}/${count}`,
    passage: "案例",
    /** @param {number} marks */
    worth: (marks) => `${marks} 分`,
    multipleHint: "可选多项",
    /** @param {number} count */
    chosen: (count) => (count > 0 ? `已选 ${count} 项` : "还没有选"),
    right: "正确",
    wrong: "错误",
    /** @param {number} n @param {number} of */
    blank: (n, of) => (of > 1 ? `第 ${n} 空` : "填写答案"),
    essay: "作答",
    clear: "清除本题答案",
    mark: "标记本题",
    marked: "已标记",
    notice: "考务通知",
    /** @param {number} seconds @param {number} counted @param {number} most */
    left: (seconds, counted, most) => `您刚才离开本页面 ${seconds} 秒，已记 ${counted} 次（最多 ${most} 次）。`,
    leftOver: "已超过规定次数，考务人员会看到；请继续作答。",
    /** @param {number} most */
    leftHandIn: (most) => `离开本页面超过 ${most} 次，按考试规则交卷。`,
    /** @param {string} reason */
    paused: (reason) => `考试已暂停：${reason}。这段时间不计时，已作答的照常保存。`,
    goesOn: "考试已恢复，接着计时",
    /** @param {number[]} slots */
    given: (slots) => `第 ${slots.join("、")} 题已更正：全体得分，答不答都算对。`,
    dismiss: "知道了",
    noDisk: "浏览器不让本页在手机上存答案（可能开了无痕模式）。请保持联网，不要关闭页面。",
    diskFull: "手机存储已满，答案没能存在本机。请保持联网，不要关闭页面。",
    guessed: "时间可能已到，联网后核对。已作答的不会丢。",
    /** @param {number} slot @param {string} reason */
    refused: (slot, reason) => `第 ${slot} 题没有保存：${reason || "请重新作答"}`,
    signInAgain: "登录已过期，答案存在本机。登录后接着送。",
    signInLink: "重新登录",
    /** @param {number} slot */
    superseded: (slot) => `第 ${slot} 题在别处改过，请核对答案。`,
  },
  save: {
    idle: "作答后自动保存",
    saved: "已保存",
    saving: "保存中",
    /** @param {number} pending @param {boolean} kept */
    offline: (pending, kept) => `离线，${kept ? "已存在本机" : "未能存在本机"}（${pending} 题待传）`,
    /** @param {number} pending @param {boolean} kept */
    busy: (pending, kept) => `服务器忙，${kept ? "已存在本机" : "请不要关闭页面"}（${pending} 题待传）`,
    /** @param {number[]} slots */
    refused: (slots) => `第 ${list(slots)} 题没有保存`,
    /** @param {number} pending */
    signedOut: (pending) => `登录已过期（${pending} 题待传）`,
  },
  sheet: {
    title: "答题卡",
    close: "关闭",
    done: "已答",
    open: "未答",
    marked: "标记",
    legend: "图例",
    /** @param {number} done @param {number} open @param {number} marked */
    counts: (done, open, marked) => `已答 ${done} 题，未答 ${open} 题，标记 ${marked} 题`,
    /** @param {number} slot @param {boolean} done @param {boolean} marked @param {boolean} here */
    label: (slot, done, marked, here) =>
      `第 ${slot} 题，${done ? "已答" : "未答"}${marked ? "，已标记" : ""}${here ? "，当前题" : ""}`,
    handIn: "交卷",
  },

  // Handing in
  handIn: {
    title: "交卷前核对",
    allDone: "全部题目都已作答。",
    /** @param {number[]} slots */
    open: (slots) =>
      slots.length > 12
        ? `还有 ${slots.length} 题未答。`
        : `还有 ${slots.length} 题未答：第 ${list(slots)} 题。`,
    /** @param {number} count */
    marked: (count) => `有 ${count} 题标记了待查。`,
    go: "点题号回去作答：",
    /** @param {number} slot */
    slot: (slot) => `第 ${slot} 题`,
    /** @param {number} count */
    pending: (count) => `有 ${count} 题还没有传到服务器，会随交卷一起送达。`,
    final: "交卷后不能再改。",
    /** @param {string} left */
    time: (left) => `离截止还有 ${left}。`,
    confirm: "确认交卷",
    back: "返回答题",
    sending: "正在交卷…",
    sendingDetail: "请稍候，不要关闭页面。",
    offline: "已在本机交卷",
    /** @param {string} until */
    offlineUntil: (until) => `联网后自动送达；请在 ${until} 前联网。`,
    offlineLate: "联网后自动送达；请尽快联网。",
    offlineReload: "可以关闭页面。再打开时会继续送达。",
    offlineMemory: "没能存在本机，请不要关闭页面。",
    busy: "服务器忙，正在重试",
    busyText: "服务器忙，稍候自动再交。",
    now: "立即重试",
    timeUp: "时间到",
    timeUpDetail: "正在自动交卷…",
    timeUpOffline: "时间到。联网后自动交卷，请尽快联网。",
    failed: "没有交卷成功",
    reload: "刷新页面",
  },
  done: {
    title: "已交卷",
    timeUp: "时间到，已自动交卷",
    at: "交卷时间",
    answered: "已答",
    unanswered: "未答",
    /** @param {number} answered @param {number} count */
    answeredText: (answered, count) => `${answered} / ${count} 题`,
    /** @param {number[]} slots */
    slots: (slots) => (slots.length > 12 ? `${slots.length} 题` : `第 ${list(slots)} 题`),
    receipt: "回执编号",
    receiptHint: "回执编号可以用来核对交卷，请截图保存。",
    late: "答案在截止后送达，已注明迟到。",
    result: "看成绩",
  },
  closed: {
    title: "作答已结束",
    text: "时间已到或已经交卷，不能再作答。",
    /** @param {number} count */
    kept: (count) => `有 ${count} 题答案在截止后送达，已另行保存，是否计入由考务管理员决定。`,
    voided: "本次作答已作废",
    voidedText: "原因请询问考务管理员。",
  },
  takenOver: {
    title: "已在另一台设备上继续",
    text: "本机不能再作答。请在那台设备上继续。",
    saved: "本机的答案都已送达。",
    /** @param {number} count */
    pending: (count) => `本机有 ${count} 题没有送达。在本机继续时会补送。`,
    here: "回到本机继续",
    hereDetail: "那台设备将不能再作答。",
  },

};

/**
 * The state of saving in words.
 *
 * @param {import("./types.js").SaveState} state
 * @returns {string}
 */
export function saveText({ kind, pending, durable, refused }) {
  if (refused.length > 0 && (kind === "saved" || kind === "idle")) return T.save.refused(refused.map(({ slot }) => slot));
  if (kind === "offline") return T.save.offline(pending, durable);
  if (kind === "busy") return T.save.busy(pending, durable);
  if (kind === "signed_out") return T.save.signedOut(pending);
  return T.save[kind];
}

/* Instants and durations */

/** China has one time zone and no summer time. */
const SHANGHAI_OFFSET_MS = 8 * 3600 * 1000;

/**
 * 12:05, or 1:02:05. Rounds up, so that 0:00 is shown only when the time is over.
 *
 * @param {number} ms
 * @returns {string}
 */
export function formatCountdown(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const tail = `${pad(minutes)}:${pad(seconds % 60)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** @param {number} number */
function pad(number) {
  return number < 10 ? `0${number}` : String(number);
}

/** @param {number | string} instant */
function inShanghai(instant) {
  const ms = typeof instant === "number" ? instant : Date.parse(instant);
  return new Date(ms + SHANGHAI_OFFSET_MS);
}

/**
 * 2026年11月24日 17:30
 *
 * @param {number | string} instant
 */
export function formatInstant(instant) {
  const local = inShanghai(instant);
  return `${formatDay(instant)} ${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}`;
}

/** @param {number | string} instant */
export function formatDay(instant) {
  const local = inShanghai(instant);
  return T.day(local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate());
}

/**
 * 17:30 on the same day, the whole date on another.
 *
 * @param {number | string} instant
 * @param {number} now
 */
export function formatInstantNear(instant, now) {
  if (formatDay(instant) !== formatDay(now)) return formatInstant(instant);
  const local = inShanghai(instant);
  return `${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}`;
}

/**
 * How much is left, in words: 2 天 3 小时, 3 小时 5 分钟, 5 分钟.
 *
 * @param {number} ms
 */
export function formatLeft(ms) {
  const minutes = Math.max(0, Math.floor(ms / 60000));
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  return T.left(days, hours, minutes % 60);
}
