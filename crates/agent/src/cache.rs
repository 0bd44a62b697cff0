//! The secrets that are held, as an immutable value: readers take no lock.
//!
//! The world keeps the present [`Cache`] behind one pointer. Readers look up in a snapshot; whoever
//! fetched makes a new cache from the present one and swaps the pointer. One entry serves a secret
//! by all its names. Knows no clock and fetches nothing.
//!
//! Which names mean one secret is learnt from answers only. A name means a secret of the caller's
//! own account and region, so the name in an answer to an *ARN* is believed only when the ARN lies
//! there; else the secret `db` of a foreign account would answer for our own `db`.

use std::sync::Arc;
use std::time::Duration;

use imbl::OrdMap;
use protocol::Arn;

use crate::ask::Ask;
use crate::config::CacheLimits;
use crate::entry::Entry;
use crate::failure::Failure;
use crate::moment::Moment;

/// An immutable snapshot; a clone costs a few pointers.
#[derive(Debug, Clone)]
pub struct Cache {
    limits: CacheLimits,
    // By every question the entry is known to answer. A hit is this one look-up.
    index: OrdMap<Ask, Arc<Entry>>,
    // By the question with the ARN: every question of `index` that leads to this entry.
    // INVARIANT: the two maps hold the same entries, within `limits`.
    kept: OrdMap<Ask, Vec<Ask>>,
    refusals: OrdMap<Ask, Refusal>,
    // When the service first decided against a question whose answer is held.
    // INVARIANT: each stands in `kept`.
    denied: OrdMap<Ask, Moment>,
    bytes: usize,
    // Region and account that plain names mean, by role, from the latest answer to a name.
    homes: OrdMap<Option<String>, Arc<Place>>,
}

type Place = (String, String);

/// What the cache knows about a question.
#[derive(Debug)]
pub enum Lookup<'a> {
    /// Within its time to live: serve it.
    Fresh(&'a Arc<Entry>),
    /// Past it, within the bound on staleness; or denied, within the grace. With a failure, serve
    /// it at once; without one, ask the service first and serve this if that fails or takes long.
    Stale(&'a Arc<Entry>, Option<&'a Failure>),
    /// The service failed moments ago and nothing may be served: answer with the failure.
    Refused(&'a Failure),
    /// Ask the service.
    Missing,
}

#[derive(Debug, Clone)]
struct Refusal {
    failure: Arc<Failure>,
    until: Moment,
}

impl Cache {
    /// An empty cache.
    pub fn new(limits: CacheLimits) -> Self {
        Self {
            limits,
            index: OrdMap::new(),
            kept: OrdMap::new(),
            refusals: OrdMap::new(),
            denied: OrdMap::new(),
            bytes: 0,
            homes: OrdMap::new(),
        }
    }

    /// What to answer to `ask`. Marks what it finds as used.
    pub fn lookup(&self, ask: &Ask, now: Moment) -> Lookup<'_> {
        let held = self
            .index
            .get(ask)
            .filter(|entry| self.may_be_served(entry, now));
        if let Some(entry) = held {
            entry.touch(now);
            if entry.age(now) < self.limits.ttl && !self.is_denied(entry) {
                return Lookup::Fresh(entry);
            }
            return Lookup::Stale(entry, self.last_failure(ask, now));
        }
        self.failure(ask, now)
            .map_or(Lookup::Missing, Lookup::Refused)
    }

    /// The question under which one fetch serves all who ask for the same thing.
    pub fn canonical(&self, ask: &Ask) -> Ask {
        self.index
            .get(ask)
            .map_or_else(|| ask.clone(), |entry| entry.ask().clone())
    }

    /// With `entry`, the service's answer to `ask`. An answer that was asked for earlier than the
    /// one that is held changes nothing; one too large for the whole cache is not held.
    #[must_use]
    pub fn stored(&self, ask: &Ask, entry: &Arc<Entry>) -> Self {
        let mut next = self.clone();
        let known = next.index.get(entry.ask()).cloned();
        if known
            .as_ref()
            .is_some_and(|known| known.fetched() > entry.fetched())
        {
            return next;
        }
        let mut aliases = next.kept.get(entry.ask()).cloned().unwrap_or_default();
        if let Some(known) = &known {
            entry.inherit_use(known);
            next.drop_entry(entry.ask());
        }
        next.learn(ask, entry, &mut aliases);
        for alias in &aliases {
            next.refusals.remove(alias);
        }
        if entry.size() > next.limits.bytes_max || next.limits.kept_for().is_zero() {
            return next;
        }
        while !next.is_empty() && !next.has_room_for(entry) {
            next.evict();
        }
        for alias in &aliases {
            next.index.insert(alias.clone(), Arc::clone(entry));
        }
        next.kept.insert(entry.ask().clone(), aliases);
        next.bytes += entry.size();
        next
    }

    /// With a failed fetch of `ask` remembered. A decision against the caller also ends what is
    /// held, once it has stood for the grace; bad weather does not.
    #[must_use]
    pub fn failed(&self, ask: &Ask, failure: Failure, now: Moment) -> Self {
        let mut next = self.clone();
        let canonical = next.canonical(ask);
        let mut asks = next.kept.get(&canonical).cloned().unwrap_or_default();
        if !failure.keeps_stale() && next.kept.contains_key(&canonical) {
            let first = next.denied.get(&canonical).copied().unwrap_or(now);
            if now.since(first) < next.limits.denied_grace {
                next.denied.insert(canonical, first);
            } else {
                next.drop_entry(&canonical);
            }
        }
        if !asks.contains(ask) {
            asks.push(ask.clone());
        }
        let until = now.after(failure.remembered_for());
        let failure = Arc::new(failure);
        for ask in asks {
            next.make_room_for_refusal(now);
            next.refusals.insert(
                ask,
                Refusal {
                    failure: Arc::clone(&failure),
                    until,
                },
            );
        }
        next
    }

    /// Without what nobody can be served any more, so that plaintext does not outlive its use;
    /// `None` when there is no such thing. For a slow background tick.
    pub fn swept(&self, now: Moment) -> Option<Self> {
        let dead: Vec<Ask> = self
            .entries()
            .filter(|entry| !self.may_be_served(entry, now))
            .map(|entry| entry.ask().clone())
            .collect();
        let is_wanted = |(ask, refusal)| self.is_wanted(ask, refusal, now);
        if dead.is_empty() && self.refusals.iter().all(is_wanted) {
            return None;
        }
        let mut next = self.clone();
        for ask in &dead {
            next.drop_entry(ask);
        }
        next.forget_old_refusals(now);
        Some(next)
    }

    /// What to fetch again now, before it goes stale, in the background: [`Entry::ask`] of each.
    pub fn due(&self, now: Moment) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries().filter(move |entry| {
            let wants = self.wants_refresh(entry, now) || self.is_denied(entry);
            wants && self.failure(entry.ask(), now).is_none()
        })
    }

    /// Of `asks`, which are to be there before anybody asks, those to fetch now. The others count
    /// as used, so that [`Cache::due`] keeps them fresh.
    pub fn to_prefetch<'a>(&self, asks: impl Iterator<Item = &'a Ask>, now: Moment) -> Vec<Ask> {
        asks.filter(|ask| match self.index.get(*ask) {
            Some(entry) => {
                entry.touch(now);
                false
            }
            None => self.failure(ask, now).is_none(),
        })
        .cloned()
        .collect()
    }

    /// Whether to ask the service because `version_id` did not work for a client: it is what is
    /// held, the answer is not from just now, and the service did not fail just now either. So a
    /// client that keeps failing makes one call every [`HINT_PAUSE`].
    pub fn wants_another(&self, ask: &Ask, version_id: &str, now: Moment) -> bool {
        let held = self.index.get(ask);
        let is_old = |entry: &&Arc<Entry>| {
            entry.version().version_id == version_id && entry.age(now) >= HINT_PAUSE
        };
        held.is_none_or(|entry| is_old(&entry)) && self.failure(ask, now).is_none()
    }

    /// The same, within other limits.
    #[must_use]
    pub fn limited(&self, limits: CacheLimits) -> Self {
        let mut next = Self {
            limits,
            ..self.clone()
        };
        while next.len() > next.limits.entries_max || next.bytes > next.limits.bytes_max {
            next.evict();
        }
        next
    }

    /// Whether the latest try to fetch failed, as far as it is remembered.
    pub fn is_failing(&self, ask: &Ask) -> bool {
        self.refusals.contains_key(ask)
    }

    /// What is held for a question, for looking at: whatever its age.
    pub fn entry(&self, ask: &Ask) -> Option<&Arc<Entry>> {
        self.index.get(ask)
    }

    /// What is held, with the questions that lead to it.
    pub fn held(&self) -> impl Iterator<Item = (&Arc<Entry>, &[Ask])> {
        let asks = |(ask, asks)| Some((self.index.get(ask)?, Vec::as_slice(asks)));
        self.kept.iter().filter_map(asks)
    }

    /// Whether `entry` is worth a fetch ahead of its end: between 75 % and 95 % of the time to
    /// live, the point chosen by the entry's random number, and only if it was read since it was
    /// fetched, so that a secret nobody reads costs nothing.
    pub fn wants_refresh(&self, entry: &Entry, now: Moment) -> bool {
        let from = refresh_after(self.limits.ttl, entry.jitter());
        let in_time = entry.age(now) >= from && entry.age(now) < self.kept_for();
        !self.limits.ttl.is_zero() && in_time && entry.used() > entry.fetched()
    }

    /// Whether a secret is of the account and region that plain names mean.
    pub fn is_home(&self, entry: &Entry) -> bool {
        let role = entry.ask().role().map(str::to_owned);
        let home = self.homes.get(&role).map(|home| &**home);
        home.is_some() && home == place(entry).as_ref()
    }

    /// How many secret versions are held.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Bytes that are held, as [`Entry::size`] counts them.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn entries(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.kept.keys().filter_map(|ask| self.index.get(ask))
    }

    fn kept_for(&self) -> Duration {
        self.limits.kept_for()
    }

    fn has_room_for(&self, entry: &Entry) -> bool {
        self.kept.len() < self.limits.entries_max
            && self.bytes + entry.size() <= self.limits.bytes_max
    }

    fn may_be_served(&self, entry: &Entry, now: Moment) -> bool {
        let in_grace = self.denied.is_empty()
            || self
                .denied
                .get(entry.ask())
                .is_none_or(|first| now.since(*first) < self.limits.denied_grace);
        entry.age(now) < self.kept_for() && in_grace
    }

    fn is_denied(&self, entry: &Entry) -> bool {
        !self.denied.is_empty() && self.denied.contains_key(entry.ask())
    }

    /// The failure since the answer that is held, even if it is no longer fresh: what is asked for
    /// again in the background anyway keeps nobody waiting.
    fn last_failure(&self, ask: &Ask, now: Moment) -> Option<&Failure> {
        if self.limits.ttl.is_zero() {
            return self.failure(ask, now);
        }
        self.refusals.get(ask).map(|refusal| &*refusal.failure)
    }

    fn is_wanted(&self, ask: &Ask, refusal: &Refusal, now: Moment) -> bool {
        now < refusal.until || self.index.contains_key(ask)
    }

    fn failure(&self, ask: &Ask, now: Moment) -> Option<&Failure> {
        let refusal = self.refusals.get(ask)?;
        (now < refusal.until).then_some(&*refusal.failure)
    }

    /// Adds to `aliases` what the answer teaches, and takes from other entries what is no longer
    /// theirs (a name that means another secret now).
    fn learn(&mut self, ask: &Ask, entry: &Entry, aliases: &mut Vec<Ask>) {
        let mut names = vec![entry.ask().clone(), ask.clone()];
        if !ask.secret_id().starts_with("arn:") {
            if let Some(home) = place(entry) {
                let role = ask.role().map(str::to_owned);
                self.homes.insert(role, Arc::new(home));
            }
        } else if self.is_home(entry) {
            names.push(ask.of(&entry.version().name));
        }
        for name in names {
            let other = self.index.get(&name).map(|other| other.ask().clone());
            if other.as_ref() == Some(&name) {
                self.drop_entry(&name);
            } else if let Some(asks) = other.and_then(|other| self.kept.get_mut(&other)) {
                asks.retain(|ask| *ask != name);
                self.index.remove(&name);
            }
            if !aliases.contains(&name) {
                aliases.push(name);
            }
        }
    }

    fn drop_entry(&mut self, canonical: &Ask) {
        if let Some(entry) = self.index.get(canonical) {
            self.bytes -= entry.size();
        }
        self.denied.remove(canonical);
        for alias in self.kept.remove(canonical).unwrap_or_default() {
            self.index.remove(&alias);
        }
    }

    /// Drops the least recently used entry. Looks at all of them: this runs once per fetch from
    /// the service at most, never on a hit.
    fn evict(&mut self) {
        let victim = self
            .entries()
            .min_by_key(|entry| entry.used())
            .map(|it| it.ask().clone());
        if let Some(victim) = victim {
            self.drop_entry(&victim);
        }
    }

    fn make_room_for_refusal(&mut self, now: Moment) {
        if self.refusals.len() < REFUSALS_MAX {
            return;
        }
        self.forget_old_refusals(now);
        if self.refusals.len() >= REFUSALS_MAX {
            let first = self
                .refusals
                .iter()
                .min_by_key(|(_, refusal)| refusal.until);
            if let Some(ask) = first.map(|(ask, _)| ask.clone()) {
                self.refusals.remove(&ask);
            }
        }
    }

    fn forget_old_refusals(&mut self, now: Moment) {
        self.refusals = self
            .refusals
            .iter()
            .filter(|(ask, refusal)| self.is_wanted(ask, refusal, now))
            .map(|(ask, refusal)| (ask.clone(), refusal.clone()))
            .collect();
    }
}

fn place(entry: &Entry) -> Option<Place> {
    let arn = Arn::parse(&entry.version().arn)?;
    Some((arn.region().to_owned(), arn.account().to_owned()))
}

/// Seconds between two calls that clients' failures lead to.
pub const HINT_PAUSE: Duration = Duration::from_secs(10);
/// The age at which an entry is worth a fetch.
pub(crate) fn refresh_after(ttl: Duration, jitter: u16) -> Duration {
    let parts = REFRESH_FROM_PARTS + u32::from(jitter) / REFRESH_JITTER_DIVISOR;
    ttl / REFRESH_PARTS * parts
}

// A refresh comes at 15/20 of the time to live plus 0 to 4/20, by the entry's random 16 bits.
const REFRESH_PARTS: u32 = 400;
const REFRESH_FROM_PARTS: u32 = 300;
const REFRESH_JITTER_DIVISOR: u32 = 65_536 / 80;
// Failures remembered at once: a client that asks for random names cannot fill memory.
const REFUSALS_MAX: usize = 1_024;

#[cfg(test)]
mod tests;
