//! The content of a question as JSON, and its hash.

use super::types::{Body, Question};
use crate::{Digest256, canonical_json};
use serde_json::{Value, json};

impl Question {
    /// The question as JSON text, as it is stored.
    pub fn to_json(&self) -> String {
        serde_json::to_value(self).map(|value| canonical_json(&value)).unwrap_or_default()
    }

    /// Reads what [`Question::to_json`] wrote.
    ///
    /// # Errors
    /// When the text is no question; unknown fields are refused.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// SHA-256 over the canonical JSON of what makes a version (内容散列): reference, topics, level, audience, date of
    /// the facts and body. Not part of it are state, version, authorship, pool, facility, enemies, and the `bind`
    /// hashes: these may change without a new version.
    pub fn content_hash(&self) -> Digest256 {
        let content = json!({
            "ref": self.reference,
            "topics": self.topics,
            "level": self.level,
            "audience": self.audience,
            "facts_on": self.facts_on,
            "body": without_binds(&self.body),
        });
        Digest256::of(&canonical_json(&content))
    }
}

fn without_binds(body: &Body) -> Value {
    let mut body = body.clone();
    let items = match &mut body {
        Body::Item(item) => std::slice::from_mut(item),
        Body::Case { parts, .. } => parts.as_mut_slice(),
    };
    items.iter_mut().flat_map(|item| &mut item.citations).for_each(|citation| citation.bind = None);
    serde_json::to_value(&body).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::{Pool, Question, State};
    use crate::fixtures::{all_kinds, bank};

    #[test]
    fn every_kind_goes_through_json_and_back() {
        let bank = bank(all_kinds());
        assert_eq!(bank.entries.len(), 6);
        for question in bank.questions() {
            assert_eq!(&Question::from_json(&question.to_json()).unwrap(), question);
        }
    }

    #[test]
    fn json_with_unknown_fields_is_refused() {
        for question in bank(all_kinds()).questions() {
            let json = question.to_json();
            for (from, to) in [("\"version\":", "\"vers\":1,\"version\":"), ("\"words\":", "\"word\":\"x\",\"words\":")]
            {
                assert!(json.contains(from), "{json}");
                assert!(Question::from_json(&json.replacen(from, to, 1)).is_err(), "{to}");
            }
        }
    }

    #[test]
    fn the_hash_follows_the_content_and_nothing_else() {
        let question = bank(all_kinds()).questions().next().unwrap().clone();
        let hash = question.content_hash();
        let mut other = question.clone();
        other.state = State::Retired;
        other.version = 9;
        other.pool = Pool::Secure;
        other.authorship.reviewer = None;
        assert_eq!(other.content_hash(), hash);
        let json = question.to_json();
        assert!(json.contains("\"bind\""));
        let rebound = Question::from_json(&json.replace("\"bind\":\"0", "\"bind\":\"1")).unwrap();
        assert_ne!(rebound, question);
        assert_eq!(rebound.content_hash(), hash);
        for (from, to) in [("警告", "记过"), ("\"a\"", "\"b\""), ("recall", "application")] {
            let changed = Question::from_json(&json.replace(from, to)).unwrap();
            assert_ne!(changed.content_hash(), hash, "{from}");
        }
    }
}
