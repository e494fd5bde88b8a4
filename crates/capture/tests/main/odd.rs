//! Old and odd servers: understood as browsers understand them, and kept as they answered.

use chancery_warc::http::entity;

use crate::fetching::{ask, fetcher, naming, run, told};
use crate::server::{Reply, Server};

#[test]
fn odd_servers_are_understood_as_browsers_understand_them() {
    let fetcher = fetcher();
    for (answer, want) in [
        ("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ("HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "ok"),
        ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ("HTTP/1.1 200 OK\r\nX-Folded: one\r\n\ttwo\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ("HTTP/1.1 200 OK\r\nno colon in this line\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ("HTTP/1.1 200 OK\r\nX Space: 1\r\nContent-Length : 2\r\n\r\nok", "ok"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok", "ok"),
        ("HTTP/1.1 200 OK\r\nX-Latin: \u{e9}\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ("HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc", ""),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\nabc", ""),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n\
             A;ext=\"a b\";more\r\n0123456789\r\n00;x\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n",
            "0123456789",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            "ok",
        ),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "ok",
        ),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok"),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok", "ok"),
        ("HTTP/1.1 421 Misdirected Request\r\nContent-Length: 2\r\n\r\nno", "no"),
    ] {
        assert_eq!(told(&fetcher, answer), format!("fetched: {want}"), "{answer:?}");
    }
}

#[test]
fn a_body_without_transfer_coding_by_its_own_name_ends_where_it_says() {
    let fetcher = fetcher();
    let told =
        |rest: &str| told(&fetcher, format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n{rest}"));
    assert_eq!(told("Content-Length: 2\r\n\r\nok"), "fetched: ok");
    assert_eq!(told("\r\nuntil the end"), "fetched: until the end");
    assert_eq!(told("Content-Length: 9\r\n\r\nok"), "the answer is broken: it ends before its end");
    // A server that keeps the connection open is not waited for.
    let server = Server::start(|asked| {
        let (length, path) = (asked.path.len(), &asked.path);
        Reply::Bytes(
            format!(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Identity\r\nContent-Length: {length}\r\n\r\n{path}"
            )
            .into(),
        )
    });
    let fetcher = naming(&fetcher, &server.url("/"));
    run(async {
        let mut connection = None;
        for path in ["/a", "/none/at/all"] {
            let exchange = fetcher.fetch(&ask(&server.url(path)), &mut connection).await.unwrap();
            assert_eq!(&*entity(&exchange.response), path.as_bytes());
        }
    });
}

#[test]
fn an_old_server_is_kept_as_it_answers_and_asked_over_a_new_connection() {
    for (stays, connections) in [("", [0, 1]), ("Connection: Keep-Alive\r\n", [0, 0])] {
        let answer = format!("HTTP/1.0 200 OK\r\n{stays}Content-Length: 2\r\n\r\nok");
        let sent = answer.clone();
        let server = Server::start(move |_| Reply::Bytes(sent.clone().into()));
        let (fetcher, mut connection) = (naming(&fetcher(), &server.url("/")), None);
        run(async {
            for path in ["/a", "/b"] {
                let exchange = fetcher.fetch(&ask(&server.url(path)), &mut connection).await.unwrap();
                assert_eq!(exchange.response, answer.as_bytes());
            }
        });
        let over: Vec<usize> = server.asked().iter().map(|asked| asked.connection).collect();
        assert_eq!(over, connections);
    }
}
