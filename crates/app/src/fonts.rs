//! The font that printed documents are set in: one that the machine has, or the one that a setting names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fontdb::{Database, FaceInfo, Source, Stretch, Style, Weight};
use reports::pdf::{FontFace, FontFile, Fonts};

use crate::AppError;

/// Families that set Chinese, the best first.
const FAMILIES: [&str; 16] = [
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Microsoft YaHei",
    "SimSun",
    "HarmonyOS Sans SC",
    "HarmonyOS_Sans_SC",
    "HarmonyOS Sans",
];
/// From this weight on a face is bold enough for a heading.
const BOLD_FROM: u16 = 600;
/// Weights among which a face for plain text is looked for.
const REGULAR: std::ops::RangeInclusive<u16> = 300..=500;
/// Further fonts loaded for rare characters, at the most: a file can have 50 MB.
const SPARE_FONTS: usize = 2;

/// Why there is no font.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// None of the known families is installed.
    #[error(
        "没有找到中文字体，无法生成 PDF。请安装 fonts-noto-cjk（Debian、Ubuntu：apt-get install fonts-noto-cjk），\
         或用 --font 文件 / 环境变量 ZHIJIE_FONT 指明字体文件（ttf、otf、ttc）"
    )]
    NoneInstalled,
    /// The file that was named, or found, cannot be read.
    #[error("无法读取字体文件 {}：{cause}。请检查路径和权限，或改用别的字体", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// The file is no font.
    #[error("{} 不是可用的字体文件，请换一个 ttf、otf 或 ttc 文件", .0.display())]
    NoFont(PathBuf),
    /// The font has no Chinese.
    #[error("字体文件 {} 里没有汉字，请换一个中文字体", .0.display())]
    NotChinese(PathBuf),
}

impl From<FontError> for AppError {
    fn from(error: FontError) -> Self {
        Self::Conflict(error.to_string())
    }
}

/// Fonts for a text: the file of the setting, or the first known family that is installed, in regular and bold; where
/// the text has characters that this family lacks, up to [`SPARE_FONTS`] others that have them. No other file is loaded.
///
/// # Errors
/// [`FontError`].
pub fn find(named: Option<&Path>, text: &str) -> Result<Fonts, FontError> {
    let mut files = Files::default();
    let mut installed = Database::new();
    let (regular, bold) = match named {
        Some(path) => of_file(path)?,
        None => {
            installed.load_system_fonts();
            of_system(&installed)?
        }
    };
    let mut fonts = Fonts::new(&files.face(&regular)?).map_err(|_| FontError::NoFont(regular.path.clone()))?;
    if !fonts.lacking(PROBE).is_empty() {
        return Err(FontError::NotChinese(regular.path));
    }
    if let Some(bold) = bold {
        fonts = fonts.with_bold(&files.face(&bold)?).map_err(|_| FontError::NoFont(bold.path.clone()))?;
    }
    let lacking = fonts.lacking(text);
    if lacking.is_empty() {
        return Ok(fonts);
    }
    if installed.is_empty() {
        installed.load_system_fonts();
    }
    for spare in spares(&installed, lacking) {
        fonts = fonts.with_spare(&files.face(&spare)?).map_err(|_| FontError::NoFont(spare.path.clone()))?;
    }
    Ok(fonts)
}

/// Words of the slips: a font without them is no Chinese one.
const PROBE: &str = "激活码登录名";

/// A face where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    path: PathBuf,
    index: u32,
}

/// Files read so far: faces of one collection share its bytes.
#[derive(Default)]
struct Files(BTreeMap<PathBuf, FontFile>);

impl Files {
    fn face(&mut self, place: &Place) -> Result<FontFace, FontError> {
        if let Some(file) = self.0.get(&place.path) {
            return Ok(FontFace { file: file.clone(), index: place.index });
        }
        let bytes =
            std::fs::read(&place.path).map_err(|cause| FontError::Unreadable { path: place.path.clone(), cause })?;
        let file = FontFile::new(bytes);
        self.0.insert(place.path.clone(), file.clone());
        Ok(FontFace { file, index: place.index })
    }
}

/// The regular and the bold face of the file that somebody named. In a collection of several families (Noto's has those
/// of five regions) the one of [`FAMILIES`] counts, else its first face.
fn of_file(path: &Path) -> Result<(Place, Option<Place>), FontError> {
    let mut file = Database::new();
    file.load_font_file(path).map_err(|cause| FontError::Unreadable { path: path.to_owned(), cause })?;
    let first = file.faces().min_by_key(|face| face.index).ok_or_else(|| FontError::NoFont(path.to_owned()))?;
    let family = FAMILIES.into_iter().find(|family| file.faces().any(|face| is_of(face, family)));
    let own = first.families.first().map(|(name, _)| name.as_str()).unwrap_or_default();
    let family = family.unwrap_or(own);
    // A file of bold faces alone still has its Chinese one.
    let regular = best(&file, family, |weight| weight < BOLD_FROM).or_else(|| best(&file, family, |_| true));
    let regular = regular.or_else(|| place(first));
    let regular = regular.ok_or_else(|| FontError::NoFont(path.to_owned()))?;
    Ok((regular, best(&file, family, |weight| weight >= BOLD_FROM)))
}

fn of_system(installed: &Database) -> Result<(Place, Option<Place>), FontError> {
    FAMILIES
        .into_iter()
        .find_map(|family| {
            let regular = best(installed, family, |weight| REGULAR.contains(&weight))?;
            Some((regular, best(installed, family, |weight| weight >= BOLD_FROM)))
        })
        .ok_or(FontError::NoneInstalled)
}

/// The upright face of a family whose weight is nearest to regular or bold, of those that `wanted` takes.
fn best(fonts: &Database, family: &str, wanted: impl Fn(u16) -> bool) -> Option<Place> {
    let upright = |face: &&FaceInfo| face.style == Style::Normal && face.stretch == Stretch::Normal;
    let distance = |face: &&FaceInfo| {
        let weight = face.weight.0;
        let aim = if weight < BOLD_FROM { Weight::NORMAL.0 } else { Weight::BOLD.0 };
        // The path decides between two installed copies, so that the same machine gives the same page.
        (weight.abs_diff(aim), place(face).map(|place| (place.path, place.index)))
    };
    let of_family = fonts.faces().filter(|face| is_of(face, family) && wanted(face.weight.0));
    of_family.filter(upright).min_by_key(distance).and_then(place)
}

fn is_of(face: &FaceInfo, family: &str) -> bool {
    face.families.iter().any(|(name, _)| name.eq_ignore_ascii_case(family))
}

fn place(face: &FaceInfo) -> Option<Place> {
    match &face.source {
        Source::File(path) | Source::SharedFile(path, _) => Some(Place { path: path.clone(), index: face.index }),
        Source::Binary(_) => None,
    }
}

/// Installed faces that have the characters, each time the one that has most of those still missing.
fn spares(installed: &Database, mut missing: BTreeSet<char>) -> Vec<Place> {
    let mut found = Vec::new();
    while found.len() < SPARE_FONTS && !missing.is_empty() {
        let had = |face: &FaceInfo| -> BTreeSet<char> {
            let has = |data: &[u8], index| {
                let Ok(parsed) = ttf_parser::Face::parse(data, index) else { return BTreeSet::new() };
                missing.iter().copied().filter(|c| parsed.glyph_index(*c).is_some()).collect()
            };
            installed.with_face_data(face.id, has).unwrap_or_default()
        };
        let upright = installed.faces().filter(|face| face.style == Style::Normal);
        let best = upright
            .filter_map(|face| Some((had(face), place(face)?)))
            .filter(|(had, _)| !had.is_empty())
            .min_by_key(|(had, place)| (std::cmp::Reverse(had.len()), place.path.clone(), place.index));
        let Some((had, place)) = best else { break };
        missing.retain(|c| !had.contains(c));
        found.push(place);
    }
    found
}

#[cfg(test)]
mod tests;
