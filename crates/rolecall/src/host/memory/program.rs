//! Gives back the pages of the program itself that are not in use any more.
//!
//! What reads flags and files, sets the SDK up and calls AWS runs once or now and then, and makes
//! up most of what is resident. Locked memory counts and stays, so the program's own pages are
//! unlocked too: they hold no secret, and are never written to swap, as they stand in the file.
//!
//! Sources: madvise(2), munlock(2) and proc_pid_maps(5) of the Linux manual.

#![expect(unsafe_code, reason = "the kernel takes addresses")]

use std::ops::Range;

use rustix::mm::{Advice, madvise, munlock};

/// Lets go of the program's code and constants; each page comes back from the file when it is
/// used. Best effort: where the kernel does not want to, the pages stay.
pub(crate) fn give_back_program() {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    for range in never_written(&maps) {
        let start = std::ptr::with_exposed_provenance_mut(range.start);
        let bytes = range.end - range.start;
        // SAFETY: the pages are the file's, mapped without the right to write, and nothing ever
        // wrote to them; so the next access finds the same bytes. Unlocking changes no content.
        let _stays = unsafe { munlock(start, bytes).and_then(|()| madvise(start, bytes, ADVICE)) };
    }
}

/// Of the mappings of files: code, and the segment in front of it with the constants. What the
/// loader relocated and then closed to writing stands behind the code and differs from the file.
fn never_written(maps: &str) -> Vec<Range<usize>> {
    maps.lines().filter_map(range).collect()
}

fn range(line: &str) -> Option<Range<usize>> {
    let mut fields = line.split_ascii_whitespace();
    let (start, end) = fields.next()?.split_once('-')?;
    let (rights, offset) = (fields.next()?, fields.next()?);
    let path = fields.nth(2)?;
    let is_head = rights == "r--p" && usize::from_str_radix(offset, 16) == Ok(0);
    let is_wanted = path.starts_with('/') && (rights == "r-xp" || is_head);
    let address = |text| usize::from_str_radix(text, 16).ok();
    let range = address(start)?..address(end)?;
    (is_wanted && range.start < range.end).then_some(range)
}

/// Of a private mapping that was never written to: the pages are read from the file again.
const ADVICE: Advice = Advice::LinuxDontNeed;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_file_has_as_well_is_given_back() {
        let maps = "\
1000-2000 r--p 00000000 fe:00 1 /usr/bin/rolecall
2000-5000 r-xp 00001000 fe:00 1 /usr/bin/rolecall
5000-6000 r--p 00004000 fe:00 1 /usr/bin/rolecall
6000-7000 rw-p 00005000 fe:00 1 /usr/bin/rolecall
7000-8000 rw-p 00000000 00:00 0 [heap]
8000-9000 r-xp 00000000 00:00 0 [vdso]
9000-a000 r-xp 00000000 00:00 0
a000-b000 rwxp 00000000 fe:00 1 /usr/bin/rolecall
b000-c000 r-xs 00000000 fe:00 1 /usr/bin/rolecall
nonsense";
        assert_eq!(never_written(maps), [0x1000..0x2000, 0x2000..0x5000]);
    }

    #[test]
    fn the_program_goes_on_with_all_it_had() {
        static CONSTANT: [u64; 4_096] = [7; 4_096];
        let relocated: &'static [&'static str] = &["one", "two"];
        give_back_program();

        assert!(CONSTANT.iter().all(|word| *word == 7));
        assert_eq!(std::hint::black_box(relocated), ["one", "two"]);
        assert_eq!("text".parse::<u8>().ok(), None);
    }
}
