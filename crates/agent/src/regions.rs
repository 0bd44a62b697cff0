//! In which regions a secret is asked for, one after the other, and which of them are left out for
//! a while because they failed.
//!
//! A secret that is replicated has the same name and the same suffix in every region; only the
//! region in its ARN differs. Source: Secrets Manager User Guide, "Replicate AWS Secrets Manager
//! secrets across Regions". Asks nobody and knows no clock.

use std::collections::BTreeMap;
use std::time::Duration;

use protocol::Arn;

use crate::config::Aws;
use crate::failure::Failure;
use crate::moment::Moment;

/// One place to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// The region.
    pub region: String,
    /// Name of the secret, or its ARN in that region.
    pub secret_id: String,
}

/// Where to ask for a secret: never empty, the first decides, the others stand in for it.
///
/// A name is asked for in the configured regions. So is an ARN of one of them, its own first. An
/// ARN of any other region is asked for there and nowhere else.
pub fn legs(aws: &Aws, secret_id: &str) -> Vec<Leg> {
    let configured = || std::iter::once(&aws.region).chain(&aws.replica_regions);
    let named = Arn::parse(secret_id).map(|arn| arn.region().to_owned());
    let named = named.filter(|region| is_region(region));
    let regions: Vec<&String> = match &named {
        None => configured().collect(),
        Some(own) if configured().any(|region| region == own) => {
            let others = configured().filter(|region| *region != own);
            std::iter::once(own).chain(others).collect()
        }
        Some(own) => vec![own],
    };
    let legs = regions.into_iter().map(|region| Leg {
        region: region.clone(),
        secret_id: within(secret_id, region),
    });
    legs.collect()
}

/// The same ARN in another region; a name as it is.
pub fn within(secret_id: &str, region: &str) -> String {
    let Some(arn) = Arn::parse(secret_id).filter(|arn| is_region(arn.region())) else {
        return secret_id.to_owned();
    };
    let (partition, service) = (arn.partition(), arn.service());
    let (account, resource) = (arn.account(), arn.resource());
    format!("arn:{partition}:{service}:{region}:{account}:{resource}")
}

/// Whether it may be part of a host name: what clients send must not choose another host.
fn is_region(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=REGION_BYTES_MAX).contains(&text.len()) && text.bytes().all(plain)
}

/// Whether another region may stand in: the service is down or out of reach, and has not decided.
pub fn is_outage(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Throttled(_) | Failure::Unavailable(_) | Failure::TimedOut | Failure::Unreachable
    )
}

/// The regions that are out, so that not every fetch finds it out anew.
#[derive(Debug, Clone, Default)]
pub struct Outages {
    // INVARIANT: at most `OUTAGES_MAX`.
    until: BTreeMap<String, Moment>,
}

impl Outages {
    /// Puts regions that are out behind the others. One that has been out for [`OUT_FOR`] is tried
    /// again in its place, by one fetch: the others take it for out until that one is over.
    pub fn order(&mut self, legs: Vec<Leg>, now: Moment) -> Vec<Leg> {
        if legs.len() < 2 {
            return legs;
        }
        let (mut first, mut last) = (Vec::new(), Vec::new());
        for leg in legs {
            let out = self.until.get_mut(&leg.region);
            match out {
                Some(until) if now < *until => last.push(leg),
                Some(until) => {
                    *until = now.after(OUT_FOR);
                    first.push(leg);
                }
                None => first.push(leg),
            }
        }
        first.append(&mut last);
        first
    }

    /// Learns how a call ended. A region that throttles is not out.
    pub fn learn(&mut self, region: &str, failure: Option<&Failure>, now: Moment) {
        match failure {
            Some(Failure::TimedOut | Failure::Unreachable) => self.out(region, now),
            Some(Failure::Unavailable(fault)) if fault.status >= 500 => self.out(region, now),
            _ => {
                self.until.remove(region);
            }
        }
    }

    fn out(&mut self, region: &str, now: Moment) {
        if self.until.len() >= OUTAGES_MAX {
            self.until.retain(|_, until| now < *until);
        }
        if self.until.len() < OUTAGES_MAX || self.until.contains_key(region) {
            self.until.insert(region.to_owned(), now.after(OUT_FOR));
        }
    }
}

/// How long a region that failed is asked last.
pub const OUT_FOR: Duration = Duration::from_secs(10);
const OUTAGES_MAX: usize = 64;
const REGION_BYTES_MAX: usize = 32;

#[cfg(test)]
mod tests {
    use protocol::Fault;

    use super::*;

    const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf";

    fn aws() -> Aws {
        let mut aws = Aws::new("us-east-1");
        aws.replica_regions = vec!["us-west-2".to_owned(), "eu-west-1".to_owned()];
        aws
    }

    fn regions(secret_id: &str) -> Vec<String> {
        let legs = legs(&aws(), secret_id).into_iter();
        legs.map(|leg| leg.region).collect()
    }

    fn ordered(outages: &mut Outages, now: u64) -> Vec<String> {
        let legs = outages.order(legs(&aws(), "db"), at(now)).into_iter();
        legs.map(|leg| leg.region).collect()
    }

    fn at(seconds: u64) -> Moment {
        Moment(Duration::from_secs(seconds))
    }

    #[test]
    fn a_name_is_asked_for_in_the_configured_order() {
        assert_eq!(regions("db"), ["us-east-1", "us-west-2", "eu-west-1"]);
        assert_eq!(legs(&aws(), "db")[1].secret_id, "db");
    }

    #[test]
    fn an_arn_is_rewritten_to_the_region_it_is_sent_to() {
        assert_eq!(regions(ARN), ["us-east-1", "us-west-2", "eu-west-1"]);
        let replica = "arn:aws:secretsmanager:us-west-2:123456789012:secret:db-AbCdEf";
        assert_eq!(legs(&aws(), ARN)[0].secret_id, ARN);
        assert_eq!(legs(&aws(), ARN)[1].secret_id, replica);
        assert_eq!(regions(replica), ["us-west-2", "us-east-1", "eu-west-1"]);
        assert_eq!(legs(&aws(), replica)[1].secret_id, ARN);
    }

    #[test]
    fn an_arn_of_another_region_is_asked_for_there_alone() {
        let far = "arn:aws:secretsmanager:ap-south-1:123456789012:secret:db-AbCdEf";

        assert_eq!(
            legs(&aws(), far),
            [Leg {
                region: "ap-south-1".to_owned(),
                secret_id: far.to_owned()
            }]
        );
    }

    #[test]
    fn what_is_no_region_chooses_no_host() {
        for region in ["evil.example/", "EVIL", "", "a@b", &"a".repeat(33)] {
            let arn = ARN.replace("us-east-1", region);
            assert_eq!(regions(&arn)[0], "us-east-1", "{region}");
            assert_eq!(legs(&aws(), &arn)[0].secret_id, arn);
        }
    }

    #[test]
    fn a_region_that_is_out_is_asked_last_and_tried_again_by_one() {
        let mut outages = Outages::default();
        outages.learn("us-east-1", Some(&Failure::TimedOut), at(0));

        assert_eq!(
            ordered(&mut outages, 9),
            ["us-west-2", "eu-west-1", "us-east-1"]
        );
        assert_eq!(ordered(&mut outages, 10)[0], "us-east-1");
        assert_eq!(ordered(&mut outages, 10)[0], "us-west-2");
        outages.learn("us-east-1", None, at(11));
        assert_eq!(ordered(&mut outages, 11)[0], "us-east-1");
    }

    #[test]
    fn decisions_and_throttling_are_no_outage_of_a_region() {
        let fault = |code: &'static str, status| Fault::new(code, "").status(status);
        for failure in [
            Failure::Denied(fault("AccessDeniedException", 400)),
            Failure::NotFound(fault("ResourceNotFoundException", 400)),
            Failure::Throttled(fault("ThrottlingException", 400)),
            Failure::Unavailable(fault("DecryptionFailure", 400)),
        ] {
            let mut outages = Outages::default();
            outages.learn("us-east-1", Some(&failure), at(0));
            assert_eq!(ordered(&mut outages, 1)[0], "us-east-1", "{failure}");
        }
        let mut outages = Outages::default();
        let down = Failure::Unavailable(fault("InternalServiceError", 500));
        outages.learn("us-east-1", Some(&down), at(0));
        assert_eq!(ordered(&mut outages, 1)[0], "us-west-2");
    }

    #[test]
    fn another_region_stands_in_for_weather_and_not_for_decisions() {
        let fault = || Fault::new("X", "").status(400);

        assert!(is_outage(&Failure::TimedOut) && is_outage(&Failure::Unreachable));
        assert!(is_outage(&Failure::Throttled(fault())));
        assert!(is_outage(&Failure::Unavailable(fault())));
        assert!(!is_outage(&Failure::Denied(fault())));
        assert!(!is_outage(&Failure::NotFound(fault())));
        assert!(!is_outage(&Failure::Invalid(fault())));
        assert!(!is_outage(&Failure::no_credentials()));
    }

    #[test]
    fn outages_are_bounded() {
        let mut outages = Outages::default();
        for region in 0..1_000 {
            outages.learn(&format!("r-{region}"), Some(&Failure::TimedOut), at(0));
        }
        assert_eq!(outages.until.len(), OUTAGES_MAX);
    }
}
