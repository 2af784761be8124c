//! The arguments, as the contract names them.

use std::net::SocketAddr;
use std::path::PathBuf;

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
    /// 演练（尚未提供）
    #[command(disable_help_flag = true)]
    Rehearse(Later),
    /// 台账链核验（尚未提供）
    #[command(disable_help_flag = true)]
    Ledger(Later),
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
    /// 打印激活条（尚未提供；请用网页“激活条”打印）
    #[command(disable_help_flag = true)]
    Codes(Later),
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
    /// 封存（尚未提供）
    #[command(disable_help_flag = true)]
    Seal(Later),
    /// 导出（尚未提供）
    #[command(disable_help_flag = true)]
    Export(Later),
    /// 重新评分（尚未提供）
    #[command(disable_help_flag = true)]
    Regrade(Later),
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
