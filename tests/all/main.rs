//! All end-to-end tests in one program; each runs on both databases.

mod answers;
mod demo;
mod district;
mod exam_day;
mod exam_settings;
mod faults;
mod from_nothing;
mod hostile;
mod keys;
mod laws;
mod ledger;
mod matrix;
mod model;
mod pages;
mod question_desk;
mod question_files;
mod question_imports;
mod question_life;
mod question_papers;
mod rehearsal;
mod rows;
mod slips;
mod storage_layer;
mod together;
mod units;
mod wrong_answers;

/// Makes a test for each database from a function that takes one.
#[macro_export]
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                super::$name(&zhijie_tests::Database::sqlite());
            })+
        }
        mod postgres {
            $(#[test]
            fn $name() {
                super::$name(&zhijie_tests::Database::postgres());
            })+
        }
    };
}
