//! Names of AWS for one instance, which all lead to the account on the instance's own loopback, and
//! the instance's own name.
//!
//! There is no other network, so no other name exists. Forwards nothing and keeps nothing.
//!
//! Source: RFC 1035, sections 4.1 and 4.2; RFC 2308 for names that have no such address.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use simple_dns::rdata::{A, AAAA, RData};
use simple_dns::{CLASS, Name, OPCODE, Packet, PacketFlag, QTYPE, RCODE, ResourceRecord, TYPE};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use super::{Bound, Stop, accept, stopped};

/// Answers for names of AWS, and the instance's own.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    has_ipv6: bool,
    own: Arc<str>,
    private_ip: Ipv4Addr,
}

impl Names {
    /// `has_ipv6`: whether the account is on the loopback of IPv6 too; the instance's own name.
    pub(crate) fn new(has_ipv6: bool, own: &str, private_ip: Ipv4Addr) -> Self {
        Self {
            has_ipv6,
            own: own.into(),
            private_ip,
        }
    }

    pub(crate) async fn serve_udp(self, socket: UdpSocket, mut stop: Stop) {
        let mut query = [0; QUERY_BYTES_MAX];
        loop {
            let received = tokio::select! {
                received = socket.recv_from(&mut query) => received,
                () = stopped(&mut stop) => return,
            };
            // What is wrong with one datagram, an ICMP error say, is no reason to end.
            let Ok((bytes, peer)) = received else {
                continue;
            };
            if let Some(answer) = self.answer(query.get(..bytes).unwrap_or_default()) {
                let _gone = socket.send_to(&answer, peer).await;
            }
        }
    }

    pub(crate) async fn serve_tcp(self, bound: Bound, stop: Stop) {
        let each = |stream, _, _| {
            let names = self.clone();
            async move {
                let _gone = timeout(CONNECTION_TIME_MAX, names.converse(stream)).await;
            }
        };
        accept::each(bound.listener, Arc::default(), stop, each).await;
    }

    /// Messages with their lengths before them, one after the other.
    async fn converse(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut query = [0; QUERY_BYTES_MAX];
        loop {
            let length = usize::from(stream.read_u16().await?);
            let Some(query) = query.get_mut(..length) else {
                return Ok(());
            };
            stream.read_exact(query).await?;
            let Some(answer) = self.answer(query) else {
                return Ok(());
            };
            let length = u16::try_from(answer.len()).map_err(std::io::Error::other)?;
            stream.write_u16(length).await?;
            stream.write_all(&answer).await?;
        }
    }

    /// `None` for what is no question.
    fn answer(&self, query: &[u8]) -> Option<Vec<u8>> {
        let query = Packet::parse(query).ok()?;
        if query.has_flags(PacketFlag::RESPONSE) {
            return None;
        }
        let mut reply = Packet::new_reply(query.id());
        reply.set_flags(PacketFlag::AUTHORITATIVE_ANSWER | PacketFlag::RECURSION_AVAILABLE);
        if query.has_flags(PacketFlag::RECURSION_DESIRED) {
            reply.set_flags(PacketFlag::RECURSION_DESIRED);
        }
        let [question] = query.questions.as_slice() else {
            *reply.rcode_mut() = RCODE::FormatError;
            return reply.build_bytes_vec().ok();
        };
        reply.questions.push(question.clone());
        if query.opcode() != OPCODE::StandardQuery {
            *reply.rcode_mut() = RCODE::NotImplemented;
        } else if let Some((v4, v6)) = self.find(&question.qname.to_string()) {
            let record =
                |data| ResourceRecord::new(question.qname.clone(), CLASS::IN, TTL_SECONDS, data);
            if asks_for(question.qtype, TYPE::A) {
                let address = v4.to_bits();
                reply.answers.push(record(RData::A(A { address })));
            }
            if let Some(v6) = v6.filter(|_| asks_for(question.qtype, TYPE::AAAA)) {
                let address = v6.to_bits();
                reply.answers.push(record(RData::AAAA(AAAA { address })));
            }
        } else {
            *reply.rcode_mut() = RCODE::NameError;
        }
        reply.build_bytes_vec().ok()
    }

    /// Where a name leads.
    fn find(&self, name: &str) -> Option<(Ipv4Addr, Option<Ipv6Addr>)> {
        if name.trim_end_matches('.').eq_ignore_ascii_case(&self.own) {
            return Some((self.private_ip, None));
        }
        let v6 = self.has_ipv6.then_some(Ipv6Addr::LOCALHOST);
        is_of_aws(name).then_some((Ipv4Addr::LOCALHOST, v6))
    }
}

/// Whether a name stands below one of AWS's for its services.
pub(super) fn is_of_aws(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let below = |domain: &str| {
        let above = name.strip_suffix(domain);
        above.is_some_and(|above| above.len() > 1 && above.ends_with('.'))
    };
    DOMAINS.into_iter().any(below) && Name::new(&name).is_ok()
}

fn asks_for(asked: QTYPE, of: TYPE) -> bool {
    matches!(asked, QTYPE::ANY) || matches!(asked, QTYPE::TYPE(asked) if asked == of)
}

/// Those of the partition `aws`. Source: AWS General Reference, "Service endpoints".
pub(super) const DOMAINS: [&str; 2] = ["amazonaws.com", "api.aws"];
// A name has 255 bytes; extensions of resolvers some dozen.
const QUERY_BYTES_MAX: usize = 1_232;
const TTL_SECONDS: u32 = 60;
const CONNECTION_TIME_MAX: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use simple_dns::{QCLASS, Question};

    use super::*;

    const OWN_IP: Ipv4Addr = Ipv4Addr::new(172, 31, 0, 5);

    fn names(has_ipv6: bool) -> Names {
        Names::new(has_ipv6, "ip-172-31-0-5.ec2.internal", OWN_IP)
    }

    fn ask(names: &Names, name: &str, kind: TYPE) -> (RCODE, usize) {
        let mut query = Packet::new_query(7);
        let name = Name::new(name).unwrap();
        let class = QCLASS::CLASS(CLASS::IN);
        query
            .questions
            .push(Question::new(name, QTYPE::TYPE(kind), class, false));
        let answer = names.answer(&query.build_bytes_vec().unwrap()).unwrap();
        let answer = Packet::parse(&answer).unwrap();
        assert!(answer.has_flags(PacketFlag::RESPONSE) && answer.id() == 7);
        assert_eq!(answer.questions.len(), 1);
        (answer.rcode(), answer.answers.len())
    }

    #[test]
    fn names_of_aws_are_here_and_no_others_are() {
        let (four, both) = (&names(false), &names(true));
        let sts = "sts.us-east-1.amazonaws.com";
        assert_eq!(ask(four, sts, TYPE::A), (RCODE::NoError, 1));
        assert_eq!(ask(four, sts, TYPE::AAAA), (RCODE::NoError, 0));
        assert_eq!(ask(both, sts, TYPE::AAAA), (RCODE::NoError, 1));
        assert_eq!(ask(both, sts, TYPE::MX), (RCODE::NoError, 0));
        let dual = "secretsmanager.eu-west-1.API.aws";
        assert_eq!(ask(four, dual, TYPE::A), (RCODE::NoError, 1));
        for other in ["example.com", "amazonaws.com", "xamazonaws.com", "aws"] {
            assert_eq!(ask(both, other, TYPE::A), (RCODE::NameError, 0), "{other}");
        }
    }

    #[test]
    fn the_instance_has_a_name() {
        let names = names(true);
        let own = "IP-172-31-0-5.ec2.internal";
        assert_eq!(ask(&names, own, TYPE::A), (RCODE::NoError, 1));
        assert_eq!(ask(&names, own, TYPE::AAAA), (RCODE::NoError, 0));
        assert_eq!(names.find(own), Some((OWN_IP, None)));
        for other in [
            "ip-172-31-0-6.ec2.internal",
            "ec2.internal",
            "ip-172-31-0-5",
        ] {
            assert_eq!(
                ask(&names, other, TYPE::A),
                (RCODE::NameError, 0),
                "{other}"
            );
        }
    }

    #[test]
    fn what_is_no_question_is_not_answered() {
        let names = names(true);
        let reply = Packet::new_reply(1).build_bytes_vec().unwrap();
        assert_eq!(names.answer(&reply), None);
        assert_eq!(names.answer(&[0; 5]), None);
        assert_eq!(names.answer(b""), None);
        let empty = Packet::new_query(1).build_bytes_vec().unwrap();
        let answer = names.answer(&empty).unwrap();
        assert_eq!(Packet::parse(&answer).unwrap().rcode(), RCODE::FormatError);
    }
}
