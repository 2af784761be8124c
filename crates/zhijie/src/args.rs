//! The arguments, as the contract names them.

use std::net::SocketAddr;
use std::path::PathBuf;

use app::address::PublicAddress;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// 知戒：纪法知识测试平台
#[derive(Debug, Parser)]
#[command(name = "zhijie", version, about = "知戒：纪法知识测试平台", disable_help_subcommand = true)]
pub struct Arguments {
    /// Where things are.
    #[command(flatten)]
    pub places: Places,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where the database and files are.
#[derive(Debug, Clone, Args)]
pub struct Places {
    /// 数据库：sqlite:文件路径 或 postgres://用户:密码@主机/库名
    #[arg(long, global = true, env = "ZHIJIE_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// 数据目录（默认 ./zhijie-data）
    #[arg(long, global = true, env = "ZHIJIE_DATA", default_value = "zhijie-data")]
    pub data: PathBuf,
    /// 报表与封存数据目录（默认在数据目录下的 lake）
    #[arg(long, global = true, env = "ZHIJIE_LAKE")]
    pub lake: Option<PathBuf>,
}

/// What printed documents need to know.
#[derive(Debug, Clone, Default, Args)]
pub struct Print {
    /// 干部手机上打开本系统的网址，如 https://jifa.example.gov.cn；印在激活条上并生成二维码
    #[arg(long, env = "ZHIJIE_PUBLIC_URL", value_name = "URL")]
    pub url: Option<PublicAddress>,
    /// PDF 所用的中文字体文件（ttf、otf、ttc）；不写则用系统里装的
    #[arg(long, env = "ZHIJIE_FONT", value_name = "FILE")]
    pub font: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 启动服务
    Serve(Serve),
    /// 数据库结构：升级、回退一步、查看
    Migrate {
        /// up、down 或 status
        #[arg(value_enum)]
        action: MigrateAction,
    },
    /// 人员花名册
    #[command(subcommand)]
    People(People),
    /// 账号
    #[command(subcommand)]
    Account(Account),
    /// 法规
    #[command(subcommand)]
    Laws(Laws),
    /// 题库
    #[command(subcommand)]
    Bank(Bank),
    /// 试卷
    #[command(subcommand)]
    Paper(Paper),
    /// 考试
    #[command(subcommand)]
    Exam(Exam),
    /// 报表
    Report(Report),
    /// 随机抽取（尚未提供）
    #[command(disable_help_flag = true)]
    Draw(Later),
    /// 统计分析（尚未提供）
    #[command(disable_help_flag = true)]
    Analyze(Later),
    /// 模拟数据（尚未提供）
    #[command(disable_help_flag = true)]
    Simulate(Later),
    /// 演练：用模拟考生压测服务，并核对每一条确认过的答案
    Rehearse(Rehearse),
    /// 审计账本
    #[command(subcommand)]
    Ledger(Ledger),
    /// 备份（尚未提供）
    #[command(disable_help_flag = true)]
    Backup(Later),
    /// 恢复（尚未提供）
    #[command(disable_help_flag = true)]
    Restore(Later),
}

/// Arguments of a command that is in the contract and not built yet.
#[derive(Debug, Args)]
pub struct Later {
    /// Whatever was given.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub rest: Vec<String>,
}

/// 启动服务
#[derive(Debug, Args)]
pub struct Serve {
    /// 使用演示区：120 个单位、3000 人、一场往年考试和一场进行中的考试
    #[arg(long)]
    pub demo: bool,
    /// 监听地址
    #[arg(long, env = "ZHIJIE_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// 可信代理网段（可重复）
    #[arg(long, value_name = "CIDR")]
    pub trusted_proxy: Vec<server::extract::AddressRange>,
    /// Slips and other documents.
    #[command(flatten)]
    pub print: Print,
}

/// Which way to migrate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MigrateAction {
    /// Apply what is pending.
    Up,
    /// Revert the last one.
    Down,
    /// List them.
    Status,
}

/// How a roster is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportMode {
    /// Nobody leaves.
    Add,
    /// Who is missing has left.
    Full,
}

/// 人员花名册
#[derive(Debug, Subcommand)]
pub enum People {
    /// 导入花名册（xlsx、xls 或 csv）
    Import {
        /// 文件
        file: PathBuf,
        /// add：只增改；full：名单以外的人标为离开
        #[arg(long, value_enum, default_value = "add")]
        mode: ImportMode,
        /// 只预览，不写入
        #[arg(long)]
        dry_run: bool,
        /// 确认 full 方式下离开的人数
        #[arg(long, value_name = "N")]
        confirm_left: Option<usize>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 给还没开通的人发新激活码，生成可剪开分发的激活条（PDF）
    Codes {
        /// 单位：编码、全路径（如 城关镇/东村）或编号；下级单位一并生成
        #[arg(long, value_name = "U")]
        unit: String,
        /// 激活条上印的网址和用的字体
        #[command(flatten)]
        print: Print,
        /// 输出文件；已有的会被替换
        #[arg(value_name = "OUT.pdf")]
        out: PathBuf,
    },
}

/// 账号
#[derive(Debug, Subcommand)]
pub enum Account {
    /// 重发激活码
    Reset {
        /// 登录名
        login: String,
    },
    /// 授予角色
    Grant {
        /// 登录名
        login: String,
        /// 角色，如 manager
        role: String,
        /// 单位代码，用逗号分隔
        #[arg(long, value_delimiter = ',', required = true)]
        scope: Vec<String>,
    },
}

/// 法规
#[derive(Debug, Subcommand)]
pub enum Laws {
    /// 导入条文
    Import {
        /// 文件或目录
        path: PathBuf,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 列出登记的法规
    List {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 核对登记册
    Check {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 比较两个版本
    Diff {
        /// 法规代号，如 jilv-chufen-tiaoli
        law: String,
        /// 版本，如 2018
        from: String,
        /// 版本，如 2023
        to: String,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 导出（尚未提供）
    #[command(disable_help_flag = true)]
    Export(Later),
    /// 由原文目录重建登记册（维护题库用）
    Register {
        /// 原文目录（index.json 与 jsonl）
        #[arg(long)]
        laws: PathBuf,
        /// 登记册目录
        #[arg(long, default_value = "question-bank/laws")]
        out: PathBuf,
    },
}

/// 题库
#[derive(Debug, Subcommand)]
pub enum Bank {
    /// 核对题库
    Check {
        /// 题库目录
        #[arg(default_value = "question-bank")]
        dir: PathBuf,
        /// 原文目录
        #[arg(long)]
        laws: Option<PathBuf>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 写入引文凭据
    Bind {
        /// 题库目录
        #[arg(default_value = "question-bank")]
        dir: PathBuf,
        /// 原文目录
        #[arg(long)]
        laws: PathBuf,
    },
    /// 统计
    Stats {
        /// 题库目录
        #[arg(default_value = "question-bank")]
        dir: PathBuf,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 把题库目录装入数据库，或者把题目文件导入为草稿
    Import {
        /// 题库目录，或者题目文件（toml、json、xlsx、csv、gift、aiken、txt、docx）；不写则用程序自带的题库
        path: Option<PathBuf>,
        /// 文件格式（默认按内容识别）：toml、json、xlsx、csv、gift、aiken、text、docx
        #[arg(long, value_name = "F")]
        format: Option<String>,
        /// 草稿归谁：命题人的登录名；不写则谁都可以接手
        #[arg(long, value_name = "LOGIN")]
        author: Option<String>,
        /// 题库里已有的题也写入
        #[arg(long)]
        with_duplicates: bool,
        /// 只预览，不写入
        #[arg(long)]
        dry_run: bool,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 导出题库
    Export(BankExport),
}

/// 导出题库
#[derive(Debug, Args)]
pub struct BankExport {
    /// toml（OUT 是目录则导出整个题库，是 .toml 文件则只有题目）、json、xlsx、gift
    #[arg(long, value_name = "F")]
    pub format: String,
    /// 只要这部法规的题（代号）
    #[arg(long)]
    pub law: Option<String>,
    /// 只要这种题型，如 single
    #[arg(long)]
    pub kind: Option<String>,
    /// 只要这个题库：practice、exam 或 secure
    #[arg(long)]
    pub pool: Option<String>,
    /// 只要这种状态：draft、submitted、approved、active、retired（默认：启用的，没有启用的取最新一版）
    #[arg(long)]
    pub state: Option<String>,
    /// 只要这个知识点的题（代号）
    #[arg(long)]
    pub topic: Option<String>,
    /// 连同保密题库
    #[arg(long)]
    pub with_secure: bool,
    /// 输出文件或目录
    pub out: PathBuf,
}

/// 试卷
#[derive(Debug, Subcommand)]
pub enum Paper {
    /// 组卷
    Assemble {
        /// 双向细目表文件
        blueprint: PathBuf,
        /// 种子
        #[arg(long)]
        seed: String,
        /// 平行卷份数
        #[arg(long, default_value_t = 1)]
        forms: u32,
        /// 依据日（默认今天）
        #[arg(long, value_name = "DATE")]
        on: Option<String>,
        /// 题库目录；不写则用程序自带的题库
        #[arg(long)]
        bank: Option<PathBuf>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

/// 考试
#[derive(Debug, Subcommand)]
pub enum Exam {
    /// 列出
    List {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 封存
    Seal {
        /// 考试编号
        id: String,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 导出名单、作答和成绩
    Export {
        /// 考试编号
        id: String,
        /// parquet 或 csv
        #[arg(long)]
        format: String,
        /// 输出目录
        out: PathBuf,
    },
    /// 按现行更正重新评分
    Regrade {
        /// 考试编号
        id: String,
        /// 只看会改变什么，不写入
        #[arg(long)]
        dry_run: bool,
        /// 原因
        #[arg(long, default_value = "命令行重新评分")]
        reason: String,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

/// 审计账本
#[derive(Debug, Subcommand)]
pub enum Ledger {
    /// 核验
    Verify {
        /// 导出的账本文件；不写则核验数据库和封存数据
        #[arg(long)]
        export: Option<PathBuf>,
        /// 另行保存的锚文件
        #[arg(long)]
        anchor: Option<PathBuf>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 导出锚文件（公钥和签名头），由审计管理员在系统之外保存
    Anchor {
        /// 输出文件
        out: PathBuf,
    },
    /// 导出整本账本，可脱离数据库核验
    Export {
        /// 输出文件
        out: PathBuf,
    },
}

/// 报表
#[derive(Debug, Args)]
pub struct Report {
    /// 种类（目前有 mastery）
    pub kind: String,
    /// 考试编号
    #[arg(long)]
    pub exam: Option<String>,
    /// 阶段编号（尚未提供）
    #[arg(long)]
    pub phase: Option<String>,
    /// 分组，如 unit,rank,topic
    #[arg(long, default_value = "unit,rank,topic")]
    pub by: String,
    /// xlsx、csv、parquet、json 或 svg
    #[arg(long)]
    pub format: String,
    /// 输出文件
    pub out: PathBuf,
}

/// How the virtual takers behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// 像真人：读题、作答、改答、断网、重进、换设备、交卷
    People,
    /// 都已开始，每人每隔几秒保存一次（--every）
    Steady,
    /// 按每秒人数开始（--rate）
    Starts,
    /// 都已答完，按每秒人数交卷（--rate）
    Submissions,
    /// 少量连接上按固定速率保存（--rate、--connections）
    Peak,
}

impl From<Profile> for rehearsal::Profile {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::People => Self::People,
            Profile::Steady => Self::Steady,
            Profile::Starts => Self::Starts,
            Profile::Submissions => Self::Submissions,
            Profile::Peak => Self::Peak,
        }
    }
}

/// How people arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Arrivals {
    /// 都在第一分钟内，越早越挤
    Minute,
    /// 等间隔
    Even,
    /// 随机（泊松）
    Poisson,
}

impl From<Arrivals> for rehearsal::Arrivals {
    fn from(arrivals: Arrivals) -> Self {
        match arrivals {
            Arrivals::Minute => Self::Minute,
            Arrivals::Even => Self::Even,
            Arrivals::Poisson => Self::Poisson,
        }
    }
}

/// 演练
#[derive(Debug, Args)]
pub struct Rehearse {
    /// 服务地址，如 http://127.0.0.1:8080
    #[arg(long)]
    pub url: String,
    /// 模拟考生人数
    #[arg(long, value_name = "N")]
    pub takers: u32,
    /// 时长（秒）
    #[arg(long, value_name = "S")]
    pub duration: u32,
    /// 考务管理员的令牌；对本机的演示区不需要
    #[arg(long, env = "ZHIJIE_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// 输出 JSON
    #[arg(long)]
    pub json: bool,
    /// 把曲线图写成 SVG 文件
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// 方式
    #[arg(long, value_enum, default_value = "people")]
    pub profile: Profile,
    /// 到场方式（people）
    #[arg(long, value_enum, default_value = "minute")]
    pub arrivals: Arrivals,
    /// 每秒多少次（starts、submissions、peak），或每秒到场人数（people 的 even、poisson）
    #[arg(long, value_name = "R")]
    pub rate: Option<u32>,
    /// 每人隔几秒保存一次（steady）
    #[arg(long, value_name = "S", default_value_t = 10)]
    pub every: u32,
    /// 题数
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub questions: u32,
    /// 种子：同一种子，同一计划
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// 连接数；不写则每人一条，受本机打开文件数限制
    #[arg(long, value_name = "W")]
    pub connections: Option<u32>,
    /// 线程数
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub threads: u32,
    /// 正式计时前后，每秒开始、交卷的人数（steady、submissions、peak）
    #[arg(long, value_name = "R", default_value_t = 200)]
    pub preparation_rate: u32,
    /// 会断网一次的人，百分比
    #[arg(long, value_name = "PERCENT", default_value_t = 15)]
    pub offline: u32,
    /// 会重新打开页面的人，百分比
    #[arg(long, value_name = "PERCENT", default_value_t = 10)]
    pub reload: u32,
    /// 会换一台设备的人，百分比
    #[arg(long, value_name = "PERCENT", default_value_t = 3)]
    pub takeover: u32,
    /// 答完就改的题，百分比
    #[arg(long, value_name = "PERCENT", default_value_t = 10)]
    pub change: u32,
    /// 演练中会停掉、重启服务：连接中断另计，一直重试
    #[arg(long)]
    pub through_faults: bool,
    /// 顺带登录的账号文件：[{"login": "…", "password": "…"}]
    #[arg(long, value_name = "FILE")]
    pub logins: Option<PathBuf>,
    /// 事先准备好的演练：POST /rehearsals 的答复 {"exam": "…", "tokens": ["…"]}
    #[arg(long, value_name = "FILE")]
    pub rehearsal: Option<PathBuf>,
    /// 结束后请服务器清除演练数据
    #[arg(long)]
    pub wipe: bool,
}
