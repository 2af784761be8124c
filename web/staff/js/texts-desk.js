// Every text of 考务台, the pages for the day of an exam.

/** @typedef {Record<string, string>} Titles */

/** @param {number} minutes */
const minutes = (minutes) => `${minutes} 分钟`;

export const desk = {
  span: (/** @type {number} */ h, /** @type {number} */ m, /** @type {number} */ s) =>
    h > 0 ? `${h} 小时 ${m} 分` : m > 0 ? `${m} 分 ${s} 秒` : `${s} 秒`,
  heading: "考试进行得怎么样？", loading: "正在取最新情况……", failed: "没能取到考试的情况。", back: "考试页", other: "换一场考试",
  views: /** @type {Titles} */ ({ overview: "进行情况", person: "查人", questions: "题目更正", kept: "迟到的答案" }),
  viewsLabel: "考务台的几项工作", keptWaiting: (/** @type {number} */ n) => `迟到的答案（${n}）`,
  choose: "看哪一场考试？", chooseHow: "正在考的在最前面。",
  none: "还没有已发布的考试", noneHow: "发布一场考试后，考试当天在这里看进度、办延时、处理意外。", toExams: "去考试列表",

  counts: (/** @type {string} */ begun, /** @type {string} */ due, /** @type {string} */ now, /** @type {string} */ done) =>
    `已开始 ${begun}/${due} 人，正在答题 ${now} 人，已交卷 ${done} 人`,
  voidedToo: (/** @type {string} */ n) => `，作废 ${n} 人`, deferredToo: (/** @type {string} */ n) => `，缓考 ${n} 人`,
  over: (/** @type {string} */ at) => `已过结束时间（${at}）：`, cancelled: "这场考试已取消。",
  notOpen: (/** @type {string} */ at, /** @type {string} */ due) => `还没开考：${at} 开考，应考 ${due} 人。`,
  window: (/** @type {string} */ from, /** @type {string} */ to) => `${from} 至 ${to}`,
  fresh: (/** @type {string} */ at) => `${at} 的数据，每 5 秒更新`,
  stale: "暂时取不到最新情况，正在自动重试。", staleAt: (/** @type {string} */ at) => `下面是 ${at} 的数据。手机上的作答不受这一页影响。`,
  back_again: (/** @type {string} */ at) => `已恢复连接，${at} 的数据`,
  keptAlert: (/** @type {number} */ n) => `有 ${n} 条迟到的答案等您决定`, keptGo: "去处理",

  pausedFor: (/** @type {string} */ span) => `考试已暂停 ${span}`,
  pausedWhy: (/** @type {string} */ at, /** @type {string} */ why) => `${at} 起暂停，理由：${why}`,
  pausedNow: "考试已暂停", pausedMeans: "现在没有人能开始。正在答题的人可以接着答、照常保存，倒计时停住，一秒不少。",

  acts: "能办的事", figures: "人数", byUnit: "各单位到了哪一步？", unit: "单位", filter: "单位名称含有",
  due: "应考", begun: "已开始", notStarted: "未开始", answering: "正在答题", handedIn: "已交卷", auto: "到时自动交卷",
  ofThemAuto: (/** @type {string} */ n) => `其中到时自动 ${n}`, voided: "作废", deferred: "缓考", exempt: "免考", devices: "换过设备",
  devicesNote: "换手机、换电脑继续答，不算违规", leftTooOften: "离开页面超次",
  leftTooOftenNote: "手机上报，关屏也算，只供核查",
  ownPeople: (/** @type {string} */ unit) => `${unit}本级`,
  extendUnit: "延时", extendOf: (/** @type {string} */ name) => `给${name}延时`, noUnits: "名单上还没有人", noMatch: "没有这个名称的单位。",

  servers: "服务器忙不忙？", noNodes: "最近 15 秒没有服务器报到。刚启动时是正常的；一直如此请告诉系统管理员。",
  nodes: (/** @type {number} */ n, /** @type {string} */ saves) => `${n} 台服务器在运行，每秒保存 ${saves} 次作答；`,
  noQueue: (/** @type {string} */ most) => `没有作答在排队（最多能排 ${most} 条）；`,
  queue: (/** @type {string} */ n, /** @type {string} */ most, /** @type {boolean} */ full) =>
    `${n} 条作答在排队（最多能排 ${most} 条）${full ? "，排得偏多，请告诉系统管理员" : ""}；`,
  disk: (/** @type {string} */ free, /** @type {string} */ least, /** @type {boolean} */ tight) =>
    tight ? `磁盘只剩 ${free}，少于 ${least}，请马上请系统管理员清理。` : `磁盘还剩 ${free}，够用（少于 ${least} 要清理）。`,
  diskUnknown: "磁盘剩余量不详。",
  tones: /** @type {Titles} */ ({ good: "正常", warn: "要留意", bad: "要处理" }),
  eachServer: "每台服务器", server: "服务器", up: "启动于", seen: "最近报到", saves: "每秒保存", waiting: "排队", most: "最多能排",
  free: "磁盘剩余",

  done: "今天办过什么？", nothingDone: "还没有办过延时、暂停，也没有发过公告", nothingDoneHow: "办了以后，按时间列在这里。",
  extended: (/** @type {string} */ who, /** @type {string} */ span, /** @type {number} */ n, /** @type {string} */ why) =>
    `给${who}延时 ${span}${n > 0 ? `，当时正在答题 ${n} 人` : ""}。理由：${why}`,
  announcedIt: (/** @type {string} */ text) => `公告：${text}`,
  pausedIt: (/** @type {string} */ why) => `暂停。理由：${why}`,
  resumedIt: (/** @type {string} */ span) => `恢复，共停 ${span}。`,

  announce: {
    go: "发公告……", title: "给正在答题的人发公告？", label: "公告", hint: "最多 200 字，如“第 12 题按题面作答即可”",
    missing: "请写公告的内容。",
    who: (/** @type {string} */ n) => `现在正在答题的 ${n} 人，10 秒内会在答题页顶部看到。`,
    later: "之后开始的人也会看到。没有开始的人和已交卷的人收不到。", final: "发出后不能撤回、不能修改。",
    confirm: "发出", doing: "正在发……", failed: "公告没有发出。", kept: "您写的内容还在。", done: "公告已发出：",
  },

  extend: {
    go: "延时……", title: "给谁延时多久？", titleOne: (/** @type {string} */ name) => `给${name}延时多久？`,
    who: "给谁", all: "全体", unit: "一个单位（含下级）", pick: "单位", one: "只给一个人延时，请先", oneLink: "查到这个人",
    minutes: "延长多少分钟", minutesHint: "1 到 1440", minutesWrong: "请填 1 到 1440 的整数。", unitMissing: "请选单位",
    counting: "正在数会影响多少人……", countFailed: "没能数出会影响多少人，先不要办。",
    answering: (/** @type {string} */ n, /** @type {number} */ m) => `正在答题的 ${n} 人：交卷时限各推后 ${minutes(m)}。`,
    notStarted: (/** @type {string} */ n, /** @type {number} */ m) =>
      `还没开始的 ${n} 人：最晚开始和交卷的时间推后 ${minutes(m)}，答题时长不变。`,
    oneAnswering: (/** @type {string} */ name, /** @type {string} */ from, /** @type {string} */ to) =>
      `${name}正在答题：交卷时限由 ${from} 推到 ${to}。`,
    oneNot: (/** @type {string} */ name, /** @type {number} */ m) =>
      `${name}没有在答题：下一次答题多 ${minutes(m)}，最晚开始的时间也推后 ${minutes(m)}。`,
    handedIn: "已经交卷的人不受影响。", final: "不能撤回。不够可以再延。",
    reason: "理由", reasonHint: "如“9:20 至 9:30 断网”，会记入台账",
    confirm: "确认延时", doing: "正在办理……", failed: "没能延时。", kept: "谁的时间都没有变。",
    done: (/** @type {string} */ who, /** @type {string} */ span, /** @type {string} */ n) =>
      `已给${who}延时 ${span}，其中正在答题的 ${n} 人时限已推后，手机10 秒内显示。`,
  },

  pause: {
    go: "暂停考试……", title: "暂停这场考试？",
    notStarted: (/** @type {string} */ n) => `还没开始的 ${n} 人：暂停期间不能开始。`,
    answering: (/** @type {string} */ n) => `正在答题的 ${n} 人：可以接着答、照常保存，倒计时停住。`,
    after: "恢复后，各人的交卷时限和全场结束时间都顺延，谁也不少一秒。", undo: "随时可以恢复。暂停不是交卷，答案都在。",
    reason: "理由", reasonHint: "如“中心机房断电”，会显示在答题页和这一页",
    confirm: "确认暂停", doing: "正在暂停……", failed: "没能暂停。", kept: "考试照常进行。", done: "考试已暂停。",
    resume: "恢复考试……", resumeTitle: "恢复考试？",
    resumeAnswering: (/** @type {string} */ n, /** @type {string} */ span) =>
      `正在答题的 ${n} 人：倒计时接着走，交卷时限各顺延约 ${span}。`,
    resumeOthers: (/** @type {string} */ n, /** @type {string} */ span) =>
      `还没开始的 ${n} 人：可以开始，全场结束时间也顺延约 ${span}。`,
    resumeGo: "确认恢复", resuming: "正在恢复……", resumeFailed: "没能恢复。", resumeKept: "考试还在暂停。",
    resumed: (/** @type {string} */ span) => `考试已恢复，共停 ${span}，时限都已顺延。`,
  },

  person: {
    heading: "谁进不去，怎么办？", headingOf: (/** @type {string} */ name) => `${name}现在能不能开始？`,
    lead: "查到这个人，就能看到原因、该怎么答复、能办什么。",
    search: "姓名或人员编号", find: "查找", searching: "正在查找……", searchFailed: "没能查找。",
    nobody: "名单上没有这个人", nobodyHow: "请换一种写法，或只输入姓。确实不在名单上的，发布后不能再加，可另建一场。",
    more: "先列 30 人，请多输入几个字。", again: "查另一个人",
    can: "能开始", cannot: "不能开始", answeringNow: "正在答题",
    reply: "可以这样答复", unit: "单位", login: "登录名", account: "账号", status: "名单",
    accounts: /** @type {Titles} */ ({ inactive: "未激活", active: "已激活", disabled: "已停用" }),
    noAttempt: "还没有开始过",
    next: /** @type {Titles} */ ({ code: "换一个新开通码，当面交给本人", people: "到“人员”页核对花名册",
      roster: "到考试页的名单上办理", resume: "恢复考试", extend: "给这个人延时" }),
    suggested: "先办这一件", otherActs: "也可以", code: "换新开通码……", extend: "给此人延时……", roster: "请假、免考（考试页名单）",
    nothing: "没有什么拦着，不用办。", wait: "现在只能等，不用办。",
    attempts: "作答经过", number: "第几次", state: "状态", from: "开始", deadline: "交卷时限", to: "结束", answered: "已答",
    saved: "最近保存", devices: "换过设备", left: "离开页面", keptWaiting: "待定的迟到答案", acts: "办理",
    numberWords: (/** @type {number} */ n) => `第 ${n} 次`,
    attemptStates: /** @type {Titles} */ ({ answering: "正在答题", submitted: "已交卷", auto_submitted: "到时自动交卷",
      voided: "已作废" }),
    voidings: /** @type {Titles} */ ({ annulled: "作废重考", disqualified: "取消成绩" }),
    deviceNote: (/** @type {number} */ n) =>
      `换过 ${n} 次设备。换手机、换电脑继续答是允许的，也可能两人合用一部手机，只供了解。`,
    events: "一步一步", noEvents: "还没有记录", noEventsHow: "开始、换设备、延时、交卷都会按时间列在这里。",
    failed: "没能取到这个人的情况。",
    void: "作废……", voidOf: (/** @type {number} */ n) => `作废第 ${n} 次作答`,
    reopen: "恢复作答……", reopenOf: (/** @type {number} */ n) => `恢复第 ${n} 次作答`,
  },

  void: {
    title: (/** @type {string} */ name, /** @type {number} */ n) => `作废${name}的第 ${n} 次作答？`,
    kind: "为什么作废", kindMissing: "请选一种。",
    kinds: /** @type {Titles} */ ({ annulled: "作废重考：不怪本人（断电、设备坏、发错人）",
      disqualified: "取消成绩：本人违规（替考、抄袭）" }),
    means: /** @type {Titles} */ ({ annulled: "这一次当没考过，不占次数；本人可以再开始，拿到一份新卷。",
      disqualified: "这一次算已考、不合格，占一次机会，在统计里单列。" }),
    answering: "本人正在答题，会马上中止，手机上的答案仍然保存。", marked: "已有的成绩不再算数，答卷和评分仍留底。",
    told: "本人会收到通知，写明理由。",
    final: "不能直接撤销。弄错了可以“恢复作答”，但要本人重新交卷才再有成绩。",
    reason: "理由", reasonHint: "会写进本人收到的通知，并记入台账",
    confirm: "确认作废", doing: "正在作废……", failed: "没能作废。", kept: "这次作答没有变化。",
    done: (/** @type {string} */ name, /** @type {string} */ kind) => `${name}的这次作答已作废（${kind}）。`,
  },

  reopen: {
    title: (/** @type {string} */ name, /** @type {number} */ n) => `恢复${name}的第 ${n} 次作答？`,
    minutes: "给多少分钟", minutesHint: "从现在起算，1 到 1440",
    open: (/** @type {number} */ m) => `本人可以接着答 ${minutes(m)}，原来的答案都在；到时自动交卷。`,
    marked: "已有的成绩和回执先放到一边：重新交卷后再评。原回执仍可核验。",
    keys: "本场交卷就公布答案：此人可能已经看过本卷的答案和解析。", told: "本人会收到通知，写明理由。",
    other: "此人另有一次作答正在进行，要先等它结束。", final: "不能撤回；要停下来，可以再作废。",
    reason: "理由", reasonHint: "如“误触交卷，有同事作证”，会写进本人收到的通知",
    confirm: "确认恢复", doing: "正在恢复……", failed: "没能恢复作答。", kept: "这次作答没有变化。",
    done: (/** @type {string} */ name, /** @type {string} */ until) => `${name}可以接着答，到 ${until} 为止。`,
  },

  questions: {
    heading: "哪道题有问题？", headingOne: "这道题怎么改判？",
    lead: (/** @type {number} */ n, /** @type {number} */ low, /** @type {number} */ ruled) =>
      `卷上共 ${n} 题：${low > 0 ? `${low} 题答对的偏少，先看这些` : "没有答对偏少的题"}；已更正 ${ruled} 题。`,
    rule: (/** @type {number} */ n) => `已评卷里答了的人不少于 ${n}、答对的比瞎猜还少的，标“偏低”：可能是答案错了，也可能只是难，请看题再定。`,
    loading: "正在数各题答对多少……", failed: "没能取到题目。", listOf: "这场考试的题目",
    ref: "题号", kind: "题型", stem: "题干", papers: "在几份卷上", answered: "答了", share: "答对率（答对/答了）", mark: "提示",
    low: "偏低", ruled: "已更正", partOf: (/** @type {string} */ ref, /** @type {number} */ part) => `${ref} 第 ${part} 小题`,
    search: "题号或题干含有", kindAll: "全部题型", noMatch: "没有符合条件的题。",
    none: "还没有人拿到试卷", noneHow: "有人开始答题后，这里列出卷上的每道题和答对多少。",
    back: "回题目列表", inBank: "在题库里看依据", key: "现在的答案", right: "正确项", secureStem: "（保密题）",
    letters: "字母是题库里的顺序，各人卷上可能不同。", secure: "保密题只有命题和审题能看题面和答案。可以送分；要改答案，请他们协助。",
    facts: (/** @type {string} */ papers, /** @type {string} */ answered, /** @type {string} */ share) =>
      `在 ${papers} 份卷上；已评卷里 ${answered} 人作答，答对率 ${share}。`,
    gone: "这场考试没有这道题", goneHow: "请从题目列表里选。",
    rulings: "更正过哪些题？", noRulings: "还没有更正过题目", noRulingsHow: "打开一道题，就能试算、更正。",
    runs: "重新评过几次分？", noRuns: "还没有重新评过分", noRunsHow: "每次更正都会重新评分，结果列在这里。",
    at: "时间", what: "怎么判", reason: "理由", looked: "看了几份", changed: "变了几份", toPassed: "变合格", toFailed: "变不合格",
    running: "正在评",
  },

  ruling: {
    heading: "怎么改判？", policy: "改判办法", policyMissing: "请选一种办法。",
    policies: /** @type {Titles} */ ({ give_to_all: "全体送分", give_to_answered: "答了就送分", by_key: "改答案" }),
    explain: /** @type {Titles} */ ({ give_to_all: "卷上有这道题的人都得满分，没答的也得。正在答题的人会看到这题已送分。",
      give_to_answered: "卷上有这道题、并且答了的人得满分；没答的不得分。",
      by_key: "按下面的答案重新判。可以有几种都算对。", restore: "撤回以前的更正，按题目原来的答案判。" }),
    restore: "按原答案", asWritten: "按原答案", alsoRight: (/** @type {string} */ keys) => `正确答案改为 ${keys}`,
    single: "哪些选项算对（可选几项，选中任何一项都得分）", multiple: "正确的组合（要选得完全一样才算全对）",
    another: "再加一种也算对的组合", combination: (/** @type {number} */ n) => `第 ${n} 种组合`, remove: "去掉这一种",
    judgement: "哪个算对", blank: (/** @type {number} */ n) => `第 ${n} 空，一行一种写法`,
    keyMissing: "请至少选一项作为正确答案。", blankMissing: "每个空至少写一种答案。",
    essay: "简答题由人工评阅，不能改答案。",
    try: "先试算", trying: "正在试算……", tryFailed: "没能试算。", tryNote: "试算什么也不写，只看会影响谁。",
    tried: (/** @type {string} */ looked, /** @type {string} */ n, /** @type {string} */ up, /** @type {string} */ down) =>
      `试算：已评的 ${looked} 份卷里，${n} 份的分数会变；${up} 人由不合格变合格，${down} 人由合格变不合格。`,
    triedNone: (/** @type {string} */ looked) => `试算：已评的 ${looked} 份卷，分数都不变。以后交的卷按新办法判。`,
    list: "分数会变的人", listDone: "分数变了的人", firstOnes: (/** @type {number} */ n) => `先列变化大的 ${n} 人。`,
    name: "姓名", unit: "单位", before: "原来", after: "改后", flip: "结论",
    score: (/** @type {string} */ marks, /** @type {string} */ verdict) => `${marks} 分，${verdict}`,
    verdicts: /** @type {Titles} */ ({ passed: "合格", failed: "不合格" }),
    up: "变合格", down: "变不合格", same: "不变",
    confirmTitle: (/** @type {string} */ name, /** @type {string} */ how) => `${name}：${how}，重新评分？`,
    changes: (/** @type {string} */ n, /** @type {string} */ up, /** @type {string} */ down) =>
      `${n} 份答卷改分，其中 ${up} 人变合格，${down} 人变不合格。`,
    told: (/** @type {string} */ n) => `这 ${n} 人各收到一条通知，写明理由；成绩已公布的写明原分和新分。通知不能撤回。`,
    later: "以后交的卷也按这个办法判。", keeps: "原来的分数和理由都留底。可以再更正，每次都重新评分。",
    reason: "理由", reasonHint: "如“答案与现行条例不符，经审题人核对”，会写进通知",
    confirm: "确认更正并重新评分", doing: "正在重新评分，几千份约需十几秒……",
    failed: "没能重新评分。", kept: "分数没有变化。",
    done: (/** @type {string} */ looked, /** @type {string} */ n, /** @type {string} */ up, /** @type {string} */ down) =>
      `已更正并重新评分：看了 ${looked} 份，${n} 份改分，${up} 人变合格，${down} 人变不合格。`,
  },

  kept: {
    heading: "迟到的答案算不算？",
    lead: (/** @type {number} */ n) => n > 0 ? `有 ${n} 条答案在补传时间之后才到，要您一条一条定。` : "没有等着定的迟到答案。",
    how: "手机报的时间是手机自己的钟，可能不准；收到时间是服务器的钟。",
    none: "没有迟到的答案", noneHow: "断网太久、过了补传时间才送到的答案会留在这里，不会丢，也不会自动算分。",
    loading: "正在取迟到的答案……", failed: "没能取到迟到的答案。",
    slot: (/** @type {number} */ n) => `第 ${n} 题`, cleared: "清空（不答）", response: "答案",
    onPaper: "本人卷面上的选项", received: "服务器收到", claims: "手机自称作答", noClaim: "手机没有报时间",
    after: (/** @type {string} */ span) => `过了时限 ${span} 才收到`, before: (/** @type {string} */ span) => `自称早于时限 ${span}`,
    afterToo: (/** @type {string} */ span) => `自称也晚于时限 ${span}`,
    attemptIs: (/** @type {number} */ n, /** @type {string} */ state, /** @type {string} */ deadline) =>
      `第 ${n} 次作答：${state}，时限 ${deadline}`,
    attemptEnded: (/** @type {string} */ at) => `，${at} 结束`,
    timeline: (/** @type {string} */ name) => `看${name}的作答经过`, attemptFailed: "没能取到时限",
    voided: "这份答卷已作废，采用不了。", unmarked: "这份答卷还没评分，请等评分后再定。",
    admit: "采用……", reject: "不采用……", actOf: (/** @type {string} */ act, /** @type {string} */ name, /** @type {number} */ slot) =>
      `${act.replace("……", "")}${name}第 ${slot} 题迟到的答案`,
    admitTitle: (/** @type {string} */ name, /** @type {number} */ slot) => `采用${name}第 ${slot} 题的迟到答案？`,
    admitWhat: (/** @type {string} */ words) => `这一题改按“${words}”算，这份卷马上重新评分，标明迟到。`,
    rejectTitle: (/** @type {string} */ name, /** @type {number} */ slot) => `不采用${name}第 ${slot} 题的迟到答案？`,
    rejectWhat: "这一题按原来收到的算，分数不变。迟到的答案仍留底。",
    told: "只影响这 1 人；本人会收到通知，写明理由。", final: "定了就不能再改。",
    reason: "理由", reasonHint: "如“村里停电，有值班记录”，会写进通知",
    admitGo: "确认采用", rejectGo: "确认不采用", doing: "正在办理……", failedAct: "没能办理。", kept: "这条答案还在等着定。",
    admitted: (/** @type {string} */ name, /** @type {number} */ slot) => `已采用${name}第 ${slot} 题的迟到答案，并重新评分。`,
    rejected: (/** @type {string} */ name, /** @type {number} */ slot) => `已定：不采用${name}第 ${slot} 题的迟到答案。`,
    decided: "已定的", decision: "决定", decisions: /** @type {Titles} */ ({ admitted: "采用", rejected: "不采用" }),
    name: "姓名", unit: "单位", slotHead: "题", reasonHead: "理由",
  },
};
