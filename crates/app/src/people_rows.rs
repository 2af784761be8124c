//! People between the database and the domain.

use organisation::{
    GroupSlug, Party, Person, PersonId, PostLevelSlug, RankSlug, Status, SuperviseeSlug, UnitId, YearMonth,
};
use storage::organisation::PersonRow;

use crate::{AppError, AppResult};

/// A stored person as the domain knows it.
///
/// # Errors
/// [`AppError::Internal`] for a stored word that is none.
pub fn person_from_row(row: &PersonRow) -> AppResult<Person> {
    let born = row
        .born
        .as_ref()
        .map(|text| YearMonth::try_from(text.clone()).map_err(|error| AppError::corrupt("born", error)))
        .transpose()?;
    Ok(Person {
        id: PersonId::from(row.id.as_str()),
        key: row.person_key.clone(),
        name: row.name.clone(),
        unit: UnitId::from(row.unit_id.as_str()),
        post_level: row.post_level.as_deref().map(PostLevelSlug::from),
        rank: row.rank.as_deref().map(RankSlug::from),
        group: GroupSlug::from(row.rank_group.as_str()),
        post: row.post.clone(),
        party: row.party.as_deref().and_then(Party::from_slug),
        supervisee: row.supervisee.as_deref().map(SuperviseeSlug::from),
        born,
        phone: row.phone.clone(),
        status: Status::from_slug(&row.status)
            .ok_or_else(|| AppError::Internal(format!("person status {}", row.status)))?,
        seconded_unit: row.seconded_unit_id.as_deref().map(UnitId::from),
        id_last4: row.id_last4.clone(),
    })
}

/// A person as it is stored.
pub fn person_to_row(person: &Person, version: i64, now_us: i64) -> PersonRow {
    PersonRow {
        id: person.id.to_string(),
        person_key: person.key.clone(),
        name: person.name.clone(),
        unit_id: person.unit.to_string(),
        post_level: person.post_level.as_ref().map(ToString::to_string),
        rank: person.rank.as_ref().map(ToString::to_string),
        rank_group: person.group.to_string(),
        post: person.post.clone(),
        party: person.party.map(|party| party.slug().to_owned()),
        supervisee: person.supervisee.as_ref().map(ToString::to_string),
        born: person.born.map(|born| born.to_string()),
        phone: person.phone.clone(),
        status: person.status.slug().to_owned(),
        seconded_unit_id: person.seconded_unit.as_ref().map(ToString::to_string),
        id_last4: person.id_last4.clone(),
        left_at: (person.status == Status::Left).then_some(now_us),
        version,
    }
}
