// Every text of the staff pages. Terms are those of docs/glossary.md.

import { desk } from "./texts-desk.js";

/** @typedef {Record<string, string>} Titles */

/** @type {Titles} */
const roles = {
  examinee: "干部", liaison: "单位联络员", unit_head: "单位负责人", analyst: "纪委分析员", author: "命题人",
  reviewer: "审题人", manager: "考务管理员", organisation: "组织部", supervisor: "派驻组", leader: "书记",
  system_admin: "系统管理员", security_admin: "安全管理员", audit_admin: "审计管理员",
};

/** @type {Titles} */
const examStates = {
  draft: "草稿", published: "已发布，未开考", open: "正在考试", closed: "已结束", sealed: "已封存", cancelled: "已取消",
};

/** @type {Titles} */
const kinds = {
  single: "单选题", multiple: "多选题", judgement: "判断题", blank: "填空题", case: "案例题", essay: "简答题",
};

/** @type {Titles} */
const levels = { recall: "识记", understanding: "理解", application: "运用" };

/** @type {Record<"unit" | "rank" | "topic" | "law" | "level", string>} */
const dimensions = { unit: "单位", rank: "职级", topic: "知识点", law: "法规", level: "认知层次" };

/** @type {Titles} */
const personStatuses = {
  active: "在岗", seconded: "借调", attached: "挂职", village: "驻村", long_leave: "长期休假", retired: "退休", left: "已离开",
};

/** Names of the API's fields, for its messages. @type {Titles} */
const fields = {
  title: "考试名称", opens_at: "开考时间", closes_at: "结束时间", duration_seconds: "答题时长", blueprint: "双向细目表",
  paper: "试卷", audience: "应考范围", "audience.units": "应考范围", pass_marks: "合格分", bands: "等次", attempts: "考试次数",
  reason: "理由", file: "文件", confirm_left: "离开人数", name: "姓名", key: "人员编号", unit: "单位", post: "岗位",
  post_level: "领导职务层次", rank: "职级", group: "分析层级", party: "政治面貌", supervisee: "监察对象类别", born: "出生年月",
  phone: "手机号", status: "状态", seconded_unit: "借调单位", person: "人员", text: "公告内容", mode: "导入方式",
  seconds: "时长", all: "范围",
};

export const texts = {
  roles, examStates, kinds, levels, dimensions, personStatuses, fields, desk,

  common: {
    loading: "正在载入……", saving: "正在保存……", retry: "再试一次", cancel: "取消", none: "—", all: "全部", yes: "是", no: "否",
    minutes: (/** @type {number} */ n) => `${n} 分钟`,
    reasonNeeded: "请写明理由，会记入台账。",
    numberWrong: (/** @type {number} */ n) => `请填 ${n}，以确认人数。`,
  },

  problem: {
    network: "连不上服务器。",
    networkHow: "请检查网络后再试。",
    uncertain: "不能确定这一步是否已生效。请先刷新本页核对，再决定要不要重做。",
    uncertainOnce: "不能确定这一步是否已生效。可以原样再按一次：同一件事不会办两遍。",
    page: "页面出错了。",
    nothingLost: "没有数据丢失。",
    waitSeconds: (/** @type {number} */ s) => ` 请等 ${s} 秒再试。`,
    number: (/** @type {string} */ id) => `编号 ${id}（联系管理员时请报这个编号）`,
    noNumber: "没有编号：没有收到服务器的答复，或页面自身出错。",
    byStatus: (/** @type {number} */ status) => `服务器没有给出说明（${status}）。`,
  },

  shell: {
    brand: "知戒", navigation: "工作页面", signOut: "退出", signOutFailed: "没能退出。", stillSignedIn: "您仍是登录状态。",
    meFailed: "没能取到您的账号。", pageFailed: "没能打开这一页。", toTasks: "我的任务", toHome: "回工作台",
    notYours: (/** @type {string} */ own) => `这一页不在您的职责里（您的角色：${own}）。`,
    notYoursHow: "如果应当能用，请联系安全管理员授权。",
    foot: "知戒 · 纪律与法规知识测试",
  },

  pages: /** @type {Record<"home" | "unit" | "mastery" | "exams" | "desk" | "people" | "units" | "questions" | "laws" | "api", string>} */ ({
    home: "工作台", unit: "单位成绩", mastery: "掌握情况", exams: "考试", desk: "考务台", people: "人员", units: "单位与名单", questions: "题库", laws: "法规",
    api: "接口说明",
  }),

  table: {
    suppressed: "人数不足 5，不显示", fold: "收起下级", unfold: "展开下级",
    shownOf: (/** @type {number} */ n, /** @type {number} */ all) => `已显示 ${n} 行，共 ${all} 行。`,
    more: (/** @type {number} */ n) => `再显示 ${n} 行`,
  },

  units: { narrow: "输入几个字", narrowLabel: "按名称缩小单位范围", all: "全部单位", left: "（已撤销）" },

  home: {
    hello: (/** @type {string} */ name) => `${name}，今天要做什么？`,
    roles: (/** @type {string} */ roles) => `您的角色：${roles}。`,
    unit: (/** @type {string} */ unit) => `所在单位：${unit}。`,
    nothing: "您的角色在这里没有工作页面", nothingHow: "要参加考试，请到",
    pages: {
      unit: "本单位应考、实考、合格各多少，谁还没考。", mastery: "谁对哪一块掌握得怎样，下一步学什么。",
      exams: "建考试、发布、批假、看进度。",
      desk: "考试当天：看进度、延时、暂停、查人、更正题目。", people: "花名册、开通码，谁还不能登录。",
      units: "单位的分组、更名、合并、拆分，职级名单。", questions: "每道题的答案、依据和错项分析。", laws: "法规的版本、施行日期和条文。",
    },
    acts: /** @type {Record<string, {text: string, href?: string, roles?: string[]}[]>} */ ({
      unit: [
        { text: "看参考率和合格率（按实考、按应考）" },
        { text: "复制未考名单，发到工作群", roles: ["unit_head", "liaison", "manager"] },
        { text: "看各下级单位、各职级的结果" },
      ],
      mastery: [
        { text: "按单位、职级、知识点、法规、层次交叉看", href: "/staff/mastery.html?by=rank,topic" },
        { text: "导出 xlsx、csv、parquet", roles: ["analyst"] },
      ],
      exams: [
        { text: "新建一场考试", href: "/staff/exams.html?new=1" },
        { text: "看正在进行的考试", href: "/staff/exams.html?state=open" },
        { text: "请假、免考、取消考试" },
      ],
      desk: [
        { text: "看正在进行的考试", href: "/staff/desk.html" },
        { text: "谁进不去，怎么办" },
        { text: "题目有错，改判重评" },
      ],
      people: [
        { text: "导入花名册", href: "/staff/people.html#import", roles: ["manager"] },
        { text: "查人", href: "/staff/people.html#list" },
        { text: "打印开通码", href: "/staff/slips.html" },
      ],
      units: [
        { text: "改单位的类型、系统、派驻组、片区" }, { text: "更名、合并、拆分，先看后果" },
        { text: "改领导职务层次、职级、分析层级", href: "/staff/units.html#lists" },
      ],
      questions: [
        { text: "写一道题", href: "/staff/question-edit.html", roles: ["author"] },
        { text: "从文件导入", href: "/staff/question-import.html", roles: ["author"] },
        { text: "审题", href: "/staff/questions.html?state=submitted", roles: ["reviewer"] },
        { text: "启用审定的题", href: "/staff/questions.html?state=approved", roles: ["author", "manager"] },
        { text: "看启用中的题目", href: "/staff/questions.html?state=active" },
      ],
      laws: [
        { text: "看现行有效的版本", href: "/staff/laws.html?force=now" },
        { text: "导入法规全文", href: "/staff/laws.html#import", roles: ["manager"] },
      ],
    }),
  },

  unit: {
    heading: "考得怎样，谁还没考？",
    headingOf: (/** @type {string} */ unit) => `${unit}：考得怎样，谁还没考？`,
    exam: "考试", unit: "单位", count: "统计口径", countFirst: "首考", countAll: "含补考",
    notOpen: (/** @type {string} */ due, /** @type {string} */ at) => `应考 ${due} 人，${at} 开考。`,
    /** @type {(due: string, taken: string, not: string, deferred: number, open: boolean) => string} */
    sentenceCounts: (due, taken, not, deferred, open) => `应考 ${due} 人，${open ? "已考" : "实考"} ${taken} 人，${
      open ? "未考" : "缺考"} ${not} 人${deferred > 0 ? `，缓考 ${deferred} 人` : ""}`,
    sentenceRates: (/** @type {string} */ participation, /** @type {string} */ ofTaken, /** @type {string} */ ofDue) =>
      `；参考率 ${participation}；合格率按实考 ${ofTaken}，按应考 ${ofDue}。`,
    sentenceSuppressed: "；人数不足 5，不显示比率。", sentenceNone: "；还没有人交卷。",
    window: (/** @type {string} */ from, /** @type {string} */ to) => `${from} 至 ${to}`,
    live: (/** @type {string} */ at) => `每 10 秒更新，${at} 的数据`,
    peopleFigures: "人数", rateFigures: "比率和分数",
    registered: "在册", exempt: "免考", due: "应考", taken: "实考", deferred: "缓考", absent: "缺考", missing: "未考",
    participation: "参考率", passOfTaken: "合格率（按实考）", passOfDue: "合格率（按应考）", excellent: "优秀率（按实考）",
    mean: "平均分", median: "中位数",
    outOf: (/** @type {string} */ max) => `满分 ${max}`,
    blank: (/** @type {number} */ n) => `其中白卷 ${n}`,
    answering: (/** @type {number} */ n) => `其中 ${n} 人正在答题`,
    bySubunit: "各下级单位", byRank: "各职级", subunit: "单位", rank: "职级", whoIsMissing: "谁还没考",
    loading: "正在取成绩……", failed: "没能取到成绩。", staleKept: "没有数据丢失。下面是上一次取到的数。",
    noRows: "这一项还没有数据",
    noUnits: "您还没有可看的单位", noUnitsHow: "单位随花名册一起导入；您的范围由安全管理员授权。",
    noExams: "还没有已发布的考试", noExamsHow: "考务管理员发布考试后，这里显示应考人数、成绩和未考名单。",
  },

  missing: {
    loading: "正在取名单……", failed: "没能取到未考名单。", none: "应考人员都已交卷", noneHow: "这里会列出还没考的人。",
    count: (/** @type {number} */ n, /** @type {number} */ answering) =>
      `还有 ${n} 人未交卷${answering > 0 ? `，其中 ${answering} 人正在答题` : ""}。`,
    answering: "正在答题", copy: "复制名单", copied: "已复制，可以粘贴到工作群。",
    copyByHand: "浏览器不让自动复制：文字已选中，请按 Ctrl+C。", textLabel: "发工作群的文字",
    textHead: (/** @type {string} */ title, /** @type {string} */ at, /** @type {number} */ n) =>
      `【${title}】截至 ${at}，以下 ${n} 位同志还没有交卷：`,
    textDeadline: (/** @type {string} */ at, /** @type {string} */ minutes) =>
      `请于 ${at} 前完成，答题时长 ${minutes}，请留足时间。`,
    textLink: (/** @type {string} */ url) => `答题入口：${url}`,
  },

  activation: {
    title: "开通情况", loading: "正在取开通情况……", stateFailed: "没能取到开通情况。",
    nobody: "这个单位还没有人", nobodyHow: "花名册导入后，这里显示谁已开通、谁还不能登录。",
    sentence: (/** @type {number} */ all, /** @type {number} */ on, /** @type {number} */ off) =>
      off === 0 ? `在册 ${all} 人，全部已开通。` : `在册 ${all} 人，已开通 ${on} 人，${off} 人还不能登录。`,
    print: "打印开通码", printHow: "给还没开通的人换新码，一人一张小条，可剪开分发。",
    codeUntil: (/** @type {string} */ at) => `有码，${at} 前有效`, noCode: "没有有效的码", newCode: "换新码",
    newCodeFor: (/** @type {string} */ name) => `给${name}换新码`,
    showAll: (/** @type {number} */ n) => `显示全部 ${n} 人`,
    oneTitle: (/** @type {string} */ name) => `给${name}换新开通码？`,
    oneOld: "以前发的码立即作废。", oneActivated: "此人已开通：用新码登录后要重设密码，原密码不再能用。",
    oneShownOnce: "新码只显示这一次，请当场抄给本人。", oneGo: "换新码", making: "正在生成……",
    oneDone: (/** @type {string} */ name) => `${name}的新开通码`, oneWrite: "离开本页后不再显示；丢了可以再换。", printOne: "打印这一张",
    failed: "没能生成开通码。", failedKept: "没有生成新码，以前的码没有变化。",
    login: "登录名", code: "开通码", until: "有效期至", noQr: "二维码没有生成，请用开通码",
    qrOf: (/** @type {string} */ name) => `${name}的开通二维码`,
    slipHow: (/** @type {string} */ url) => `扫码，或打开 ${url} 输入登录名和开通码，自设密码。开通码请勿外传。`,
  },

  slips: {
    heading: "给谁发开通码？",
    lead: (/** @type {string} */ unit, /** @type {number} */ all, /** @type {number} */ off) =>
      `${unit}（含下级）在册 ${all} 人，${off} 人还没开通。`,
    once: "新码只在生成时显示，请当场打印。",
    oldEnd: (/** @type {number} */ n) => `其中 ${n} 人手里已有码：旧码会立即作废，旧小条请收回。`,
    handOut: "小条请逐人交到本人手里，不要拍照发群。",
    makeFile: (/** @type {number} */ n) => `生成 ${n} 张（PDF 文件）`,
    make: (/** @type {number} */ n) => `生成 ${n} 张并显示在本页`, making: "正在生成，请稍候……",
    madeFile: (/** @type {number} */ n) => `已生成 ${n} 张激活条，PDF 正在保存。`, save: "保存 PDF",
    fileName: (/** @type {string} */ unit) => `激活条-${unit}.pdf`,
    fileOnly: "没有自动保存时请点“保存 PDF”；离开本页后不能再取。文件里有激活码，打印后请删除。",
    lacking: (/** @type {string} */ characters) => `字库里没有这些字：${characters}。小条上印成 □，请手写补上。`,
    made: (/** @type {number} */ n, /** @type {string} */ until) => `已生成 ${n} 张，${until} 前有效。`,
    nowOnly: "离开本页后这些码不再显示。请先打印。", print: "打印", back: "回单位页",
    printHead: (/** @type {string} */ unit, /** @type {number} */ n, /** @type {string} */ at) =>
      `${unit} · 开通码 ${n} 张 · ${at} 打印 · 沿虚线剪开，逐人发放`,
    allDone: (/** @type {string} */ unit, /** @type {number} */ n) => `${unit}在册 ${n} 人，全部已开通`,
    allDoneHow: "有新人或有人忘了密码时，可在“人员”页单独换新码。",
    nothing: "没有需要发码的人",
  },

  mastery: {
    heading: "谁对哪一块掌握得怎样？", exam: "考试", by: "按什么分开看",
    loading: "正在汇总……", failed: "没能取到掌握情况。",
    persons: "人数", responses: "答题数", facility: "得分率（95% 区间）", whisker: "0%–100%",
    /** @type {(dims: string, n: number, top: string, bottom: string, apart: boolean, hidden: number) => string} */
    sentence: (dims, n, top, bottom, apart, hidden) =>
      `按${dims}看 ${n} 组：得分率最高的是${top}，最低的是${bottom}；${apart ? "两者的区间不重叠" : "两者的区间重叠，高低可能只是偶然"}。${
        hidden > 0 ? `另有 ${hidden} 组按人数规则不显示。` : ""}`,
    sentenceOne: (/** @type {string} */ one, /** @type {number} */ hidden) =>
      `得分率：${one}。${hidden > 0 ? `另有 ${hidden} 组按人数规则不显示。` : ""}`,
    sentenceNone: (/** @type {string} */ dims, /** @type {number} */ hidden) =>
      `按${dims}看，${hidden} 组人数都不足 5，不显示。请少选一项再看。`,
    chart: "图", chartKind: "图", heatmap: "热力图", intervals: "区间图",
    chartAlt: (/** @type {string} */ dims, /** @type {string} */ kind) =>
      `按${dims}的得分率${kind === "heatmap" ? "热力图" : "区间图"}；数值见下表`,
    chartSource: (/** @type {string} */ exam) => `来源：${exam}，首考；人数见下表。`,
    chartFailed: "图没有取到", chartFailedHow: "下表的数不受影响；刷新本页可再取一次。",
    tableTitle: "各组得分率", tableOf: (/** @type {string} */ exam) => `${exam}的掌握情况`, filter: "只看名称含有",
    allRows: (/** @type {number} */ n) => `共 ${n} 行。`,
    someRows: (/** @type {number} */ n, /** @type {number} */ all) => `筛选后 ${n} 行，共 ${all} 行。`,
    exportTitle: "导出",
    exportHow: (/** @type {number} */ n) => `导出与上面选择一致的整张表（${n} 行），名称筛选只影响屏幕。不足 5 人的同样不导出数值。导出会记入台账。`,
    note: "得分率：所答各题得分之和占满分之和。区间为 95%。不足 5 人的组，以及由它能推算出来的组，都不显示。",
    none: "这场考试还没有答题数据", noneHow: "有人交卷后，这里显示得分率。",
    noExams: "还没有可分析的考试", noExamsHow: "考试开始后，这里按单位、职级、知识点显示掌握情况。",
  },

  report: {
    exportAs: (/** @type {string} */ format) => `导出 ${format}`, progress: "导出进度",
    queued: (/** @type {string} */ format) => `${format} 排队中……`,
    working: (/** @type {string} */ format, /** @type {number} */ percent) => `正在生成 ${format}，${percent}%`,
    done: "已生成。没有自动下载时请点：", download: (/** @type {string} */ format) => `下载 ${format}`,
    cancelled: "已取消导出，没有生成文件。", failed: "没能导出。", failedHow: "请再试一次；仍不行请联系管理员。",
  },

  exams: {
    heading: "有哪些考试，各到哪一步？", create: "新建考试", title: "考试", state: "状态", opens: "开考", closes: "结束",
    questions: "题数", search: "名称含有", noMatch: "没有符合条件的考试。",
    sentence: (/** @type {number} */ n, /** @type {number} */ open, /** @type {number} */ drafts) =>
      `共 ${n} 场考试：${open} 场正在进行，${drafts} 场草稿待发布。`,
    none: "还没有考试", noneHow: "选一个模板，定好范围和时间，就能建一场；发布前可反复修改。",
    newHeading: "新建一场什么考试？", newLead: "先存为草稿，预览无误后再发布。",
    noBlueprints: "还没有双向细目表", noBlueprintsHow: "题库装好后才有模板和双向细目表，请联系系统管理员。",
  },

  examForm: {
    what: "考什么", who: "谁来考", when: "什么时候考", how: "怎么算",
    title: "考试名称", titleHint: "干部在手机上看到的名称，如“2026 年第四季度纪律知识测试”",
    preset: "模板", noPreset: "不用模板", noPresetNote: "规则自己定。",
    blueprintField: "双向细目表",
    section: (/** @type {string} */ title, /** @type {number} */ n, /** @type {string} */ marks) =>
      `${title} ${n} 题${marks ? `×${marks} 分` : ""}`,
    blueprint: (/** @type {number} */ n, /** @type {string} */ marks, /** @type {string} */ sections) =>
      `共 ${n} 题，满分 ${marks}：${sections}`,
    paper: "试卷", paperEach: "每人随机组卷", paperOne: "全体同一份卷", paperKeep: "沿用已组好的那份卷", paperHint: "随机组卷各人题目不同，难度按细目表保持一致。",
    opens: "开考时间", closes: "结束时间", beijing: "北京时间", closesHint: "过了这个时间不能再开始",
    duration: "答题时长（分钟）", durationHint: "从本人点“开始”算起",
    titleMissing: "请填考试名称。", blueprintMissing: "请选双向细目表。", audienceMissing: "请至少选一个单位。",
    timeMissing: "请填时间。", closesFirst: "结束时间要晚于开考时间。", durationWrong: "请填大于 0 的分钟数。",
    passOverTotal: (/** @type {string} */ total) => `合格分不能超过满分 ${total}。`,
    problems: (/** @type {number} */ n) => `还有 ${n} 处要改，没有保存。`, problemsHow: "请看红字提示，改好后再保存。",
    saveDraft: "存为草稿", saveChanges: "保存修改", saving: "正在保存……",
    draftNote: "草稿只有考务管理员能看到；发布后干部才能看到。",
    failed: "没能保存。", failedKept: "您填的内容还在本页，没有丢失。",
    unmet: "题库满足不了这份细目表，没有保存。",
    unmetLine: (/** @type {string} */ what, /** @type {number} */ n) => `${what}：还差 ${n} 题`,
    unmetHow: "请补充题目，或换一份细目表。",
  },

  audience: {
    units: "单位（勾选即含下级）", ranks: "职级",
    ranksHint: "都不勾等于全部职级。", peopleUnit: "人",
    foldOf: (/** @type {string} */ name) => `展开或收起${name}的下级`,
    chosen: (/** @type {number} */ units, /** @type {string} */ people) => `已选 ${units} 个单位，在册约 ${people} 人。`,
    withSubunits: (/** @type {string} */ name) => `${name}及下级`,
    andMore: (/** @type {number} */ n) => `等 ${n} 处`, allRanks: "全部职级",
    words: (/** @type {string} */ units, /** @type {string} */ ranks, /** @type {string} */ rest) =>
      `${units}；${ranks}${rest ? `；${rest}` : ""}`,
    certainPeople: (/** @type {number} */ n) => `只限指定的 ${n} 人`, someExcluded: "另有排除的人或单位",
  },

  rules: {
    passMarks: "合格分", bands: "等次", bandsHint: "如“90 优秀，80 良好”，从高到低", bandsWrong: "请写成“90 优秀，80 良好”的样子。",
    band: (/** @type {string} */ from, /** @type {string} */ name) => `${from} 分起${name}`,
    passMarksWrong: "请填合格分。", attemptsWrong: "至少 1 次。",
    marksWord: (/** @type {string} */ n) => `${n} 分`,
    attempts: "可考次数", count: "多次时", once: "一次",
    counts: /** @type {Titles} */ ({ best: "取最高", last: "取最后一次", first: "取第一次" }),
    attemptsWords: (/** @type {number} */ n, /** @type {string} */ count, /** @type {boolean} */ until) =>
      `${n} 次，${count}${until ? "，合格即止" : ""}`,
    multipleRule: "多选计分",
    multipleRules: /** @type {Titles} */ ({ all_or_nothing: "全对才得分", partial_without_wrong: "漏选得部分分，错选不得分",
      per_choice: "逐项判分" }),
    releaseMarks: "成绩公布", releaseKeys: "答案公布",
    releases: /** @type {Titles} */ ({ at_submission: "交卷即公布", after_window: "考试结束后公布", never: "不公布" }),
    book: "开卷或闭卷", books: /** @type {Titles} */ ({ closed: "闭卷", open: "开卷" }), byAge: "按年龄开卷",
    fromAge: "多少周岁起开卷", openFromAge: (/** @type {number} */ n) => `${n} 周岁起开卷，其余闭卷`,
    lateSyncName: "断网补传", lateSync: "断网补传（秒）", lateSyncHint: "到时前已答、断网没传上的，在这段时间内补传有效",
    lateSyncWords: (/** @type {number} */ n) => n > 0 ? `到时后 ${n} 秒内补传有效` : "不允许补传",
    lawDate: "依据日", lawDateHint: "不填就用开考那天有效的法规",
    lateStart: "开始晚的人", fullDuration: "给足时长，可超过结束时间", untilClosing: "到结束时间为止",
    fullDurationCheck: "开始晚也给足时长", untilPassed: "合格后不能再考", shuffle: "选项乱序", shuffleCheck: "每人选项顺序不同",
    waves: "入场", noWaves: "开考后都可开始", waveCount: "分批入场（批）", waveCountHint: "不填就不分批；人多、网络弱时用",
    waveInterval: "相邻两批隔（分钟）", waveBy: "怎样分批",
    waveBys: /** @type {Titles} */ ({ unit: "按单位，一个单位同一批", person: "按人，各批人数相同" }),
    wavesWords: (/** @type {number} */ n, /** @type {string} */ minutes, /** @type {string} */ by) =>
      `分 ${n} 批，每批隔 ${minutes}；${by}`,
    screen: "离开页面", noScreen: "不记录", leavesMost: "最多离开页面（次）", leavesHint: "不填就不记录；关屏也会被手机报为离开",
    away: "离开几秒算一次", then: "超过以后",
    thens: /** @type {Titles} */ ({ record: "只记录，由考务人员核查", hand_in: "手机自动交卷" }),
    screenWords: (/** @type {number} */ n, /** @type {number} */ seconds, /** @type {string} */ then) =>
      `最多 ${n} 次（${seconds} 秒以上算一次），超过后${then}`,
    freeze: "冻结修改", frozen: "考试期间不改花名册、单位、名单、题库", freezeCheck: "考试期间冻结花名册、单位、名单和题库的修改",
    others: "其他规则", othersKept: "下面的规则随模板保留，本页不能改：",
    sectionMinimum: (/** @type {string} */ section, /** @type {string} */ from) => `${section}不得低于 ${from} 分`,
    mustQuestion: (/** @type {string} */ ref) => `必对题：${ref}`,
    mustKind: (/** @type {string} */ kind, /** @type {number} */ n) => `${kind}前 ${n} 题必须答对`,
    wait: (/** @type {string} */ minutes) => `两次之间至少隔 ${minutes}`,
    clause: (/** @type {string} */ ground, /** @type {string} */ text) => `${ground}的依据：${text}`,
    grounds: /** @type {Titles} */ ({ passed: "合格", below_pass_mark: "总分不够", section_minimum: "分项不够",
      must_be_right: "必对题答错", disqualified: "取消成绩", absent: "缺考" }),
  },

  exam: {
    back: "回考试列表", noId: "没有指明是哪场考试", failed: "没能打开这场考试。",
    isDraft: "这是草稿，干部看不到。预览无误后再发布。",
    isPublished: (/** @type {string} */ at, /** @type {string} */ due) => `已发布给 ${due} 人，${at} 开考。`,
    isOpen: (/** @type {string} */ due, /** @type {string} */ taken, /** @type {string} */ at) =>
      `正在考试：应考 ${due} 人，已交卷 ${taken} 人，${at} 结束。`,
    isClosed: (/** @type {string} */ due, /** @type {string} */ taken) => `已结束：应考 ${due} 人，实考 ${taken} 人。`,
    isCancelled: (/** @type {string} */ why) => `已取消。理由：${why}`,
    about: "安排", rules: "规则", window: "时间", duration: "时长", paper: "试卷", audience: "应考范围", seed: "组卷种子",
    paperWords: (/** @type {number} */ n, /** @type {string} */ marks) => `${n} 题，满分 ${marks}`,
    publish: "发布……", edit: "修改", cancel: "取消考试……", figures: "看成绩和未考名单", desk: "考务台",
    made: "草稿已保存。请预览，无误后发布。", saved: "修改已保存。",
    publishTitle: (/** @type {string} */ title) => `发布“${title}”？`,
    goesTo: (/** @type {string} */ n) => `名单上的 ${n} 人会在“我的任务”里看到它。`,
    goesToAbout: (/** @type {string} */ n) => `所选单位在册约 ${n} 人会在“我的任务”里看到它，准确人数发布后显示。`,
    goesToAtMost: (/** @type {string} */ n) => `所选单位在册约 ${n} 人，按职级筛选后的人会在“我的任务”里看到它，准确人数发布后显示。`,
    publishFixes: "名单即刻固定：各人的单位、职级按今天的记，以后调动不改这场的统计。",
    publishOpens: (/** @type {string} */ from, /** @type {string} */ to, /** @type {string} */ minutes) =>
      `${from} 自动开考，${to} 结束，每人 ${minutes}。`,
    publishUndo: "发布后不能再改回草稿，只能取消并说明理由。", publishGo: "确认发布", publishing: "正在发布……",
    publishFailed: "没能发布。", publishFailedKept: "考试还是草稿，没有任何人看到它。",
    published: (/** @type {string} */ n) => `已发布，名单上 ${n} 人。`,
    cancelTitle: (/** @type {string} */ title) => `取消“${title}”？`,
    cancelDraft: "草稿会标为已取消，不能再发布。",
    cancelPeople: (/** @type {string} */ n) => `${n} 人的任务会消失，正在答题的人会被中止。`,
    cancelTaken: (/** @type {string} */ n) => `已交卷的 ${n} 份不计成绩，答卷仍保存。`, cancelNobody: "还没有人交卷。",
    cancelFinal: "取消后不能恢复。", cancelReason: "理由", cancelReasonHint: "会记入台账，并显示在这一页",
    cancelGo: "确认取消考试", cancelling: "正在取消……", cancelFailed: "没能取消。",
    cancelFailedKept: "考试照常，没有变化。", cancelled: "考试已取消。",
    waves: "入场批次", wave: (/** @type {number} */ n, /** @type {string} */ at, /** @type {string} */ people) =>
      `第 ${n} 批：${at} 起，${people} 人`,
    waveUnit: (/** @type {string} */ unit, /** @type {string} */ people) => `${unit} ${people} 人`,
    rosterDraft: "发布后这里是应考名单", rosterDraftHow: "每个人的状态、请假和免考都在这里办。",
  },

  preview: {
    heading: "某个人会拿到什么卷？", how: "按人预览，不产生答卷，也不计数。", search: "姓名或工号", find: "查找",
    searching: "正在查找……", searchFailed: "没能查找。", nobody: "没有找到这个人", nobodyHow: "请换一种写法，或只输入姓。",
    loading: "正在组卷……", failed: "没能预览。", passage: "案例",
    paperOf: (/** @type {string} */ name, /** @type {string} */ unit) => `${name}（${unit}）会拿到的试卷`,
    paperWords: (/** @type {number} */ n, /** @type {string} */ marks) => `共 ${n} 题，满分 ${marks}。选项顺序以本人开考时为准。`,
    slot: (/** @type {string} */ kind, /** @type {string} */ marks) => `${kind}，${marks} 分`,
    judgement: "正确　/　错误", blanks: (/** @type {number} */ n) => `${n} 个空`,
  },

  roster: {
    heading: "应考名单", name: "姓名", unit: "单位", rank: "职级", status: "名单", state: "进度", marks: "得分", acts: "办理", entry: "入场",
    search: "姓名", loading: "正在取名单……", loadFailed: "没能取到名单。",
    statuses: /** @type {Titles} */ ({ due: "应考", deferred: "缓考", exempt: "免考" }),
    states: /** @type {Titles} */ ({ not_started: "未开始", answering: "正在答题", submitted: "已交卷", absent: "缺考" }),
    leave: "请假", exempt: "免考", revoke: "恢复应考",
    actFor: (/** @type {string} */ act, /** @type {string} */ name) => `${act}：${name}`,
    reason: "理由", leaveHint: "如“10 月起产假，单位盖章请假条已收”", exemptHint: "如“两年内退休，按区委通知第 3 条”",
    leaveTitle: (/** @type {string} */ name) => `准${name}的假，改为缓考？`,
    leaveWhat: "本场不用考，仍算应考，单列为缓考；以后要补。", leaveUndo: "可以撤销，恢复应考。", leaveGo: "准假",
    exemptTitle: (/** @type {string} */ name) => `准${name}免考？`,
    exemptWhat: "本场不用考，也不算应考，会改变单位的参考率。", exemptUndo: "可以撤销，恢复应考。", exemptGo: "准予免考",
    revokeTitle: (/** @type {string} */ name, /** @type {string} */ status) => `撤销${name}的${status}，恢复应考？`, revokeWhat: "撤销后本场要考，没考会算缺考。",
    revokeReason: (/** @type {string} */ why) => `原来的理由：${why}`, revokeGo: "恢复应考",
    failed: "没能办理。", failedKept: "名单没有变化。",
    none: "名单是空的", noneHow: "发布时没有人符合应考范围；请核对花名册和范围。",
    noMatch: "没有符合条件的人", noMatchHow: "请放宽单位、名单或姓名的条件。",
    shownFirst: (/** @type {number} */ n) => `先显示 ${n} 人，还有更多。`,
    shownAll: (/** @type {number} */ n) => `共 ${n} 人。`, more: "再显示 200 人",
  },

  people: {
    heading: "花名册里有谁，谁还不能登录？", leadManager: "导入花名册、查人、发开通码。", lead: "查人、发开通码；花名册由考务管理员导入。",
    listHeading: "人员", groupFilter: "单位分组", search: "查人", searchHint: "姓名或人员编号",
    name: "姓名", key: "人员编号", unit: "单位", post: "岗位", rank: "职级", group: "分析层级", status: "状态", activated: "已开通",
    acts: "办理", yes: "已开通", no: "未开通", noAccount: "没有账号", loading: "正在查人……", failed: "没能查人。",
    none: "还没有人", noneHow: "考务管理员导入花名册后，这里列出本单位的人。", noneHowManager: "先在上面导入花名册（xlsx、xls 或 csv）。",
    noMatch: "没有找到", noMatchHow: "请换一种写法，或选“全部单位”。",
    shownFirst: (/** @type {number} */ n) => `先显示 ${n} 人，还有更多；请用姓名或单位缩小。`,
    shownAll: (/** @type {number} */ n) => `共 ${n} 人。`, more: "再显示 100 人",
  },

  importPeople: {
    heading: "导入花名册", how: "先看会有什么变化，确认后才写入；写入后整批可以撤销。",
    file: "花名册文件", fileHint: "xlsx、xls 或 csv，最大 32 MB；一个单位一张表也可以",
    mode: "导入方式", modeAdd: "增补：只加人、改人", modeFull: "全量：没列出的算离开",
    modeAddNote: "谁也不会因此离开。单位重发一张表时用它。",
    modeFullNote: "文件必须是全区的完整名册：没列出的人会标为离开。超过 5% 时要填人数确认。",
    look: "读文件，看变化", reading: "正在读文件，大文件要十几秒……",
    noFile: "还没有选文件。", noFileHow: "请先选花名册文件。",
    tooLarge: (/** @type {number} */ mb, /** @type {number} */ max) => `文件有 ${mb} MB，最大 ${max} MB，没有上传。`,
    tooLargeHow: "请去掉图片和多余的表，或分成几个文件。",
    readFailed: "没能读这个文件。", readFailedKept: "花名册没有任何变化。",
    previewed: (/** @type {string} */ file, /** @type {number} */ n, /** @type {number} */ errors) =>
      `${file}：${n} 人会有变化${errors > 0 ? `，${errors} 处错误要先看` : ""}。`,
    nothingYet: "现在还没有写入。",
    committed: (/** @type {string} */ file) => `${file} 已写入花名册。`,
    undone: (/** @type {string} */ file) => `${file} 已撤销，花名册恢复原样。`,
    peopleCounts: "人员变化",
    units: (/** @type {number} */ n, /** @type {number} */ renamed, /** @type {number} */ left) =>
      `单位：新增 ${n} 个，改名 ${renamed} 个，不再出现 ${left} 个。`,
    regrouped: (/** @type {number} */ n) => `改分组或类型 ${n} 个。`,
    unitsChanged: "会变化的单位", unitChanges: /** @type {Titles} */ ({ new: "新增", renamed: "改名", regrouped: "改分组" }),
    correct: "更正", skip: "跳过这行", skipFor: (/** @type {string} */ where) => `跳过${where}`,
    correctFor: (/** @type {string} */ where, /** @type {string} */ column) => `更正${where}的${column}`,
    correctedValue: (/** @type {string} */ column) => `新的${column}`, saveRow: "保存更正", savingRow: "正在重新比对……",
    correctFailed: "没能更正。", correctKept: "预览没有变化。",
    correctedRows: (/** @type {number} */ n, /** @type {number} */ skipped) => `已更正 ${n} 行，跳过 ${skipped} 行；原文件没有改动。`,
    skippedTitle: (/** @type {number} */ n) => `跳过的行（${n} 行）`, unskip: "取消跳过",
    changes: /** @type {Titles} */ ({ new: "新增", changed: "信息变化", moved: "调动", left: "离开", unchanged: "不变" }),
    commit: "写入花名册……", drop: "不要了，换文件", another: "再导入一个", undo: "撤销这一批……",
    nothingToDo: "文件和现有花名册一致，不用写入。",
    commitTitle: (/** @type {string} */ file) => `把 ${file} 写入花名册？`,
    commitChange: (/** @type {number} */ n, /** @type {number} */ changed, /** @type {number} */ moved) =>
      `新增 ${n} 人，改信息 ${changed} 人，调动 ${moved} 人。`,
    commitLeft: (/** @type {number} */ n) => `${n} 人标为离开：不能再登录，不进新的应考名单。`,
    commitSkips: (/** @type {number} */ n) => `有错误的 ${n} 行不写入，改好后可以再导一次。`,
    commitUndo: "写入后可以整批撤销。已发布考试的名单不受影响。",
    commitNumber: (/** @type {number} */ n) => `离开的人超过 5%，请填离开人数 ${n} 确认`,
    commitGo: "确认写入", committing: "正在写入，几万人约需二十秒……",
    commitFailed: "没能写入。", commitFailedKept: "花名册没有变化，整批没有写入。",
    undoTitle: (/** @type {string} */ file) => `撤销 ${file} 这一批？`,
    undoWhat: (/** @type {number} */ n) => `${n} 人恢复到导入之前的样子。`,
    undoAccounts: "这批新增的人不能再登录；他们手里的开通码作废。", undoGo: "确认撤销", undoing: "正在撤销……",
    undoFailed: "没能撤销。", undoFailedKept: "花名册没有变化。",
    problems: "文件里的问题",
    problemsTitle: (/** @type {number} */ errors, /** @type {number} */ warnings) =>
      `文件里的问题：${errors} 处错误，${warnings} 处提醒`,
    problemsHow: "错误的行不会写入；提醒的行会写入，请核对。可以在这里更正或跳过，不用重传文件。",
    severity: "程度", error: "错误", warning: "提醒", sheet: "表", row: "行", field: "列", value: "内容", reason: "原因和办法",
    rows: "会变化的人", change: "变化", name: "姓名", key: "人员编号", unit: "单位", fields: "改动", where: "在文件里",
    rowsTitle: (/** @type {number} */ n, /** @type {number} */ all) =>
      n < all ? `会变化的人（先列 ${n} 人，共 ${all} 人）` : `会变化的人（${n} 人）`,
    fieldChange: (/** @type {string} */ field, /** @type {string | null} */ before, /** @type {string | null} */ after) =>
      `${field}：${before || "空"} → ${after || "空"}`,
    whereIs: (/** @type {string} */ sheet, /** @type {number} */ row) => `${sheet} 第 ${row} 行`,
    notInFile: "文件里没有",
    past: "以前的导入", at: "时间", state: "状态", counts: "变化",
    states: /** @type {Titles} */ ({ previewed: "未写入", committing: "正在写入", committed: "已写入", undone: "已撤销" }),
    countsOf: (/** @type {number} */ n, /** @type {number} */ changed, /** @type {number} */ left) =>
      `新增 ${n}，变化 ${changed}，离开 ${left}`,
    noneYet: "还没有导入过", noneYetHow: "每次导入都会列在这里，可以打开、撤销。",
    pastFailed: "没能取到以前的导入。", openFailed: "没能打开这次导入。",
  },

  laws: {
    heading: "题目依据哪些法规，现在还有效吗？",
    sentence: (/** @type {number} */ n, /** @type {number} */ now, /** @type {number} */ imported) =>
      `登记 ${n} 个版本，现行有效 ${now} 个，已导入全文 ${imported} 个。`,
    why: "版本失效那天起，引用它的题目不再进新卷。没导入全文的，只显示要旨。",
    title: "法规", state: "效力", effective: "施行", superseded: "停止施行", articles: "条数", texts: "全文", issuer: "制定机关",
    force: { now: "现行有效", future: "尚未施行", past: "已停止施行" },
    noTexts: "没导入", allTexts: "已导入",
    someTexts: (/** @type {number} */ n, /** @type {number} */ all) => `${n}/${all} 条`,
    textsOf: (/** @type {number} */ n, /** @type {number} */ all) => `${n} / ${all} 条已导入`,
    search: "名称或机关", noMatch: "没有符合条件的法规。",
    shown: (/** @type {number} */ n, /** @type {number} */ all) => n === all ? `共 ${n} 个版本。` : `${n} 个版本，共 ${all} 个。`,
    importHeading: "导入法规全文", importNotYours: "全文由考务管理员导入。", back: "回法规列表", stillInForce: "尚无",
    onlyGists: "这个版本还没导入全文，下面只有要旨（用我们自己的话写的，不是原文）。",
    gist: "要旨（非原文）", noTextNoGist: "没有导入原文，也没有写要旨：题库没有引用这一条。",
    searchArticle: "条号或文字", onlyKnown: "只看有全文或要旨的条文",
    articlesShown: (/** @type {number} */ n, /** @type {number} */ all) => n === all ? `共 ${n} 条。` : `${n} 条，共 ${all} 条。`,
    noArticle: "没有符合条件的条文",
    validity: /** @type {Titles} */ ({ overridden: "被后法改变，不出题", doubtful: "效力存疑，不出题", deleted: "已删去" }),
  },

  importLaws: {
    how: "从官方网站下载的文件就行。系统按条识别，与登记的条文指纹逐条比对，确认后才写入。",
    file: "法规文件", fileHint: "docx、html、txt 或 JSON 行，最大 32 MB", look: "读文件，逐条比对", reading: "正在比对……",
    noFile: "还没有选文件。", readFailed: "没能读这个文件。", readKept: "已导入的全文没有变化。",
    previewed: (/** @type {string} */ file, /** @type {number} */ n, /** @type {number} */ articles) =>
      `${file}：认出 ${n} 个版本、${articles} 条。现在还没有写入。`,
    committed: (/** @type {string} */ file) => `${file} 已导入，结果页和学习页会显示原文。`,
    clean: "与登记一致", notClean: "有出入",
    notCleanHow: "不一致的条文可能是版本不同或文件有误：不会写入，请核对文件。",
    counts: (/** @type {import("./types.js").EditionPreview} */ e) =>
      `共 ${e.articles} 条：一致 ${e.same}，仅标点不同 ${e.punctuation_only}，内容不同 ${e.different}，缺 ${e.missing}，多 ${e.extra}。`,
    articlesOf: (/** @type {string} */ title) => `${title}的逐条结果`, article: "条", result: "比对结果",
    results: /** @type {Titles} */ ({ same: "一致", punctuation_only: "仅标点不同", different: "内容不同", missing: "文件里没有",
      extra: "登记里没有" }),
    numberingOff: (/** @type {string} */ no) => `条号可能错位：文字是第 ${no} 条的`,
    lengths: (/** @type {number} */ want, /** @type {number} */ got) => `登记 ${want} 字，文件 ${got} 字`,
    showOdd: (/** @type {number} */ n) => `不完全一致的 ${n} 条`,
    problems: "文件里的问题", nothingFound: "没有认出登记过的法规", nothingFoundHow: "请确认文件里有法规全称和“第一条”这样的条号。",
    commit: "导入全文……", drop: "不要了，换文件", another: "再导入一个",
    commitTitle: (/** @type {string} */ file) => `导入 ${file} 的全文？`,
    commitWhat: (/** @type {number} */ n, /** @type {number} */ articles) => `${n} 个版本共 ${articles} 条原文存入本单位的数据库。`,
    commitUse: "从此成绩页、学习和命题显示原文，不再只有要旨。", commitSkips: "内容不同、登记里没有的条文不写入：显示的原文必须与登记一致。",
    commitUndo: "不能撤销；导入正确的文件即可覆盖。题目和成绩不受影响。",
    commitGo: "确认导入", committing: "正在导入……", commitFailed: "没能导入。", commitKept: "没有写入任何条文。",
  },

  questions: {
    heading: "题库里有什么题，依据是什么？", lead: "点题干看答案、错项分析和法条依据。答案只有命题、审题和考务能看。",
    search: "题干或编号", law: "法规", kind: "题型", pool: "题库", state: "状态", level: "层次", stem: "题干", version: "版本",
    topic: "知识点", onlyGaps: "只看有缺口的", mine: "只看我写的", updated: "改动",
    write: "写一道题", importFile: "从文件导入", quick: "常用",
    quickLinks: /** @type {{text: string, href: string, roles: string[]}[]} */ ([
      { text: "我的草稿", href: "/staff/questions.html?state=draft&author=me", roles: ["author"] },
      { text: "等审的题", href: "/staff/questions.html?state=submitted", roles: ["reviewer", "author"] },
      { text: "审定待启用", href: "/staff/questions.html?state=approved", roles: ["author", "manager"] },
      { text: "全部", href: "/staff/questions.html", roles: ["author", "reviewer", "manager"] },
    ]),
    pools: /** @type {Titles} */ ({ practice: "练习", exam: "考试", secure: "保密" }),
    states: /** @type {Titles} */ ({ draft: "草稿", submitted: "送审", approved: "审定", active: "启用", retired: "停用" }),
    gaps: (/** @type {number} */ n) => `缺 ${n} 处`, unproven: (/** @type {number} */ n) => `${n} 处未证实`,
    alsoInPapers: (/** @type {number} */ n) => `第 ${n} 版在用`,
    alsoWorked: (/** @type {number} */ n, /** @type {string} */ state) => `另有第 ${n} 版${state}`,
    loading: "正在查题……", failed: "没能查题。", none: "题库是空的", noneHow: "系统管理员用命令 zhijie bank import 装入题库，或者由命题人写题、导入。",
    noMatch: "没有符合条件的题", noMatchHow: "请放宽条件。",
    shownFirst: (/** @type {number} */ n) => `先显示 ${n} 题，还有更多。`,
    shownAll: (/** @type {number} */ n) => `共 ${n} 题。`, more: "再显示 100 题",
    question: "题目", back: "回题目列表", about: "关于这道题", key: "答案", right: "正确项", true: "正确", false: "错误",
    misconception: "选它的人以为", or: " 或 ", reference: "参考答案", explanation: "为什么", citations: "法条依据", words: "关键词句",
    missing: "（还没写）", noCitation: "（还没有依据）",
    supports: (/** @type {string} */ options) => `支持 ${options}`,
    place: (/** @type {string} */ article, /** @type {number | null} */ paragraph, /** @type {number | null} */ item) =>
      `第 ${article} 条${paragraph ? `第 ${paragraph} 款` : ""}${item ? `第（${item}）项` : ""}`,
    part: (/** @type {number} */ n, /** @type {string} */ kind) => `第 ${n} 小题（${kind}）`,
    topics: "知识点", prior: "预计得分率", factsOn: "案情日期", author: "命题", reviewer: "审题", checkedOn: "核对原文", reviewBy: "复审期限",
    audience: "适用对象", unprovenReason: "未证实而启用的理由",
    audiences: /** @type {Titles} */ ({ all: "全体公职人员", party: "党员", leading: "领导干部", soe: "国企管理人员", institution: "事业单位人员",
      village: "村社区人员" }),
    successorOf: "接替", enemies: "不同卷",
    proofs: /** @type {Titles} */ ({ proven: "原文已证实", bound: "凭证实记录", not_proven: "未经原文证实", refuted: "与原文不符",
      no_source: "依据不存在" }),
  },

  questionLife: {
    versionOf: (/** @type {number} */ n, /** @type {string} */ state) => `第 ${n} 版（${state}）`,
    versions: "各版", history: "经过", historyOf: (/** @type {number} */ n) => `第 ${n} 版`,
    events: /** @type {Titles} */ ({ created: "写成草稿", submitted: "送审", withdrawn: "撤回", approved: "审定", returned: "退回修改",
      activated: "启用", retired: "停用", superseded: "被新版接替" }),
    by: (/** @type {string} */ who, /** @type {string} */ at) => `${at}　${who}`, someone: "（账号已不在）", noEvents: "这一版随题库文件装入，没有经过记录。",
    sentence: /** @type {Titles} */ ({
      draft: "这是草稿，不会进任何试卷。", submitted: "已送审，等审题人决定。", approved: "已审定，启用后才进试卷。",
      active: "正在使用，组卷会抽到它。", retired: "已停用，不再进新卷。已考过的成绩不变。" }),
    gapsSentence: (/** @type {number} */ n) => `送审前还要补 ${n} 处：`,
    warningsTitle: "请留意", edit: "修改", newVersion: "改成新版本", submit: "送审……", withdraw: "撤回……", activate: "启用……", retire: "停用……",
    remove: "删除草稿……", acting: "正在办理……", nothingChanged: "题目没有变化。",
    submitTitle: (/** @type {string} */ ref) => `把 ${ref} 送审？`, submitWhat: "审题人看得到，您不能再改；要改可以先撤回。", submitGo: "确认送审",
    submitFailed: "没能送审。", withdrawTitle: (/** @type {string} */ ref) => `撤回 ${ref}？`, withdrawWhat: "变回草稿，可以修改后再送审。",
    withdrawGo: "确认撤回", withdrawFailed: "没能撤回。",
    activateTitle: (/** @type {string} */ ref, /** @type {number} */ n) => `启用 ${ref} 第 ${n} 版？`,
    activateWhat: "从现在起组卷会抽到它。", activateOld: (/** @type {number} */ n) => `在用的第 ${n} 版同时停用；已开考的答卷不受影响。`,
    activateUnproven: (/** @type {number} */ n) => `有 ${n} 处关键词句没有原文证实。最好先导入法规全文。`,
    activateReason: "为什么现在就启用", activateReasonHint: "例如“全文尚未导入，已与纸质文本核对”", activateGo: "确认启用", activateFailed: "没能启用。",
    retireTitle: (/** @type {string} */ ref) => `停用 ${ref}？`,
    retireWhat: "从现在起不再抽到它；已开考的答卷和成绩不变。", retireFixed: "已固定的试卷里如有这道题，停用后会列出考试名称。",
    retireReason: "停用的理由", retireGo: "确认停用", retireFailed: "没能停用。",
    retiredDone: "已停用，不会再被抽到。",
    inFixedPapers: (/** @type {number} */ n) => `还有 ${n} 场未结束的考试用的是固定试卷，里面有这道题：`,
    inFixedPapersHow: "这些试卷不会自动变。要换题请取消考试后重新组卷。",
    removeTitle: (/** @type {string} */ ref) => `删除 ${ref} 的草稿？`, removeWhat: "删除后不能恢复。", removeKeeps: "在用的版本不受影响。", removeGo: "确认删除",
    removeFailed: "没能删除。",
    reviewHeading: "这道题可以用吗？", reviewHow: "对照依据逐项看：题干、答案、每个错项、解析。", comment: "意见", commentHint: "退回时必填，命题人看得到",
    approve: "通过", sendBack: "退回修改", reviewing: "正在记录……", reviewFailed: "没能记录审题意见。", reviewKept: "意见还在框里，没有丢失。",
    commentNeeded: "退回时请写明要改什么。", approved: "已审定。", sentBack: "已退回，变回草稿。",
    compare: (/** @type {number} */ old, /** @type {number} */ now) => `与第 ${old} 版对照（左旧右新，第 ${now} 版）`,
    changed: "有改动", same: "没有改动", added: "新增", noOld: "这是第一版，没有旧版可对照。",
    stem: "题干", options: "选项和答案", about: "属性",
  },

  questionEdit: {
    headingNew: "写一道什么题？", heading: (/** @type {string} */ ref) => `改 ${ref}`,
    newVersionNote: (/** @type {number} */ n, /** @type {string} */ state) =>
      `第 ${n} 版（${state}）不能直接改。保存后成为第 ${n + 1} 版草稿；新版启用之前，第 ${n} 版照旧。`,
    notYours: "这份草稿是别人写的，只能看，不能改。", notNow: "这一版正在审题，请先撤回再改。", toQuestion: "去看这道题",
    ref: "题号", refHint: "小写字母、数字、连字符；不填由系统编号", kind: "题型", choose: "请选择", pool: "题库", level: "认知层次", topics: "知识点",
    topicsHint: "第一个是主知识点", addTopic: "添加知识点", removeTopic: (/** @type {string} */ t) => `去掉“${t}”`, audience: "适用对象", prior: "预计答对率",
    priorHint: "0.05 到 0.95，如 0.7", factsOn: "案情日期", factsOnHint: "依据要在这一天有效", reviewBy: "复审期限", reviewByHint: "不填为一年后",
    enemies: "不同卷的题", enemiesHint: "题号，用顿号隔开", successorOf: "接替的题", more: "更多", passage: "案情", passageHint: "写明答案用到的每个条件",
    stem: "题干", stemBlankHint: "每个空写四个下划线 ____", insertBlank: "插入一个空",
    options: "选项", optionsHint: "勾选正确项。错项要写选它的人误在哪里", option: (/** @type {string} */ l) => `选项 ${l}`,
    isRight: (/** @type {string} */ l) => `${l} 是正确项`, misconceptionOf: (/** @type {string} */ l) => `选 ${l} 的人以为`, addOption: "加一个选项",
    removeOption: (/** @type {string} */ l) => `删去选项 ${l}`, fixedOrder: "选项不打乱（金额、期限等按大小排列）",
    key: "答案", right: "正确", wrong: "错误", misconception: "答“正确”的人以为",
    blank: (/** @type {number} */ n) => `第 ${n} 空的答案`, blankHint: "同义的答案用 / 隔开，如 六个月/半年", noBlank: "题干里还没有空。",
    reference: "参考答案", points: "得分点", point: (/** @type {number} */ n) => `得分点 ${n}`, marks: (/** @type {number} */ n) => `得分点 ${n} 的分值`,
    addPoint: "加一个得分点", removePoint: (/** @type {number} */ n) => `删去得分点 ${n}`,
    explanation: "解析", explanationHint: "两三句：规则、为什么、最容易选错的为什么错",
    citations: "法条依据", citation: (/** @type {number} */ n) => `依据 ${n}`, addCitation: "加一条依据", removeCitation: (/** @type {number} */ n) => `删去依据 ${n}`,
    law: "法规", edition: "版本", article: "条", paragraph: "款", item: "项", words: "关键词句",
    wordsHint: "照原文，至多 24 个字", supports: "支持的正确项", text: "原文", gist: "要旨（非原文）",
    noText: "这一条没有导入原文：关键词句无法自动核对，请照官方文本填写。",
    noGist: "这一条也没有要旨。", take: "用选中的字", takeHow: "在原文里选中几个字，再点“用选中的字”。", takeNothing: "请先在上面的原文里选中文字。",
    articleLoading: "正在取条文……", articleFailed: "没能取到这一版的条文。",
    part: (/** @type {number} */ n) => `第 ${n} 小题`, addPart: "加一个小题", removePart: (/** @type {number} */ n) => `删去第 ${n} 小题`,
    save: "保存草稿", saving: "正在保存……", saved: (/** @type {string} */ at) => `${at} 已保存为草稿。`,
    savedNew: (/** @type {string} */ ref, /** @type {number} */ n) => `已保存：${ref} 第 ${n} 版草稿。`, saveFailed: "没能保存。", saveKept: "您写的内容还在本页，没有丢失。",
    unsaved: "有改动还没保存。", see: "看这道题",
    check: "检查", checking: "正在检查……", checkFailed: "没能检查，您写的内容还在。", clean: "没有缺口，可以送审。",
    gaps: (/** @type {number} */ n) => `送审前还要补 ${n} 处：`, warnings: "请留意：", alike: "题库里相近的题：",
    alikeOf: (/** @type {number} */ n) => `相近 ${n}%`, noProof: "还没有可核对的关键词句。", proof: "关键词句：",
  },

  importQuestions: {
    heading: "从文件导入题目", lead: "导入后都是您的草稿，补齐、送审、审定之后才能启用。",
    how: "表格、Word、GIFT、Aiken、JSON、TOML 都行，按内容识别。缺的内容先空着，在草稿里补。", template: "下载表格模板",
    file: "题目文件", fileHint: "xlsx、csv、docx、txt、gift、json、toml，最大 32 MB，一次最多 2000 题", look: "读文件，看题目", reading: "正在读……",
    noFile: "还没有选文件。", readFailed: "没能读这个文件。", readKept: "没有写入任何题目。",
    formats: /** @type {Titles} */ ({ "zhijie-toml": "知戒 TOML", json: "JSON", xlsx: "工作簿", csv: "csv 表格", gift: "GIFT", aiken: "Aiken",
      text: "文本", docx: "Word 文档" }),
    previewed: (/** @type {string} */ file, /** @type {string} */ format, /** @type {number} */ n) => `${file}（${format}）：读出 ${n} 道题。现在还没有写入。`,
    committed: (/** @type {string} */ file, /** @type {number} */ n) => `${file} 的 ${n} 道题已写成草稿。`, undone: (/** @type {string} */ file) => `${file} 已撤销，草稿已删去。`,
    toDrafts: "去看我的草稿", counts: (/** @type {number} */ errors, /** @type {number} */ gaps, /** @type {number} */ same) =>
      `有错误的 ${errors} 题，送审前要补的 ${gaps} 题，题库里已有的 ${same} 题。`,
    fileProblems: "文件里没读成的地方", place: "位置", row: (/** @type {number} */ n) => `第 ${n} 行`, take: "写入", takeRow: (/** @type {number} */ n) => `写入第 ${n} 题`,
    question: "题目", answer: "答案", problems: "问题", same: "题库里已有", alike: (/** @type {string} */ ref, /** @type {number} */ n) => `与 ${ref} 相近 ${n}%`,
    alikeRow: (/** @type {number} */ row, /** @type {number} */ n) => `与文件第 ${row} 行相近 ${n}%`, blocked: "不能写入", missing: (/** @type {number} */ n) => `还缺 ${n} 处`,
    fine: "完整", details: "选项和解析", noOptions: "没有选项", unknownKind: "题型不明",
    commit: (/** @type {number} */ n) => `写入 ${n} 道草稿……`, nothing: "没有勾选可写入的题。", commitTitle: (/** @type {string} */ file) => `把 ${file} 写成草稿？`,
    commitWhat: (/** @type {number} */ n) => `${n} 道题写成您的草稿，不会进任何试卷。`, commitSkips: (/** @type {number} */ n) => `${n} 道不写入。`,
    commitUndo: "只要还都是草稿，可以整批撤销。", commitGo: "确认写入", committing: "正在写入……", commitFailed: "没能写入。", commitKept: "没有写入任何题目。",
    undo: "撤销这一批……", undoTitle: (/** @type {string} */ file) => `撤销 ${file} 的导入？`, undoWhat: "这批草稿全部删去，导入后改过的也一样。", undoGo: "确认撤销",
    undoing: "正在撤销……", undoFailed: "没能撤销。", undoKept: "草稿都还在。", drop: "不要了，换文件", another: "再导入一个",
    past: "以前的导入", pastFailed: "没能取到以前的导入。", noneYet: "还没有导入过题目", noneYetHow: "每次导入都会列在这里，可以打开、撤销。", openFailed: "没能打开这次导入。",
  },

  api: {
    heading: "别的程序怎么用这里的数据？",
    lead: (/** @type {string} */ title, /** @type {string} */ version, /** @type {number} */ n, /** @type {number} */ s) =>
      `${title} ${version}：${n} 个操作，${s} 种数据结构。`,
    how: "完整的 OpenAPI 文件：", search: "路径或说明含有", noMatch: "没有符合条件的操作", any: "任意值", also: "另含 ",
    properties: "字段", name: "字段", type: "类型", note: "说明", optional: "可省", deprecated: "将停用", parameters: "参数",
    places: /** @type {Titles} */ ({ path: "路径", query: "查询", header: "请求头", cookie: "Cookie" }),
    body: "请求内容", responses: "应答", schemas: "数据结构",
  },

  unitsPage: {
    heading: "单位怎么设，名单怎么写？",
    sentence: (/** @type {string} */ n, /** @type {string} */ people, /** @type {number} */ left) =>
      `在用 ${n} 个单位，${people} 人${left > 0 ? `；已撤销 ${left} 个` : ""}。`,
    noGroup: (/** @type {string} */ kind, /** @type {number} */ n) => `${n} 个单位没有${kind}`,
    ungrouped: (/** @type {string[]} */ parts) => `直属单位里：${parts.join("，")}。`, allGrouped: "直属单位都有分组。",
    units: "单位", search: "名称或编码", group: "分组", withLeft: "含已撤销", add: "新建单位", noMatch: "没有符合条件的单位",
    noMatchHow: "请放宽名称或分组的条件。", none: "还没有单位", noneHow: "导入花名册，或在这里新建。",
    name: "单位", code: "编码", kinds: /** @type {Titles} */ ({ unit_type: "单位类型", system: "系统",
      resident_group: "派驻组", area: "片区" }),
    people: "人数", acts: "办理", edit: "改", editFor: (/** @type {string} */ name) => `修改${name}的编码和分组`,
    act: "办理……", actFor: (/** @type {string} */ name) => `${name}：更名、合并、拆分、移动`, left: "已撤销",
    save: "保存", saveFailed: "没能保存。", saveKept: "单位没有变化。", valueOf: (/** @type {string} */ kind,
      /** @type {string} */ name) => `${name}的${kind}`,
    typeHint: "没写分组的，随上级单位统计。", saved: (/** @type {string} */ name) => `${name}已保存。`,
    about: "这个单位", path: "所在", direct: "本级人数", history: "沿革", noHistory: "没有更名、合并或拆分过。",
    leftOn: (/** @type {string} */ day) => `${day} 起撤销。以前考试的名单和成绩仍在它名下。`,
    rename: "更名", merge: "并入别的单位", split: "拆分", move: "换上级", child: "新建下级", close: "收起",
    since: "生效日期", sinceHint: "不能晚于今天；以前的考试名单不变", reason: "理由", reasonHint: "如“机构改革方案第 3 条”，会记入台账",
    preview: "看会发生什么", previewing: "正在核算……", previewFailed: "办不了。", nothingDone: "单位和人员都没有变化。",
    doing: "正在办理……", failed: "没能办成。", done: (/** @type {string} */ what) => `${what}，已办好。`,
    newName: "新名称", renameTitle: (/** @type {string} */ from, /** @type {string} */ to) => `“${from}”更名为“${to}”？`,
    renameKeeps: "单位还是同一个：人员、授权、历次成绩都不动。", renameOld: "旧名称和日期留在沿革里；花名册再写旧名称，也认得。",
    renameGo: "确认更名",
    mergeHow: "怎么合并", mergeInto: "并入已有单位", mergeNew: "合成一个新单位", into: "并入", others: "一起合并的单位",
    addOther: "加一个", removeOther: (/** @type {string} */ name) => `不合并${name}`, mergeTitle: (/** @type {string} */ from,
      /** @type {string} */ to) => `把${from}并入“${to}”？`, mergeGo: "确认合并",
    splitKeep: "原单位保留，没分走的人留下", splitParts: "新单位", partName: (/** @type {number} */ n) => `新单位 ${n} 的名称`,
    addPart: "再加一个新单位", where: "去向", stay: "留在原单位", notAssigned: "还没分", part: (/** @type {number} */ n,
      /** @type {string} */ name) => name || `新单位 ${n}`, goesTo: (/** @type {string} */ name) => `${name}的去向`,
    splitPeople: "本级人员去哪里", splitUnits: "下级单位去哪里", splitTitle: (/** @type {string} */ name) => `拆分“${name}”？`,
    splitGo: "确认拆分", loadingPeople: "正在取人员……", peopleFailed: "没能取到人员。",
    moveTo: "新的上级单位", moveTitle: (/** @type {string} */ name, /** @type {string} */ to) => `把“${name}”移到“${to}”下面？`,
    moveGo: "确认移动", moveMany: (/** @type {number} */ units, /** @type {string} */ people) =>
      `连同下级共 ${units} 个单位、${people} 人一起移动。`,
    gain: (/** @type {string} */ who) => `以后能看到它们的：${who}。`, lose: (/** @type {string} */ who) => `以后看不到的：${who}。`,
    noOneChanges: "能看到它们的人不变。", movePast: "以前考试的名单和成绩仍按当时的上级统计。",
    holder: (/** @type {string} */ name, /** @type {string} */ role) => `${name}（${role}）`,
    more: (/** @type {number} */ n) => `等 ${n} 人`,
    peopleGo: (/** @type {string} */ from, /** @type {string} */ to, /** @type {number} */ n) => `“${from}”的 ${n} 人转到“${to}”。`,
    unitNew: (/** @type {string} */ name, /** @type {string} */ to) => `新建“${name}”，在“${to}”下面。`,
    unitMoved: (/** @type {string} */ name, /** @type {string} */ to) => `“${name}”移到“${to}”下面。`,
    unitLeft: (/** @type {string} */ name, /** @type {string} */ day) => `“${name}”自${day}起撤销，新的考试不能再选它。`,
    rolesFollow: (/** @type {string} */ who, /** @type {string} */ to) => `${who}的范围加上“${to}”。`,
    rolesStay: (/** @type {string} */ who) => `${who}不会自动负责新单位，请安全管理员另行授权；原单位在考的仍由其跟进。`,
    drafts: (/** @type {string} */ titles) => `草稿${titles}选了要撤销的单位，发布前要重选。`,
    fixedRosters: (/** @type {number} */ n) => `${n} 场已定名单的考试不变：各人仍在原单位名下统计。`,
    noUndo: "不能撤销，只能再办一次更名、合并或拆分。",
    createTitle: (/** @type {string} */ name) => `在“${name}”下新建单位`, create: "新建", creating: "正在新建……",
    createFailed: "没能新建。", codeHint: "可不填，自动编", nameMissing: "请填名称。", unitMissing: "请选单位。",
    historyHeading: "沿革", noEvents: "还没有更名、合并或拆分", noEventsHow: "办过的会列在这里，按日期倒排。",
    eventKinds: /** @type {Titles} */ ({ renamed: "更名", merged: "合并", split: "拆分" }), what: "经过", when: "生效",
    way: (/** @type {string} */ from, /** @type {string} */ to, /** @type {number} */ n) =>
      `${from} → ${to}${n > 0 ? `（${n} 人）` : ""}`,
    historyFailed: "没能取到沿革。", detailFailed: "没能打开这个单位。",
  },

  lists: {
    heading: "名单", lead: "花名册里的写法按这些名单认；次序就是报表的次序。", which: "哪张名单",
    names: /** @type {Titles} */ ({ post_level: "领导职务层次", rank: "职级", rank_group: "分析层级", supervisee: "监察对象类别" }),
    loading: "正在取名单……", failed: "没能取到名单。", title: "名称", spellings: "其他写法（用、隔开）", group: "归入分析层级",
    category: "整类人员", rest: "其余人员", people: "在用", order: "次序", retired: "停用", acts: "办理", noGroup: "不单独归",
    categories: /** @type {Titles} */ ({ "": "—", institution: "事业人员", enterprise: "国企人员", village: "村社区干部" }),
    up: (/** @type {string} */ name) => `${name}上移`, down: (/** @type {string} */ name) => `${name}下移`,
    of: (/** @type {string} */ what, /** @type {string} */ name) => `${name || "新的一项"}的${what}`, remove: "删除",
    removeFor: (/** @type {string} */ name) => `删除${name}`,
    inUse: (/** @type {number} */ n) => `${n} 人在用，只能停用`, add: "加一项",
    save: "看会有什么变化", saving: "正在核算……", wrong: "名单有误，没有保存。", wrongKept: "您填的内容还在本页。",
    unchanged: "没有变化，不用保存。", confirmTitle: (/** @type {string} */ list) => `修改“${list}”名单？`, go: "确认修改",
    doing: "正在保存……", saveFailed: "没能保存。", saved: (/** @type {string} */ list) => `“${list}”名单已保存。`,
    added: (/** @type {string} */ names) => `新增：${names}。`, removed: (/** @type {string} */ names) => `删除：${names}。`,
    renamed: (/** @type {string} */ from, /** @type {string} */ to) => `“${from}”改称“${to}”；旧写法仍认得。`,
    retiredNow: (/** @type {string} */ names) => `停用：${names}。已有的人保留，导入不再采用。`, reordered: "次序有变，报表随之改变。",
    regrouped: (/** @type {number} */ n, /** @type {string} */ from, /** @type {string} */ to) => `${n} 人的分析层级由“${from}”改为“${to}”。`,
    past: "已定名单的考试不变。", detailsOnly: "写法或归组有变，今后的导入按新的认。",
    item: (/** @type {number} */ n) => `第 ${n} 项`,
  },
};
