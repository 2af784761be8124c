//! Inserting many rows, which diesel words differently for each database.

/// Rows that go into one statement at the most.
pub(crate) const INSERT_ROWS: usize = 500;

/// Inserts a slice of `Insertable` rows into a table on either database.
macro_rules! insert_all {
    ($connection:expr, $table:expr, $rows:expr) => {{
        use diesel::RunQueryDsl as _;
        let rows = $rows;
        let mut outcome: Result<(), diesel::result::Error> = Ok(());
        for chunk in rows.chunks($crate::batch::INSERT_ROWS) {
            let done = match $connection {
                $crate::DbConnection::Sqlite(c) => diesel::insert_into($table).values(chunk).execute(c),
                $crate::DbConnection::Postgres(c) => diesel::insert_into($table).values(chunk).execute(c),
            };
            if let Err(error) = done {
                outcome = Err(error);
                break;
            }
        }
        outcome
    }};
}

pub(crate) use insert_all;
