//! Whether a file that is looked at now and then has changed and is whole again.
//!
//! Whoever writes a file in place has it half-written for a moment. A change counts once two looks
//! in a row see the same. Looks at no file: the world does, and passes what it saw.

/// A file, or several, as they were when they were last read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched<T> {
    read: T,
    seen: T,
}

impl<T: PartialEq + Clone> Watched<T> {
    /// As they are when they are read for the first time. Pass a look from *before* the reading:
    /// what changes meanwhile then counts as a change.
    pub fn new(seen: T) -> Self {
        Self {
            read: seen.clone(),
            seen,
        }
    }

    /// Whether to read again, from what the files look like now.
    pub fn looked(&mut self, now: T) -> bool {
        let settled = now == self.seen && now != self.read;
        if settled {
            self.read = now.clone();
        }
        self.seen = now;
        settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(looks: &[u8]) -> Vec<bool> {
        let mut watched = Watched::new(0);
        looks.iter().map(|look| watched.looked(*look)).collect()
    }

    #[test]
    fn what_stays_is_not_read_again() {
        assert_eq!(reads(&[0, 0, 0]), [false; 3]);
    }

    #[test]
    fn a_change_is_read_once_it_has_settled() {
        assert_eq!(reads(&[1, 1, 1]), [false, true, false]);
        assert_eq!(reads(&[1, 2, 3, 3]), [false, false, false, true]);
    }

    #[test]
    fn what_goes_back_meanwhile_is_no_change() {
        assert_eq!(reads(&[1, 0, 0]), [false; 3]);
    }
}
