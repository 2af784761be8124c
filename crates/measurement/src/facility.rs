//! Facility (掌握率, 得分率): the share of what could be got that was got, with persons as clusters.
//!
//! A person gives several answers, which are alike; treating them as independent makes intervals too narrow. So the
//! persons are the sampling units, each with a number of responses `m` and a sum of fractions `y`, and the facility
//! is the ratio `Σy / Σm`.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::interval::{Interval, Z_95, wilson_share};
use crate::number::real;

/// Facilities closer to 0 or 1 than this count as 0 or 1.
const EDGE: f64 = 1e-12;
/// Standard errors below this are taken for rounding left-overs of a variance of zero.
const LEAST_SE: f64 = 1e-7;
/// Two-sided 95 %: the upper tail begins here.
const UPPER_95: f64 = 0.975;

/// How an interval was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Linearised variance over persons, on the logit scale.
    Logit,
    /// Wilson's interval with n = persons, since no variance could be estimated.
    Wilson,
}

/// Sums over persons that are enough for the estimate; they can be made by any engine that groups and adds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PersonSums {
    /// Persons with at least one response.
    pub persons: u64,
    /// Responses, `Σm`.
    pub responses: u64,
    /// `Σy`.
    pub y: f64,
    /// `Σy²`.
    pub yy: f64,
    /// `Σym`.
    pub ym: f64,
    /// `Σm²`.
    pub mm: f64,
}

impl PersonSums {
    /// Adds one person: the sum of the fractions and the number of responses. A person without responses is none.
    pub fn add(&mut self, fractions: f64, responses: u64) {
        if responses == 0 {
            return;
        }
        let m = real(responses);
        self.persons += 1;
        self.responses += responses;
        self.y += fractions;
        self.yy += fractions * fractions;
        self.ym += fractions * m;
        self.mm += m * m;
    }
}

/// A facility with its uncertainty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facility {
    /// Persons, the clusters.
    pub persons: u64,
    /// Responses of these persons.
    pub responses: u64,
    /// Share from 0 to 1.
    pub facility: f64,
    /// Standard error; for [`Method::Wilson`] the half width of the interval over 1.96.
    pub se: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end of the 95 % interval.
    pub high: f64,
    /// How the interval was made.
    pub method: Method,
}

/// The facility of some persons, each given as (sum of fractions, responses). Nothing without responses.
pub fn estimate(persons: impl IntoIterator<Item = (f64, u64)>) -> Option<Facility> {
    let mut sums = PersonSums::default();
    for (fractions, responses) in persons {
        sums.add(fractions, responses);
    }
    estimate_sums(&sums)
}

/// The facility from sums over persons.
///
/// Ratio estimator `f = Σy/Σm` with the variance linearised over persons,
/// `v = n/(n−1) · Σ(y − f·m)² / (Σm)²` (Cochran 1977, *Sampling Techniques*, eq. 6.13 without the correction for a
/// finite population; Särndal, Swensson and Wretman 1992, §5.6), and the 95 % interval on the logit scale,
/// `logit f ± t·√v / (f(1−f))`, with Student's t of n − 1 degrees of freedom (Korn and Graubard 1999, *Analysis of
/// Health Surveys*, §3.2). With one person, all alike, or a facility of 0 or 1 no variance can be estimated: then
/// Wilson's interval with n = persons. Nothing without responses or when a sum is no finite number; never NaN.
pub fn estimate_sums(sums: &PersonSums) -> Option<Facility> {
    let finite = [sums.y, sums.yy, sums.ym, sums.mm].iter().all(|sum| sum.is_finite());
    if sums.persons == 0 || sums.responses == 0 || !finite {
        return None;
    }
    let (persons, responses) = (real(sums.persons), real(sums.responses));
    let facility = (sums.y / responses).clamp(0.0, 1.0);
    let clustered = if sums.persons > 1 && facility > EDGE && facility < 1.0 - EDGE {
        let squares = (sums.yy - 2.0 * facility * sums.ym + facility * facility * sums.mm).max(0.0);
        let se = (persons / (persons - 1.0) * squares).sqrt() / responses;
        (se > LEAST_SE).then(|| logit_interval(facility, se, persons - 1.0).map(|interval| (se, interval))).flatten()
    } else {
        None
    };
    let (se, interval, method) = match clustered {
        Some((se, interval)) => (se, interval, Method::Logit),
        None => {
            let interval = wilson_share(facility, persons, Z_95)?;
            ((interval.high - interval.low) / (2.0 * Z_95), interval, Method::Wilson)
        }
    };
    Some(Facility {
        persons: sums.persons,
        responses: sums.responses,
        facility,
        se,
        low: interval.low,
        high: interval.high,
        method,
    })
}

fn logit_interval(share: f64, se: f64, freedom: f64) -> Option<Interval> {
    let t = StudentsT::new(0.0, 1.0, freedom).ok()?.inverse_cdf(UPPER_95);
    let middle = (share / (1.0 - share)).ln();
    let spread = t * se / (share * (1.0 - share));
    let (low, high) = (logistic(middle - spread), logistic(middle + spread));
    (low.is_finite() && high.is_finite()).then(|| Interval { low: low.min(share), high: high.max(share) })
}

/// The logistic function.
pub(crate) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests;
