//! Tables and charts as bytes (报表): values in, bytes out.

pub mod qr;
