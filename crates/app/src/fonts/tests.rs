//! These need fonts-noto-cjk, which `tests/run` installs.

use super::*;

fn installed() -> Database {
    let mut installed = Database::new();
    installed.load_system_fonts();
    installed
}

fn noto(bold: bool) -> Place {
    let wanted = |weight| if bold { weight >= BOLD_FROM } else { REGULAR.contains(&weight) };
    best(&installed(), "Noto Sans CJK SC", wanted).expect("these tests need fonts-noto-cjk: run tests/run")
}

#[test]
fn an_installed_font_is_found() {
    let fonts = find(None, "区纪委 张三 䶮").unwrap();
    assert!(fonts.lacking("区纪委 张三 䶮 Abc").is_empty());
}

#[test]
fn of_a_collection_the_chinese_face_counts() {
    let regular = noto(false);
    let (found, bold) = of_file(&regular.path).unwrap();
    assert_eq!(found, regular);
    assert!(bold.is_none(), "Noto's bold is a file of its own: {bold:?}");
    assert!(find(Some(&regular.path), "张三").unwrap().lacking("张三").is_empty());
    // A file with nothing but bold will do, too.
    let heavy = noto(true);
    assert_eq!(of_file(&heavy.path).unwrap(), (heavy.clone(), Some(heavy)));
}

#[test]
fn refusals() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.ttf");
    std::fs::write(&text, "no font").unwrap();
    for (path, says) in [
        (folder.path().join("missing.ttf"), "无法读取字体文件"),
        (folder.path().to_owned(), "无法读取字体文件"),
        (text, "不是可用的字体文件"),
    ] {
        let error = find(Some(&path), "").unwrap_err().to_string();
        assert!(error.contains(says) && error.contains(&path.display().to_string()), "{error}");
    }
    let nothing = of_system(&Database::new()).unwrap_err().to_string();
    assert!(nothing.contains("fonts-noto-cjk") && nothing.contains("ZHIJIE_FONT"), "{nothing}");
}

#[test]
fn spare_fonts_are_those_that_have_what_is_missing() {
    let installed = installed();
    let has = |c: char| {
        let spare = spares(&installed, BTreeSet::from([c])).into_iter().next()?;
        let mut files = Files::default();
        let fonts = Fonts::new(&files.face(&spare).ok()?).ok()?;
        Some(fonts.lacking(&c.to_string()).is_empty())
    };
    assert_eq!(has('张'), Some(true));
    assert_eq!(has('\u{10ffff}'), None);
}
