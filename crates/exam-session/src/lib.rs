//! exam-session
