//! Names of hosts to addresses: an argument, so that a test needs no name server.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;

/// The addresses of a host, still to come.
pub type Addresses<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + 'a>>;

/// Who knows the addresses of hosts.
pub trait Resolve {
    /// All addresses of `host`, best first. Names only: a host that is an address is never asked for.
    fn resolve<'a>(&'a self, host: &'a str) -> Addresses<'a>;
}

/// The system's own resolver, with everything that its owner has set up (`/etc/hosts`, search lists, DNS over TLS).
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> Addresses<'a> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Hosts with addresses given beforehand; all others are unknown.
#[derive(Clone, Debug, Default)]
pub struct Given(pub std::collections::BTreeMap<String, Vec<IpAddr>>);

impl Resolve for Given {
    fn resolve<'a>(&'a self, host: &'a str) -> Addresses<'a> {
        let found = self.0.get(host).cloned();
        let unknown = || io::Error::new(io::ErrorKind::NotFound, "no such host is given");
        Box::pin(std::future::ready(found.ok_or_else(unknown)))
    }
}
