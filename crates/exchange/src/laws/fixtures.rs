//! Builds files for the tests.

use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A zip of these parts.
pub(crate) fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A docx with this body.
pub(crate) fn docx_of(body: &str) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:document xmlns:w=\"urn:w\"><w:body>{body}<w:sectPr/></w:body></w:document>"
    );
    let types = "<?xml version=\"1.0\"?><Types/>";
    zip_of(&[("[Content_Types].xml", types), ("word/document.xml", &document)])
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A docx with a paragraph for each line; the first four signs of each are bold, in a run of their own.
pub(crate) fn docx_of_lines(lines: &[String]) -> Vec<u8> {
    let paragraphs: Vec<String> = lines
        .iter()
        .map(|line| {
            let head: String = line.chars().take(4).collect();
            let tail: String = line.chars().skip(4).collect();
            format!(
                "<w:p><w:pPr><w:jc w:val=\"both\"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
                escaped(&head),
                escaped(&tail)
            )
        })
        .collect();
    docx_of(&paragraphs.concat())
}

/// A page with a paragraph for each line, between a head and a foot such as sites have.
pub(crate) fn html_of_lines(charset: &str, title: &str, lines: &[String]) -> String {
    let paragraphs: Vec<String> =
        lines.iter().map(|line| format!("<p style=\"text-indent:2em\">\r\n{}\r\n</p>", escaped(line))).collect();
    format!(
        "<!DOCTYPE html><html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset={charset}\"><title>{title}_某某网</title>\
         <style>p {{ margin: 0 }}</style><script>var a = '第一条 <p>';</script></head><body>\
         <div class=\"nav\"><a href=\"/\">首页</a><a>法规</a></div><h1>{title}</h1><div>来源：某某网 发布时间：2031-02-03</div>\
         <div id=\"content\">{}</div><div>【打印本页】 【关闭窗口】</div><p>责任编辑：张三</p>\
         <div>版权所有：某某网。</div></body></html>",
        paragraphs.concat()
    )
}
