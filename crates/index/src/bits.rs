//! A set of documents that lie side by side, a bit for each.

use tantivy::DocId;

/// So many documents at most.
pub(crate) const WIDEST: usize = 2048;

/// A bit for each document of a stretch.
pub(crate) type Bits = [u64; WIDEST / 64];
pub(crate) const NONE: Bits = [0; WIDEST / 64];

/// Takes the documents of `without` out of those of the stretch that begins at `base`.
pub(crate) fn leave_out(left: &mut Bits, without: Option<&[u64]>, base: DocId) {
    let without = without.and_then(|without| without.get(base as usize / 64..)).unwrap_or_default();
    left.iter_mut().zip(without).for_each(|(left, without)| *left &= !without);
}

pub(crate) fn has(bits: &Bits, place: usize) -> bool {
    bits.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1)
}

pub(crate) fn count(bits: &Bits) -> usize {
    bits.iter().map(|bits| bits.count_ones() as usize).sum()
}

/// The places whose bits are set, in order.
pub(crate) fn places(bits: &Bits) -> impl Iterator<Item = usize> + '_ {
    bits.iter().enumerate().flat_map(|(word, bits)| {
        let mut bits = *bits;
        std::iter::from_fn(move || {
            let place = (bits != 0).then(|| word * 64 + bits.trailing_zeros() as usize);
            bits &= bits.wrapping_sub(1);
            place
        })
    })
}
