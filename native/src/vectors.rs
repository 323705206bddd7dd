//! Vectors as the sandbox keeps them (backend/sandbox/vectors.py): a letter, the sum of squares, little-endian float4s.

const FLOAT: u8 = b'f';
const HEAD: usize = 9;
const LANES: usize = 8;

/// None for vectors of another element type or of two lengths.
pub fn dot(one: &[u8], other: &[u8]) -> Option<f64> {
    if one.len() != other.len() || one.len() < HEAD || one[0] != FLOAT || other[0] != FLOAT {
        return None;
    }
    let number = |raw: &[u8]| f64::from(f32::from_le_bytes([raw[0], raw[1], raw[2], raw[3]]));
    let (mut ones, mut others) = (one[HEAD..].chunks_exact(4 * LANES), other[HEAD..].chunks_exact(4 * LANES));
    let mut sums = [0.0; LANES]; // several, since one alone would wait for each addition; Python adds in this order too
    for (a, b) in ones.by_ref().zip(others.by_ref()) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += number(&a[4 * lane..]) * number(&b[4 * lane..]);
        }
    }
    let rest = ones.remainder().chunks_exact(4).zip(others.remainder().chunks_exact(4));
    Some(rest.fold(sums.iter().sum(), |sum, (a, b)| sum + number(a) * number(b)))
}

/// None as of dot(); the cosine is none when one of them has no direction.
pub fn cosine(one: &[u8], other: &[u8]) -> Option<Option<f64>> {
    let product = dot(one, other)?;
    let squares = squares(one) * squares(other);
    Some((squares != 0.0).then(|| product / squares.sqrt()))
}

fn squares(vector: &[u8]) -> f64 {
    vector[1..HEAD].try_into().map_or(0.0, f64::from_le_bytes)
}
