//! An allocator that overwrites what is given back, once that is switched on.
//!
//! Allocates nothing itself: the system's allocator does. What C libraries allocate does not pass
//! here; the crypto library wipes its own.

#![expect(
    unsafe_code,
    reason = "an allocator handles memory that has no type yet"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::{copy_nonoverlapping, null_mut, slice_from_raw_parts, write_bytes};
use std::sync::atomic::{AtomicBool, Ordering};

use zeroize::optimization_barrier;

/// The allocator of the process. Costs one load of a flag for each block until
/// [`wipe_from_now_on`].
#[derive(Debug)]
pub(crate) struct Wiping;

/// Overwrites every block with zeros from now on when it is given back, and the old place of
/// every block that grows or shrinks. Cannot be switched off again.
///
/// For processes that hold little and hand out secrets: growing is always a copy from here on, and
/// a block is touched in full when it is freed, so what was reserved and never used is paid for.
pub(crate) fn wipe_from_now_on() {
    WIPES.store(true, Ordering::Relaxed);
}

/// Relaxed, as nothing else is ordered by it: a block that another thread frees in this very
/// moment counts as freed before.
static WIPES: AtomicBool = AtomicBool::new(false);

// SAFETY: blocks are the system allocator's, with the layouts that were asked for, and a block
// is only written to between the call that gives it back and handing it to the system.
unsafe impl GlobalAlloc for Wiping {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are the system allocator's conditions.
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if WIPES.load(Ordering::Relaxed) {
            // SAFETY: the caller gives the block back, so nobody else uses it any more.
            unsafe { wipe(block, layout.size()) };
        }
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) };
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if WIPES.load(Ordering::Relaxed) {
            // SAFETY: as above.
            unsafe { replace(&System, block, layout, size) }
        } else {
            // SAFETY: as above.
            unsafe { System.realloc(block, layout, size) }
        }
    }
}

/// Moves a block to one of another size and wipes the old place; null, with the block as it was,
/// where there is no room. Whether the system would leave a copy behind is not for us to know, so
/// it is never asked to change a size.
///
/// # Safety
///
/// As for [`GlobalAlloc::realloc`], of the allocator `inner`.
unsafe fn replace<A: GlobalAlloc>(
    inner: &A,
    block: *mut u8,
    layout: Layout,
    size: usize,
) -> *mut u8 {
    let Ok(wanted) = Layout::from_size_align(size, layout.align()) else {
        return null_mut();
    };
    // SAFETY: the caller promises that `size` is not zero.
    let place = unsafe { inner.alloc(wanted) };
    if !place.is_null() {
        // SAFETY: both are that long, and the new one overlaps nothing that is in use. The old
        // one is the caller's to give back, with its layout.
        unsafe {
            copy_nonoverlapping(block, place, layout.size().min(size));
            wipe(block, layout.size());
            inner.dealloc(block, layout);
        }
    }
    place
}

/// Overwrites with zeros in a way that is not optimised away.
///
/// # Safety
///
/// `block` is valid for writes of `size` bytes.
#[inline]
unsafe fn wipe(block: *mut u8, size: usize) {
    // SAFETY: the caller's promise; all bytes have a value once they are written.
    let written = unsafe {
        write_bytes(block, 0, size);
        &*slice_from_raw_parts(block, size)
    };
    optimization_barrier(written);
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::{Read, Seek, SeekFrom};
    use std::process::Command;

    use super::*;

    /// The system's allocator with a look at what it is given back, before it has it.
    #[derive(Debug, Default)]
    struct Watched {
        given_back: RefCell<Vec<Vec<u8>>>,
        is_full: bool,
    }

    // SAFETY: hands everything on to the system.
    unsafe impl GlobalAlloc for Watched {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            if self.is_full {
                return null_mut();
            }
            // SAFETY: the caller's promises.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            // SAFETY: tests give back blocks that were written in full.
            let bytes = unsafe { &*slice_from_raw_parts(block, layout.size()) };
            self.given_back.borrow_mut().push(bytes.to_vec());
            // SAFETY: the caller's promises.
            unsafe { System.dealloc(block, layout) };
        }
    }

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 64).unwrap()
    }

    #[test]
    fn a_block_that_moves_leaves_nothing_behind() {
        for (from, to) in [(16, 4_096), (4_096, 16), (100, 100), (1 << 20, 1)] {
            let watched = Watched::default();
            // SAFETY: sizes are not zero, and what is read was written.
            unsafe {
                let block = System.alloc(layout(from));
                write_bytes(block, 0xA5, from);
                let moved = replace(&watched, block, layout(from), to);
                let kept = &*slice_from_raw_parts(moved, from.min(to));
                assert!(kept.iter().all(|byte| *byte == 0xA5));
                assert_eq!(moved.align_offset(64), 0);
                System.dealloc(moved, layout(to));
            }
            assert_eq!(watched.given_back.take(), [vec![0; from]], "{from} {to}");
        }
    }

    #[test]
    fn a_block_without_room_to_move_stays_as_it_is() {
        let full = Watched {
            is_full: true,
            ..Watched::default()
        };
        // SAFETY: as above.
        unsafe {
            let block = System.alloc(layout(16));
            write_bytes(block, 0xA5, 16);
            for size in [32, usize::MAX / 2] {
                assert!(replace(&full, block, layout(16), size).is_null());
            }
            let kept = &*slice_from_raw_parts(block, 16);
            assert_eq!(kept, [0xA5; 16]);
            System.dealloc(block, layout(16));
        }
        assert!(full.given_back.take().is_empty());
    }

    /// Whether what was in vectors of many sizes can still be found, freed and outgrown ones.
    ///
    /// Memory is read from outside of the language, for which a freed block is not there, and
    /// into a buffer that is there already and so takes no block's place.
    fn finds_freed() -> [bool; 2] {
        let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
        let mut read = vec![0; SIZES[2]];
        let mut found = [false; 2];
        for size in SIZES {
            let freed = vec![PATTERN; size];
            // Behind each stands another, so that it neither grows nor joins with free space.
            let behind_freed = vec![1; size];
            let mut outgrown = vec![PATTERN; size];
            let behind_outgrown = vec![1; size];
            let places = [freed.as_ptr().addr(), outgrown.as_ptr().addr()];
            drop(freed);
            outgrown.reserve_exact(size * 8);
            for (place, found) in places.into_iter().zip(&mut found) {
                assert_ne!(place, outgrown.as_ptr().addr());
                let bytes = &mut read[..size];
                memory.seek(SeekFrom::Start(place as u64)).unwrap();
                memory.read_exact(bytes).unwrap();
                // The system keeps notes of its own in the first bytes.
                *found |= bytes[48..].contains(&PATTERN);
            }
            assert_eq!(behind_freed, behind_outgrown);
        }
        found
    }

    #[test]
    fn what_the_process_frees_is_gone_once_it_is_to_be() {
        if std::env::var_os(CHILD).is_some() {
            // So it is with the system's allocator alone.
            assert_eq!(finds_freed(), [true; 2]);
            wipe_from_now_on();
            assert_eq!(finds_freed(), [false; 2]);
            return;
        }
        let name = "host::memory::wiping::tests::what_the_process_frees_is_gone_once_it_is_to_be";
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--test-threads", "1", "--nocapture"])
            .env(CHILD, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        assert!(
            child.status.success() && said.contains("1 passed"),
            "{said}"
        );
    }

    const CHILD: &str = "ROLECALL_TEST_WIPING";
    const PATTERN: u8 = 0xA7;
    /// Bytes; less than what the system maps for one block alone.
    const SIZES: [usize; 3] = [64, 1_000, 30_000];
}
