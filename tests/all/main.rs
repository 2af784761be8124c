//! All end-to-end tests in one program; each runs on both databases.

mod answers;
mod demo;
mod district;
mod from_nothing;
mod hostile;
mod keys;
mod matrix;
mod question_desk;
mod question_files;
mod question_imports;
mod question_life;
mod question_papers;
mod storage_layer;

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
