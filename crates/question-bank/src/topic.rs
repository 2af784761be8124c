//! Topics (知识点): the list in `topics.toml`.

use crate::Problem;
use crate::fields::{Fields, Place};
use serde::{Deserialize, Serialize};

ids::id_newtype! {
    /// A topic's slug (知识点代号).
    TopicSlug
}

/// A topic (知识点). The order of the list is the order of reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// What questions and figures use.
    pub slug: TopicSlug,
    /// What people read.
    pub title: String,
}

/// Reads `topics.toml`; what cannot be read is left out and named.
pub fn load_topics(file: &str, text: &str) -> (Vec<Topic>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut topics: Vec<Topic> = Vec::new();
    let Some(table) = crate::fields::parse_table(file, text, &mut problems) else {
        return (topics, problems);
    };
    let mut head = Fields::new(&table, Place::file(file));
    for entry in head.tables("topic") {
        let mut fields = Fields::new(entry, Place::file(file));
        let (slug, title) = (fields.need_text("slug"), fields.need_text("title"));
        fields.finish(&mut problems);
        let (Some(slug), Some(title)) = (slug, title) else { continue };
        let slug = TopicSlug::new(slug);
        if topics.iter().any(|topic| topic.slug == slug) {
            problems.push(Problem::error(file, format!("知识点“{slug}”写了两次，请删去一个")).field("slug"));
        } else {
            topics.push(Topic { slug, title });
        }
    }
    head.finish(&mut problems);
    (topics, problems)
}

#[cfg(test)]
mod tests {
    use super::load_topics;

    #[test]
    fn topics_keep_their_order_and_doubles_are_named() {
        let text = "[[topic]]\nslug='b'\ntitle='乙'\n[[topic]]\nslug='a'\ntitle='甲'\n[[topic]]\nslug='b'\ntitle='丙'\n[[topic]]\nslug='c'\nname='丁'\n";
        let (topics, problems) = load_topics("topics.toml", text);
        assert_eq!(topics.iter().map(|topic| topic.slug.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        let fields: Vec<_> = problems.iter().filter_map(|problem| problem.field.as_deref()).collect();
        assert_eq!(fields, ["slug", "title", "name"]);
    }
}
