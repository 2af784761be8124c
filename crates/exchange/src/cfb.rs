//! The compound file of an old xls, read only as far as to find and bound one stream. Layout: MS-CFB 2.2 to 2.6.

use crate::error::ExchangeError;
use crate::format::CFB_MAGIC;

const HEADER_DIFAT_ENTRIES: usize = 109;
/// Sector numbers from here on are marks, not sectors (MS-CFB 2.1).
const MARKS_FROM: u32 = 0xFFFF_FFFA;
const MINI_SECTOR_BYTES: usize = 64;
const ENTRY_BYTES: usize = 128;
const NAME_BYTES: usize = 64;
/// Smaller streams live in the root's (MS-CFB 2.2: the header must say 4096).
const MINI_CUTOFF_BYTES: usize = 4096;

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let part = bytes.get(at..at.checked_add(2)?)?;
    part.try_into().ok().map(u16::from_le_bytes)
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let part = bytes.get(at..at.checked_add(4)?)?;
    part.try_into().ok().map(u32::from_le_bytes)
}

fn index(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

#[derive(Debug)]
struct Entry {
    name: String,
    start: u32,
    bytes: usize,
}

#[derive(Debug)]
pub(crate) struct Cfb<'a> {
    bytes: &'a [u8],
    sector_bytes: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

impl<'a> Cfb<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, ExchangeError> {
        Self::read(bytes).ok_or_else(|| ExchangeError::damaged("compound file structure"))
    }

    fn read(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.starts_with(&CFB_MAGIC) {
            return None;
        }
        let sector_bytes = match u16_at(bytes, 0x1E)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut cfb = Self {
            bytes,
            sector_bytes,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini_stream: Vec::new(),
            entries: Vec::new(),
        };
        cfb.fat = cfb.read_fat()?;
        let mini_fat = cfb.chain(u32_at(bytes, 0x3C)?)?;
        cfb.mini_fat = mini_fat.chunks_exact(4).filter_map(|part| u32_at(part, 0)).collect();
        let directory = cfb.chain(u32_at(bytes, 0x30)?)?;
        cfb.entries = directory.chunks_exact(ENTRY_BYTES).filter_map(entry).collect();
        // The first entry is the root; its stream holds the small streams.
        let root = cfb.entries.first().map(|root| root.start)?;
        cfb.mini_stream = cfb.chain(root)?;
        Some(cfb)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = index(number)?.checked_add(1)?.checked_mul(self.sector_bytes)?;
        let end = start.checked_add(self.sector_bytes)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|part| !part.is_empty())
    }

    fn read_fat(&self) -> Option<Vec<u32>> {
        let sectors_max = self.bytes.len() / self.sector_bytes + 1;
        let mut places: Vec<u32> = (0..HEADER_DIFAT_ENTRIES).filter_map(|i| u32_at(self.bytes, 0x4C + i * 4)).collect();
        let mut next = u32_at(self.bytes, 0x44)?;
        let mut steps = 0;
        while next < MARKS_FROM {
            steps += 1;
            if steps > sectors_max {
                return None;
            }
            let sector = self.sector(next)?;
            let numbers: Vec<u32> = sector.chunks_exact(4).filter_map(|part| u32_at(part, 0)).collect();
            let (last, list) = numbers.split_last()?;
            places.extend(list);
            next = *last;
        }
        places.retain(|place| *place < MARKS_FROM);
        places.truncate(sectors_max);
        let mut fat = Vec::new();
        for place in places {
            fat.extend(self.sector(place)?.chunks_exact(4).filter_map(|part| u32_at(part, 0)));
        }
        Some(fat)
    }

    /// The bytes of a chain of sectors; empty for a mark. None when it leaves the file or never ends.
    fn chain(&self, start: u32) -> Option<Vec<u8>> {
        let mut found = Vec::new();
        let mut next = start;
        while next < MARKS_FROM {
            if found.len() > self.bytes.len() {
                return None;
            }
            found.extend_from_slice(self.sector(next)?);
            next = self.fat.get(index(next)?).copied()?;
        }
        Some(found)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The first stream of a name; upper and lower case are the same (MS-CFB 2.6.4).
    pub(crate) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, ExchangeError> {
        let found = self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
        let Some(entry) = found else { return Ok(None) };
        let found =
            if entry.bytes < MINI_CUTOFF_BYTES { self.mini_chain(entry.start) } else { self.chain(entry.start) };
        let mut found = found.ok_or_else(|| ExchangeError::damaged("compound file chain"))?;
        found.truncate(entry.bytes);
        Ok(Some(found))
    }

    fn mini_chain(&self, start: u32) -> Option<Vec<u8>> {
        let mut found = Vec::new();
        let mut next = start;
        while next < MARKS_FROM {
            if found.len() > self.mini_stream.len() {
                return None;
            }
            let at = index(next)?.checked_mul(MINI_SECTOR_BYTES)?;
            let end = at.checked_add(MINI_SECTOR_BYTES)?.min(self.mini_stream.len());
            found.extend_from_slice(self.mini_stream.get(at..end)?);
            next = self.mini_fat.get(index(next)?).copied()?;
        }
        Some(found)
    }
}

/// A name ends at its first zero, whatever length is declared: so does the reader that comes after.
fn entry(part: &[u8]) -> Option<Entry> {
    let units: Vec<u16> = part.get(..NAME_BYTES)?.chunks_exact(2).filter_map(|pair| u16_at(pair, 0)).collect();
    let name: Vec<u16> = units.into_iter().take_while(|unit| *unit != 0).collect();
    Some(Entry { name: String::from_utf16_lossy(&name), start: u32_at(part, 116)?, bytes: index(u32_at(part, 120)?)? })
}
