//! Fonts, given by the caller: finding them is I/O.

use std::collections::BTreeSet;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

use super::PdfError;

/// What templates call the family that sets the text.
const MAIN: &str = "main";

/// The bytes of a font file (ttf, otf, ttc). Cheap to clone, so that faces of one collection share them.
#[derive(Debug, Clone)]
pub struct FontFile(Bytes);

impl FontFile {
    /// Takes the bytes of a file.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Bytes::new(bytes))
    }
}

/// One face of a file.
#[derive(Debug, Clone)]
pub struct FontFace {
    /// The file.
    pub file: FontFile,
    /// Which of its faces; 0 where it is no collection.
    pub index: u32,
}

impl FontFace {
    fn parse(&self) -> Result<Font, PdfError> {
        Font::new(self.file.0.clone(), self.index).ok_or(PdfError::Font)
    }
}

/// The fonts of a document: one family for all of it, in regular and perhaps bold, and spare ones for the characters
/// that it lacks. Cheap enough to clone.
#[derive(Debug, Clone)]
pub struct Fonts {
    faces: Vec<Font>,
    infos: Vec<FontInfo>,
    families: Vec<String>,
}

impl Fonts {
    /// Fonts with one face. Without [`Fonts::with_bold`] headings stand out by size only.
    ///
    /// # Errors
    /// [`PdfError::Font`].
    pub fn new(regular: &FontFace) -> Result<Self, PdfError> {
        let mut fonts = Self { faces: Vec::new(), infos: Vec::new(), families: vec![MAIN.to_owned()] };
        fonts.push(regular, MAIN)?;
        Ok(fonts)
    }

    /// Adds the bold face of the same family.
    ///
    /// # Errors
    /// [`PdfError::Font`].
    pub fn with_bold(mut self, bold: &FontFace) -> Result<Self, PdfError> {
        self.push(bold, MAIN)?;
        Ok(self)
    }

    /// Adds a face for characters that those before it lack.
    ///
    /// # Errors
    /// [`PdfError::Font`].
    pub fn with_spare(mut self, spare: &FontFace) -> Result<Self, PdfError> {
        let family = format!("spare {}", self.families.len());
        self.push(spare, &family)?;
        self.families.push(family);
        Ok(self)
    }

    /// The characters of a text that none of these fonts can draw. Blank and invisible ones are not missed.
    pub fn lacking(&self, text: &str) -> BTreeSet<char> {
        text.chars().filter(|c| !self.can_draw(*c)).collect()
    }

    pub(super) fn can_draw(&self, c: char) -> bool {
        let blank = c.is_whitespace() || c.is_control() || super::text::is_invisible(c);
        blank || self.infos.iter().any(|info| info.coverage.contains(u32::from(c)))
    }

    /// The names by which a template asks for the fonts, in the order in which they are tried.
    pub(super) fn families(&self) -> &[String] {
        &self.families
    }

    pub(super) fn book(&self) -> LazyHash<FontBook> {
        LazyHash::new(FontBook::from_infos(self.infos.iter().cloned()))
    }

    pub(super) fn face(&self, index: usize) -> Option<Font> {
        self.faces.get(index).cloned()
    }

    /// Names of families differ between systems and languages; the templates know ours only.
    fn push(&mut self, face: &FontFace, family: &str) -> Result<(), PdfError> {
        let font = face.parse()?;
        self.infos.push(FontInfo { family: family.to_owned(), ..font.info().clone() });
        self.faces.push(font);
        Ok(())
    }
}

/// Fonts for tests: Noto Sans CJK, which `tests/run` installs.
#[cfg(test)]
pub(super) fn installed() -> &'static Fonts {
    static FONTS: std::sync::LazyLock<Fonts> = std::sync::LazyLock::new(|| {
        let mut installed = fontdb::Database::new();
        installed.load_system_fonts();
        let face = |weight| {
            let families = &[fontdb::Family::Name("Noto Sans CJK SC")];
            let id = installed
                .query(&fontdb::Query { families, weight, ..fontdb::Query::default() })
                .expect("these tests need Noto Sans CJK: apt-get install fonts-noto-cjk, or run tests/run");
            let (source, index) = installed.face_source(id).expect("a face");
            let fontdb::Source::File(path) = source else { panic!("the font is no file") };
            FontFace { file: FontFile::new(std::fs::read(path).expect("a font")), index }
        };
        let regular = Fonts::new(&face(fontdb::Weight::NORMAL)).expect("regular");
        regular.with_bold(&face(fontdb::Weight::BOLD)).expect("bold")
    });
    &FONTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_font_is_refused() {
        let face = |bytes: &[u8], index| FontFace { file: FontFile::new(bytes.to_vec()), index };
        for bytes in [b"".as_slice(), b"%PDF-1.7", b"ttcf\0\x01\0\0\0\0\0\x02", &[0; 64]] {
            assert!(matches!(Fonts::new(&face(bytes, 0)), Err(PdfError::Font)), "{bytes:?}");
        }
        let whole = installed().face(0).expect("a face");
        for (bytes, index) in [(&whole.data()[..4_096], 0), (&whole.data()[..], 1_000)] {
            assert!(Fonts::new(&face(bytes, index)).is_err());
        }
    }

    #[test]
    fn lacking() {
        for (text, lacking) in [
            ("区纪委 张三 Abc-12", ""),
            ("䶮𬎆\u{20bb7}", ""),
            ("a\n\u{202e}\u{200b}\u{fe0f}", ""),
            ("张\u{10ffff}三\u{10ffff}", "\u{10ffff}"),
        ] {
            assert_eq!(installed().lacking(text).into_iter().collect::<String>(), lacking, "{text}");
        }
    }
}
