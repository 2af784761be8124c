//! question-bank
