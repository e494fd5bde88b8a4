//! Which addresses of the network are fetched from: those of the public internet, and no other (the special-purpose
//! registries of RFC 6890 as IANA keeps them, with the addresses that carry another one inside).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What kind of address this is, where it is none of the public internet.
pub(crate) fn not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => not_public_v4(address),
        IpAddr::V6(address) => not_public_v6(address),
    }
}

/// A network: its first address, the length of its prefix, what it is.
type Net4 = (Ipv4Addr, u32, &'static str);

const NETS_4: [Net4; 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8, "no address of a host"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "a private address"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "an address behind a carrier's NAT"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "a loopback address"),
    // Azure's platform answers instances here, inside of public space.
    (Ipv4Addr::new(168, 63, 129, 16), 32, "a metadata address"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "a link-local address"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "a private address"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "a special-purpose address"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "an address for documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "a special-purpose address"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "a private address"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "an address for benchmarks"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "an address for documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "an address for documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "a multicast address"),
    (Ipv4Addr::new(255, 255, 255, 255), 32, "the broadcast address"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "a reserved address"),
];

fn not_public_v4(address: Ipv4Addr) -> Option<&'static str> {
    let of_net = |net: Ipv4Addr, length: u32| {
        let shift = 32 - length;
        address.to_bits() >> shift == net.to_bits() >> shift
    };
    NETS_4.iter().find(|(net, length, _)| of_net(*net, *length)).map(|(_, _, what)| *what)
}

fn not_public_v6(address: Ipv6Addr) -> Option<&'static str> {
    let bits = address.to_bits();
    let starts = |prefix: u128, length: u32| bits >> (128 - length) == prefix;
    // The lowest 32 bits, as an IPv4 address.
    #[expect(clippy::cast_possible_truncation, reason = "the lowest 32 bits are what is wanted")]
    let inside = |shift: u32| not_public_v4(Ipv4Addr::from_bits((bits >> shift) as u32));
    match () {
        // ::ffff:a.b.c.d is that very IPv4 address; 64:ff9b::/96 (RFC 6052) and 2002::/16 (RFC 3056) lead to it.
        () if starts(0xffff, 96) || starts(0x0064_ff9b_0000_0000_0000_0000, 96) => inside(0),
        () if starts(0x2002, 16) => inside(80),
        () if bits == 1 => Some("a loopback address"),
        () if starts(0xfc00 >> 9, 7) => Some("a private address"),
        () if starts(0xfe80 >> 6, 10) => Some("a link-local address"),
        () if starts(0xff, 8) => Some("a multicast address"),
        () if starts(0x2001_0db8, 32) || starts(0x0003_fff0, 20) => Some("an address for documentation"),
        // 2001::/23: Teredo, benchmarks, ORCHID and their like.
        () if starts(0x2001_0000 >> 9, 23) => Some("a special-purpose address"),
        // Only 2000::/3 is given out to the public.
        () if !starts(1, 3) => Some("a reserved address"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(address: &str) -> Option<&'static str> {
        not_public(address.parse().unwrap())
    }

    #[test]
    fn public_addresses_are_fetched_from() {
        for address in [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.255.255",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1",
            "2a00:1450:4001::5",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::1",
            "2001:4860:4860::8888",
        ] {
            assert_eq!(kind(address), None, "{address}");
        }
    }

    #[test]
    fn no_other_is() {
        for (address, what) in [
            ("0.0.0.0", "no address of a host"),
            ("10.1.2.3", "a private address"),
            ("100.64.0.1", "an address behind a carrier's NAT"),
            ("100.100.100.200", "an address behind a carrier's NAT"),
            ("127.8.9.1", "a loopback address"),
            ("168.63.129.16", "a metadata address"),
            ("169.254.169.254", "a link-local address"),
            ("172.31.255.1", "a private address"),
            ("192.0.0.192", "a special-purpose address"),
            ("192.168.0.1", "a private address"),
            ("198.19.0.1", "an address for benchmarks"),
            ("224.0.0.1", "a multicast address"),
            ("255.255.255.255", "the broadcast address"),
            ("250.0.0.1", "a reserved address"),
            ("::", "a reserved address"),
            ("::1", "a loopback address"),
            ("::7f00:1", "a reserved address"),
            ("::ffff:127.0.0.1", "a loopback address"),
            ("::ffff:10.0.0.1", "a private address"),
            ("64:ff9b::7f00:1", "a loopback address"),
            ("64:ff9b::a9fe:a9fe", "a link-local address"),
            ("64:ff9b:1::1", "a reserved address"),
            ("2002:7f00:1::1", "a loopback address"),
            ("2002:c0a8:1::1", "a private address"),
            ("2001::1", "a special-purpose address"),
            ("2001:db8::1", "an address for documentation"),
            ("3fff:1::1", "an address for documentation"),
            ("fd00:ec2::254", "a private address"),
            ("fe80::1", "a link-local address"),
            ("ff02::1", "a multicast address"),
        ] {
            let found = kind(address).unwrap_or("public");
            assert_eq!(found, what, "{address}");
        }
    }
}
