//! Entry by waves (分批入场): not everybody begins in the same minute. 济宁 2019–2023 tells units to keep to time slots,
//! so that no server jams; here the slots are a rule, and who comes when is fixed with the roster.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The most waves.
pub const WAVES_MAX: u32 = 48;
/// The longest time between two waves, in seconds.
pub const INTERVAL_MAX_SECONDS: i64 = 24 * 3600;

/// How those who are due are let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryWaves {
    /// Waves (批次); the first comes in at the opening.
    pub count: u32,
    /// From one wave to the next, in seconds.
    pub interval_seconds: i64,
    /// What stays together.
    #[serde(default)]
    pub by: WaveBy,
}

/// What stays together in a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaveBy {
    /// 按单位: a unit comes in as a whole, so that one time can be told to it.
    #[default]
    Unit,
    /// 按人: everybody alone, waves of the same size.
    Person,
}

impl EntryWaves {
    /// How much later than the opening a wave comes in, in seconds; waves count from 0.
    pub fn delay_seconds(&self, wave: u32) -> i64 {
        self.interval_seconds.max(0).saturating_mul(i64::from(wave.min(self.count.saturating_sub(1))))
    }

    /// How much later than the opening the last wave comes in, in seconds.
    pub fn last_delay_seconds(&self) -> i64 {
        self.delay_seconds(self.count.saturating_sub(1))
    }

    /// The wave of each place, given the unit of each; places in an order that does not change.
    ///
    /// By unit the largest units are placed first, each into the wave that has the fewest people so far (the longest
    /// processing time rule: no wave is over 4/3 of the best possible largest one, Graham 1969).
    pub fn waves(&self, units: &[&str]) -> Vec<u32> {
        let count = self.count.max(1);
        match self.by {
            WaveBy::Person => (0..count).cycle().take(units.len()).collect(),
            WaveBy::Unit => {
                let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
                for unit in units {
                    *sizes.entry(unit).or_default() += 1;
                }
                let mut by_size: Vec<(&str, usize)> = sizes.into_iter().collect();
                by_size.sort_by_key(|(unit, size)| (Reverse(*size), *unit));
                let mut waves: BTreeMap<u32, usize> = (0..count).map(|wave| (wave, 0)).collect();
                let mut of_unit = BTreeMap::new();
                for (unit, size) in by_size {
                    let least = waves.iter_mut().min_by_key(|(wave, people)| (**people, **wave));
                    if let Some((wave, people)) = least {
                        *people += size;
                        of_unit.insert(unit, *wave);
                    }
                }
                units.iter().map(|unit| of_unit.get(unit).copied().unwrap_or(0)).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(count: u32, by: WaveBy) -> EntryWaves {
        EntryWaves { count, interval_seconds: 300, by }
    }

    fn sizes(waves: &[u32], count: u32) -> Vec<usize> {
        (0..count).map(|wave| waves.iter().filter(|own| **own == wave).count()).collect()
    }

    #[test]
    fn units_stay_together_and_waves_are_level() {
        let units: Vec<String> =
            [7, 6, 5, 4, 4, 3, 1].iter().enumerate().flat_map(|(n, size)| vec![format!("u{n}"); *size]).collect();
        let units: Vec<&str> = units.iter().map(String::as_str).collect();
        let waves = rule(3, WaveBy::Unit).waves(&units);
        assert_eq!(sizes(&waves, 3), [10, 10, 10]);
        for unit in &units {
            let own: std::collections::BTreeSet<u32> =
                units.iter().zip(&waves).filter(|(of, _)| of == &unit).map(|(_, wave)| *wave).collect();
            assert_eq!(own.len(), 1, "{unit}");
        }
    }

    #[test]
    fn people_alone_make_waves_that_differ_by_one_at_most() {
        let waves = rule(4, WaveBy::Person).waves(&["a"; 10]);
        assert_eq!(sizes(&waves, 4), [3, 3, 2, 2]);
    }

    #[test]
    fn a_wave_comes_in_after_its_intervals() {
        let rule = rule(4, WaveBy::Unit);
        assert_eq!([0, 1, 3, 9].map(|wave| rule.delay_seconds(wave)), [0, 300, 900, 900]);
        assert_eq!(rule.last_delay_seconds(), 900);
    }
}
