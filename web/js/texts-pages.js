/** @type {{ [policy: string]: string }} */
const RULED = {
  by_key: "按更正后的答案评分",
  give_to_all: "全体得分",
  give_to_answered: "作答的都得分",
};

/** What the officials' pages say outside a test. One word for one thing: docs/glossary.md. */

export const P = {
  // Signing in
  signIn: {
    title: "登录",
    lead: "纪律和法律知识测试",
    login: "登录名",
    loginHint: "条子上的登录名，一般是工号或手机号",
    password: "密码",
    showPassword: "显示密码",
    submit: "登录",
    busy: "正在登录…",
    activate: "第一次使用？用激活码开通",
    help: "忘记密码，请找本单位联络员重发激活码。",
    missing: "请填写这一项",
    again: "请登录，再回到刚才的页面。",
  },
  // 通知
  notices: {
    title: "通知",
    read: "知道了",
    done: "已记下，您看过这条通知。",
    result: "看成绩",
    goOn: "去答题",
    /** @param {number} n */
    earlier: (n) => `看过的通知（${n} 条）`,
    failed: "通知没有取到，刷新可再试。",
  },
  activation: {
    title: "开通账号",
    lead: "用条子上的激活码设置自己的密码，只需一次。",
    code: "激活码",
    codeHint: "10 位字母和数字，不分大小写",
    password: "新密码",
    passwordHint: "至少 8 位，不要用生日或手机号",
    repeat: "再输一次新密码",
    differs: "两次输入的密码不一样",
    short: "密码至少 8 位",
    codeLength: "激活码是 10 位字母和数字，请核对",
    privacy:
      "本系统记录您的登录、作答和成绩，只用于纪律教育测试。单位负责人能看到您是否参考、是否合格，看不到您的答案。",
    submit: "开通并登录",
    busy: "正在开通…",
    signIn: "已开通？去登录",
  },

  // 我的任务
  tasks: {
    title: "我的任务",
    /** @param {string} name */
    hello: (name) => name,
    due: "待完成",
    upcoming: "将要开始",
    done: "已结束",
    none: "现在没有要完成的考试",
    noneDetail: "有新的考试时会显示在这里。可以先用下面的三题熟悉操作。",
    trial: "三题试做",
    trialLead: "三道练习题，不计分。用来熟悉操作、检查网络。",
    trialStart: "去试做",
    practice: "练习",
    wrongTitle: "错题练习",
    wrongLead: "把考试里答错的题再做一遍，不计分。",
    wrongStart: "练错题",
    staff: "进入工作台",
    start: "去考试",
    resume: "继续考试",
    result: "看成绩",
    again: "再考一次",
    open: "可以开始",
    inProgress: "正在作答",
    submitted: "已交卷",
    closed: "已结束",
    notReleased: "成绩未公布",
    notYet: "未到时间",
    /** @param {string} when @param {string} left */
    closesAt: (when, left) => `${when} 截止，还剩 ${left}`,
    /** @param {string} when */
    closedAt: (when) => `${when} 已截止`,
    /** @param {string} when */
    opensAt: (when) => `${when} 开始`,
    /** @param {number} questions @param {string} minutes @param {number} pass @param {number} max */
    shape: (questions, minutes, pass, max) => `${questions} 题 · ${minutes} · ${pass} 分合格（满分 ${max}）`,
    /** @param {number} left */
    attemptsLeft: (left) => `还可考 ${left} 次`,
    /** @param {number} count */
    delivering: (count) => (count > 0 ? `上次有 ${count} 题答案没有送达，正在补送…` : "上次的交卷没有送达，正在补送…"),
    delivered: "上次没有送达的答案已补送。",
    deliveredLate: "补送的答案已过截止时间，已另行保存，是否计入由考务管理员决定。",
    undelivered: "答案还没有送达，仍存在本机。连上网后会自动补送。",
    /** @param {string} receipt */
    handedIn: (receipt) => `上次的交卷已送达，回执编号 ${receipt}。`,
    waiting: "待送达",
    /** @param {number} pending */
    kept: (pending) => `有 ${pending} 题答案存在本机，连上网后自动送达。`,
  },

  // Account
  accountPage: {
    title: "账号",
    name: "姓名",
    login: "登录名",
    unit: "单位",
    rank: "职级",
    changePassword: "修改密码",
    current: "现在的密码",
    next: "新密码",
    submit: "修改密码",
    busy: "正在修改…",
    changed: "密码已修改。下次登录请用新密码。",
    signOut: "退出登录",
    signOutDetail: "没有送达的答案会留在本机，下次登录后补送。",
    /** @param {number} pending */
    signOutPending: (pending) => `现在有 ${pending} 题答案没有送达。`,
  },

  // The result
  result: {
    title: "成绩",
    passed: "合格",
    failed: "不合格",
    basis: "依据",
    makeUp: "补考",
    first: "首考",
    sitting: "场次",
    band: "等次",
    submitted: "交卷时间",
    receipt: "回执编号",
    notReleased: "成绩还没有公布",
    /** @param {string} when */
    notReleasedAt: (when) => `考试 ${when} 截止，之后公布。`,
    topics: "各部分得分",
    wrongTitle: "答错的题",
    /** @param {number} count */
    wrong: (count) => `答错或未得满分 ${count} 题`,
    allRight: "全部答对。",
    keysLater: "答案和解析还没有公布。",
    keysLaterList: "未得满分的题：",
    yours: "您的答案",
    key: "正确答案",
    none: "未作答",
    why: "为什么",
    citation: "依据",
    words: "关键字句",
    text: "条文",
    gist: "要旨（非原文）",
    or: "或",
    /** @param {number} slot @param {string} kind @param {string} score */
    heading: (slot, kind, score) => `第 ${slot} 题 · ${kind} · ${score}`,
    /** @param {string} title @param {string} article */
    article: (title, article) => `《${title}》${article}`,
    /** @param {string} policy @param {string} reason */
    ruled: (policy, reason) => `本题已更正：${RULED[policy] || ""}。原因：${reason}`,
    trial: "这是试做，不计入成绩。",
    practise: "练习这些题",
  },

  // 错题练习
  practice: {
    title: "错题练习",
    lead: "不计分，做了什么只有自己知道。",
    none: "没有错题",
    noneDetail: "考试的答案公布后，答错的题会出现在这里。",
    noneOfAttempt: "这次考试没有可以练的题。",
    /** @param {number} n @param {number} of @param {boolean} more */
    where: (n, of, more) => (more ? `第 ${n} 题` : `第 ${n}/${of} 题`),
    /** @param {number} n @param {string} kind */
    heading: (n, kind) => `第 ${n} 题，${kind}`,
    /** @param {string} day @param {string} exam @param {number} times */
    source: (day, exam, times) => `${day} ${exam}${times > 1 ? `，共错 ${times} 次` : ""}`,
    check: "看对错",
    choose: "请先作答。",
    right: "答对了",
    wrong: "没答对",
    compare: "请对照参考答案",
    before: "考试时的答案",
    next: "下一题",
    finish: "看结果",
    done: "练完了",
    /** @param {number} right @param {number} of */
    score: (right, of) => `做了 ${of} 题，答对 ${right} 题。`,
    again: "再练没答对的题",
    all: "从头再练",
    back: "返回成绩",
    loadingMore: "正在取下面的题…",
  },
};
