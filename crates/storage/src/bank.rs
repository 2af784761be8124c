//! Laws, topics, blueprints and papers.

use diesel::prelude::*;

use crate::batch::insert_all;
use crate::schema::{article_texts, blueprints, editions, gists, papers, topics};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// An edition of a law: the register's record as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = editions)]
#[allow(missing_docs, reason = "columns named as in the register")]
pub struct EditionRow {
    pub id: String,
    pub law: String,
    pub edition: String,
    pub register_json: String,
}

/// A text hung on an article: an imported one, or a gist.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
#[allow(missing_docs, reason = "columns named as in the register")]
pub struct ArticleBody {
    pub edition_id: String,
    pub article_no: String,
    pub body: String,
}

#[derive(Insertable)]
#[diesel(table_name = article_texts)]
struct NewText<'a> {
    edition_id: &'a str,
    article_no: &'a str,
    body: &'a str,
}

#[derive(Insertable)]
#[diesel(table_name = gists)]
struct NewGist<'a> {
    edition_id: &'a str,
    article_no: &'a str,
    body: &'a str,
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = topics)]
#[allow(missing_docs, reason = "columns named as in the topics file")]
pub struct TopicRow {
    pub slug: String,
    pub title: String,
    pub position: i64,
}

/// A blueprint as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = blueprints)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct BlueprintRow {
    pub id: String,
    pub title: String,
    pub content_json: String,
    pub created_at: i64,
}

/// An assembled paper as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = papers)]
#[allow(missing_docs, reason = "columns named as in the API")]
pub struct PaperRow {
    pub id: String,
    pub blueprint_id: String,
    pub seed: String,
    pub law_date: String,
    pub content_json: String,
    pub created_at: i64,
}

/// Every edition, by id.
pub fn editions(connection: &mut DbConnection) -> Outcome<Vec<EditionRow>> {
    Ok(editions::table.order(editions::id).select(EditionRow::as_select()).load(connection)?)
}

/// Adds editions that are not there yet, and writes the register's record over those that are.
pub fn put_editions(connection: &mut DbConnection, rows: &[EditionRow]) -> Outcome<()> {
    let known: Vec<String> = editions::table.select(editions::id).load(connection)?;
    let (old, new): (Vec<EditionRow>, Vec<EditionRow>) = rows.iter().cloned().partition(|row| known.contains(&row.id));
    for row in &old {
        diesel::update(editions::table.find(&row.id))
            .set(editions::register_json.eq(&row.register_json))
            .execute(connection)?;
    }
    Ok(insert_all!(connection, editions::table, new.as_slice())?)
}

/// Replaces the imported texts of an edition.
pub fn replace_texts(connection: &mut DbConnection, edition_id: &str, texts: &[(String, String)]) -> Outcome<()> {
    diesel::delete(article_texts::table.filter(article_texts::edition_id.eq(edition_id))).execute(connection)?;
    let rows: Vec<NewText<'_>> = texts.iter().map(|(no, body)| NewText { edition_id, article_no: no, body }).collect();
    Ok(insert_all!(connection, article_texts::table, rows.as_slice())?)
}

/// Replaces the gists of an edition.
pub fn replace_gists(connection: &mut DbConnection, edition_id: &str, bodies: &[(String, String)]) -> Outcome<()> {
    diesel::delete(gists::table.filter(gists::edition_id.eq(edition_id))).execute(connection)?;
    let rows: Vec<NewGist<'_>> = bodies.iter().map(|(no, body)| NewGist { edition_id, article_no: no, body }).collect();
    Ok(insert_all!(connection, gists::table, rows.as_slice())?)
}

/// The imported texts of an edition.
pub fn texts(connection: &mut DbConnection, edition_id: &str) -> Outcome<Vec<ArticleBody>> {
    Ok(article_texts::table
        .filter(article_texts::edition_id.eq(edition_id))
        .select((article_texts::edition_id, article_texts::article_no, article_texts::body))
        .load(connection)?)
}

/// How many articles of each edition have an imported text.
pub fn text_counts(connection: &mut DbConnection) -> Outcome<Vec<(String, i64)>> {
    Ok(article_texts::table
        .group_by(article_texts::edition_id)
        .select((article_texts::edition_id, diesel::dsl::count_star()))
        .load(connection)?)
}

/// The gists of an edition.
pub fn gists(connection: &mut DbConnection, edition_id: &str) -> Outcome<Vec<ArticleBody>> {
    Ok(gists::table
        .filter(gists::edition_id.eq(edition_id))
        .select((gists::edition_id, gists::article_no, gists::body))
        .load(connection)?)
}

/// Every topic, in order.
pub fn topics(connection: &mut DbConnection) -> Outcome<Vec<TopicRow>> {
    Ok(topics::table.order(topics::position).select(TopicRow::as_select()).load(connection)?)
}

/// Replaces the topics.
pub fn replace_topics(connection: &mut DbConnection, rows: &[TopicRow]) -> Outcome<()> {
    diesel::delete(topics::table).execute(connection)?;
    Ok(insert_all!(connection, topics::table, rows)?)
}

/// Every blueprint, by id.
pub fn blueprints(connection: &mut DbConnection) -> Outcome<Vec<BlueprintRow>> {
    Ok(blueprints::table.order(blueprints::id).select(BlueprintRow::as_select()).load(connection)?)
}

/// One blueprint.
pub fn blueprint(connection: &mut DbConnection, id: &str) -> Outcome<BlueprintRow> {
    Ok(blueprints::table.find(id).select(BlueprintRow::as_select()).first(connection)?)
}

/// Adds a blueprint.
pub fn insert_blueprint(connection: &mut DbConnection, row: &BlueprintRow) -> Outcome<()> {
    diesel::insert_into(blueprints::table).values(row).execute(connection)?;
    Ok(())
}

/// Adds a paper.
pub fn insert_paper(connection: &mut DbConnection, row: &PaperRow) -> Outcome<()> {
    diesel::insert_into(papers::table).values(row).execute(connection)?;
    Ok(())
}

/// One paper.
pub fn paper(connection: &mut DbConnection, id: &str) -> Outcome<PaperRow> {
    Ok(papers::table.find(id).select(PaperRow::as_select()).first(connection)?)
}

/// Adds the blueprints that are not there yet; one that is there stays as it is.
pub fn add_blueprints(connection: &mut DbConnection, rows: &[BlueprintRow]) -> Outcome<()> {
    let known: Vec<String> = blueprints::table.select(blueprints::id).load(connection)?;
    let new: Vec<BlueprintRow> = rows.iter().filter(|row| !known.contains(&row.id)).cloned().collect();
    Ok(insert_all!(connection, blueprints::table, new.as_slice())?)
}
