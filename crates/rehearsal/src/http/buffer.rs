//! Buffers that are used again: a connection that waits holds none.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// Buffers kept for the next user at the most.
const KEPT: usize = 256;
/// A buffer that grew past this, in bytes, is not kept.
const KEPT_BYTES: usize = 256 * 1024;

/// The free buffers of one thread.
#[derive(Default)]
pub(crate) struct Buffers {
    free: RefCell<Vec<Vec<u8>>>,
}

impl Buffers {
    /// An empty buffer.
    pub(crate) fn take(self: &Rc<Self>) -> Buffer {
        Buffer { bytes: self.free.borrow_mut().pop().unwrap_or_default(), home: Rc::clone(self) }
    }
}

/// A buffer that goes back when it is dropped.
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    home: Rc<Buffers>,
}

impl Deref for Buffer {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.bytes
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        let mut free = self.home.free.borrow_mut();
        if free.len() < KEPT && bytes.capacity() <= KEPT_BYTES {
            bytes.clear();
            free.push(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_buffer_comes_back_empty() {
        let buffers = Rc::new(Buffers::default());
        let mut first = buffers.take();
        first.extend_from_slice(b"abc");
        let room = first.capacity();
        drop(first);
        let again = buffers.take();
        assert!(again.is_empty() && again.capacity() == room);
        drop(again);
        let mut large = buffers.take();
        large.reserve(KEPT_BYTES + 1);
        drop(large);
        assert!(buffers.free.borrow().is_empty());
    }
}
