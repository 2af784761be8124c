//! The editable lists: versions, who uses an entry, and people who follow a change.

use diesel::prelude::*;

use crate::organisation::expect_one;
use crate::schema::{list_versions, people, roster};
use crate::{DbConnection, StorageError};

type Outcome<T> = Result<T, StorageError>;

/// The version of a list; one that was never edited has the first.
pub fn version(connection: &mut DbConnection, list: &str) -> Outcome<i64> {
    let found = list_versions::table.find(list).select(list_versions::version).first(connection).optional()?;
    Ok(found.unwrap_or(1))
}

/// Raises the version of a list. Only one of two callers who saw the same version succeeds.
pub fn raise_version(connection: &mut DbConnection, list: &str, seen: i64) -> Outcome<()> {
    let next = seen.saturating_add(1);
    let stale = "the list changed meanwhile";
    let known: Option<i64> =
        list_versions::table.find(list).select(list_versions::version).first(connection).optional()?;
    if known.is_none() && seen == 1 {
        // Two first edits at once: the key refuses the second.
        diesel::insert_into(list_versions::table)
            .values((list_versions::list.eq(list), list_versions::version.eq(next)))
            .execute(connection)?;
        return Ok(());
    }
    expect_one(
        diesel::update(list_versions::table.find(list).filter(list_versions::version.eq(seen)))
            .set(list_versions::version.eq(next))
            .execute(connection)?,
        stale,
    )
}

/// How many people name each entry of a list, those who left included.
pub fn usage(connection: &mut DbConnection, list: &str) -> Outcome<Vec<(String, i64)>> {
    use diesel::dsl::count_star;
    let counted: Vec<(Option<String>, i64)> = match list {
        "post_level" => {
            people::table.group_by(people::post_level).select((people::post_level, count_star())).load(connection)?
        }
        "rank" => people::table.group_by(people::rank).select((people::rank, count_star())).load(connection)?,
        "supervisee" => {
            people::table.group_by(people::supervisee).select((people::supervisee, count_star())).load(connection)?
        }
        _ => people::table
            .group_by(people::rank_group)
            .select((people::rank_group.nullable(), count_star()))
            .load(connection)?,
    };
    Ok(counted.into_iter().filter_map(|(slug, count)| Some((slug?, count))).collect())
}

/// Whether the roster of any exam names an analysis group.
pub fn is_on_rosters(connection: &mut DbConnection, group: &str) -> Outcome<bool> {
    Ok(diesel::select(diesel::dsl::exists(roster::table.filter(roster::rank_group.eq(group))))
        .get_result(connection)?)
}

/// People by what decides their group: post level, rank, group, how many. Those who left follow, too.
pub type AlikeRow = (Option<String>, Option<String>, String, i64);

/// Everybody, by what decides the group.
pub fn alike(connection: &mut DbConnection) -> Outcome<Vec<AlikeRow>> {
    Ok(people::table
        .group_by((people::post_level, people::rank, people::rank_group))
        .select((people::post_level, people::rank, people::rank_group, diesel::dsl::count_star()))
        .load(connection)?)
}

/// Gives people who are alike another group. Answers how many.
pub fn regroup(
    connection: &mut DbConnection,
    post_level: Option<&str>,
    rank: Option<&str>,
    from: &str,
    to: &str,
) -> Outcome<usize> {
    let all = people::table.filter(people::rank_group.eq(from));
    let change = (people::rank_group.eq(to), people::version.eq(people::version + 1));
    // A comparison with null is never true: each case has its own words.
    Ok(match (post_level, rank) {
        (Some(post), Some(rank)) => {
            let of = all.filter(people::post_level.eq(post)).filter(people::rank.eq(rank));
            diesel::update(of).set(change).execute(connection)?
        }
        (Some(post), None) => {
            let of = all.filter(people::post_level.eq(post)).filter(people::rank.is_null());
            diesel::update(of).set(change).execute(connection)?
        }
        (None, Some(rank)) => {
            let of = all.filter(people::post_level.is_null()).filter(people::rank.eq(rank));
            diesel::update(of).set(change).execute(connection)?
        }
        (None, None) => {
            let of = all.filter(people::post_level.is_null()).filter(people::rank.is_null());
            diesel::update(of).set(change).execute(connection)?
        }
    })
}
