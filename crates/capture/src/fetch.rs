//! One page from the network: the address checked, connected to, asked, and the answer kept byte for byte as it came
//! (HTTP/1.1, RFC 9112; HTTP/2 has no settled form in WARC).

use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{CertificateError, ClientConfig, RootCertStore, crypto};
use tokio_rustls::{TlsConnector, rustls};
use url::{Host, Url};

use crate::address::not_public;
use crate::connection::Connection;
use crate::flight::{Flight, Share};
use crate::limits::{Limits, Times};
use crate::named::Named;
use crate::resolve::Resolve;
use crate::wire::Stream;
use crate::{FetchError, Stage};

/// What an asker says of itself.
#[derive(Clone, Debug)]
pub struct Agent {
    /// The product token, which `robots.txt` may name.
    pub token: String,
    /// Its version.
    pub version: String,
    /// Whom the keepers of a site may write to: an address of mail or of a page.
    pub contact: String,
}

impl Agent {
    /// The value of `User-Agent`.
    #[must_use]
    pub fn header(&self) -> String {
        format!("{}/{} (+{})", self.token, self.version, self.contact)
    }
}

/// What to ask for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The page.
    pub url: Url,
    /// The `ETag` of the version that is there already.
    pub etag: Option<String>,
    /// The `Last-Modified` of the version that is there already.
    pub last_modified: Option<String>,
    /// Whom the keepers may write to, where it is not the one of the fetcher.
    pub contact: Option<String>,
    /// The body may be as long as this, in bytes.
    pub body: u64,
    /// What to do where it is longer.
    pub longer: Longer,
}

/// What to do with a body that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Longer {
    /// The fetch fails.
    Fail,
    /// What came until then is enough.
    Cut,
}

/// A question and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What was asked for.
    pub url: Url,
    /// The question, byte for byte.
    pub request: Vec<u8>,
    /// The answer, byte for byte, chunks and codings included.
    pub response: Vec<u8>,
    /// Who answered.
    pub ip: IpAddr,
    /// How long it took.
    pub took: Duration,
    /// Whether the end of the body was cut off because it was too long.
    pub cut: bool,
    /// Its part of what may be at hand at once.
    pub(crate) _share: Option<Arc<Share>>,
}

/// Asks pages of the web.
#[derive(Clone)]
pub struct Fetcher {
    /// Who asks.
    pub agent: Agent,
    /// How long anything may take.
    pub times: Times,
    /// How large anything may be.
    pub limits: Limits,
    /// Hosts that may have addresses which are not public: those that the user named.
    pub named: Named,
    flight: Flight,
    resolver: Rc<dyn Resolve>,
    tls: TlsConnector,
    trusts_somebody: bool,
}

impl Fetcher {
    /// A fetcher that trusts the certificates of `roots`.
    ///
    /// # Errors
    /// [`FetchError::Tls`] where TLS cannot be set up.
    pub fn new(
        agent: Agent,
        resolver: Rc<dyn Resolve>,
        roots: Vec<CertificateDer<'static>>,
    ) -> Result<Self, FetchError> {
        let fault = |cause: &dyn std::fmt::Display| FetchError::Tls(cause.to_string());
        let mut store = RootCertStore::empty();
        let (usable, _) = store.add_parsable_certificates(roots);
        let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|cause| fault(&cause))?
            .with_root_certificates(store)
            .with_no_client_auth();
        Ok(Self {
            agent,
            times: Times::default(),
            limits: Limits::default(),
            named: Named::default(),
            flight: Flight::new(0),
            resolver,
            tls: TlsConnector::from(Arc::new(config)),
            trusts_somebody: usable > 0,
        })
    }

    /// Begins to count an answer.
    pub(crate) fn begin_answer(&self) -> Share {
        self.flight.set_limit(self.limits.flight);
        self.flight.begin()
    }

    /// The most bytes of answers that were ever at hand at once.
    #[must_use]
    pub fn most_at_hand(&self) -> u64 {
        self.flight.most()
    }

    /// Asks for a page. `connection` is used where it is one to the same host and still open; what is open afterwards
    /// is left there.
    ///
    /// # Errors
    /// Whatever stands in the way; the connection is closed then.
    pub async fn fetch(
        &self,
        ask: &Ask,
        connection: &mut Option<Connection>,
    ) -> Result<Exchange, FetchError> {
        self.check(&ask.url)?;
        let origin = ask.url.origin();
        let open = connection.take().filter(|open| open.is_open_to(&origin));
        let is_used = open.is_some();
        let mut open = match open {
            Some(open) => open,
            None => self.connect(&ask.url).await?,
        };
        let mut answer = open.exchange(self, ask).await;
        // A server may close an idle connection at the very moment at which it is asked again.
        if is_used && answer.is_err() && open.received_nothing() {
            open = self.connect(&ask.url).await?;
            answer = open.exchange(self, ask).await;
        }
        if answer.is_ok() && open.is_open_to(&origin) {
            *connection = Some(open);
        }
        answer
    }

    /// Whether the address itself is one that may be fetched.
    fn check(&self, url: &Url) -> Result<(), FetchError> {
        let refuse = |why: String| Err(FetchError::Address(why));
        if !matches!(url.scheme(), "http" | "https") {
            return refuse(format!("`{}:` is neither http nor https", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("it holds a user name".to_owned());
        }
        if url.as_str().len() > self.limits.url {
            return refuse(format!("it is longer than {} characters", self.limits.url));
        }
        Ok(())
    }

    async fn connect(&self, url: &Url) -> Result<Connection, FetchError> {
        let addresses = self.addresses(url).await?;
        let port = url.port_or_known_default().unwrap_or(80);
        let mut failed = None;
        for ip in addresses {
            match self.connect_to(url, SocketAddr::new(ip, port)).await {
                Ok(stream) => return Connection::open(stream, url.origin(), ip, &self.limits).await,
                Err(cause) => failed = Some(cause),
            }
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        Err(failed.unwrap_or(FetchError::NoHost { host, why: "it has no address".to_owned() }))
    }

    /// The addresses of the host, checked: what is connected to afterwards is what was checked.
    async fn addresses(&self, url: &Url) -> Result<Vec<IpAddr>, FetchError> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let found = match url.host() {
            Some(Host::Ipv4(address)) => vec![IpAddr::V4(address)],
            Some(Host::Ipv6(address)) => vec![IpAddr::V6(address)],
            Some(Host::Domain(name)) => {
                let resolved = timeout(self.times.dns, self.resolver.resolve(name)).await;
                let late = |_| FetchError::Timeout { stage: Stage::Dns, after: self.times.dns };
                resolved
                    .map_err(late)?
                    .map_err(|cause| FetchError::NoHost { host: host.clone(), why: cause.to_string() })?
            }
            None => return Err(FetchError::Address("it names no host".to_owned())),
        };
        if self.named.has(url) {
            return Ok(found);
        }
        match found.iter().find_map(|address| Some((*address, not_public(*address)?))) {
            Some((address, what)) => Err(FetchError::Private { host, address, what }),
            None => Ok(found),
        }
    }

    async fn connect_to(&self, url: &Url, address: SocketAddr) -> Result<Stream, FetchError> {
        let late = |stage, after| move |_| FetchError::Timeout { stage, after };
        let stream = timeout(self.times.connect, TcpStream::connect(address))
            .await
            .map_err(late(Stage::Connect, self.times.connect))?
            .map_err(FetchError::Connect)?;
        // A question is one small packet: it is not to wait for more.
        stream.set_nodelay(true).map_err(FetchError::Connect)?;
        if url.scheme() == "http" {
            return Ok(Stream::Plain(stream));
        }
        if !self.trusts_somebody {
            return Err(FetchError::Tls("the system has no certificates that could be trusted".to_owned()));
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(|cause| FetchError::Tls(cause.to_string()))?;
        let secure = timeout(self.times.tls, self.tls.connect(name, stream))
            .await
            .map_err(late(Stage::Tls, self.times.tls))?
            .map_err(|cause| not_secure(&cause))?;
        Ok(Stream::Tls(Box::new(secure)))
    }
}

/// Whether the host is not who it says it is, or the handshake went wrong.
fn not_secure(cause: &std::io::Error) -> FetchError {
    let inner = cause.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidCertificate(why)) => FetchError::Certificate(wrong_with(why).to_owned()),
        _ => FetchError::Tls(cause.to_string()),
    }
}

/// What is wrong with a certificate, in the words of a report.
fn wrong_with(why: &CertificateError) -> &'static str {
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet, or the clock of this machine is wrong"
        }
        CertificateError::Revoked => "its certificate was revoked",
        CertificateError::UnknownIssuer => "its certificate is issued by nobody that this system trusts",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is that of another host"
        }
        _ => "its certificate is none that can be trusted",
    }
}

/// The certificates that the system trusts.
#[must_use]
pub fn system_roots() -> Vec<CertificateDer<'static>> {
    rustls_native_certs::load_native_certs().certs
}
