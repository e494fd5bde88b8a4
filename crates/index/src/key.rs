//! What the documents of a release are replaced by, found and left out by: its identity as a term.

use sha2::{Digest as _, Sha256};
use tantivy::Term;
use tantivy::schema::Field;

/// Bytes of a key. Identities are addresses, mostly: as they are they would take as much room as a column of the index. No two
/// of 10^15 releases can be expected to share so many bytes of a SHA-256 ([FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4)),
/// and who wants two that do has to try some 2^64 identities.
const BYTES: usize = 16;

/// The key of the release `id`.
pub(crate) fn key(id: &str) -> [u8; BYTES] {
    let mut key = [0; BYTES];
    key.iter_mut().zip(Sha256::digest(id)).for_each(|(byte, of_digest)| *byte = of_digest);
    key
}

/// The term that all documents of the release `id` have in `field`.
pub(crate) fn key_term(field: Field, id: &str) -> Term {
    Term::from_field_bytes(field, &key(id))
}
