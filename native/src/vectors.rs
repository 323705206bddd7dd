//! Vectors as the sandbox keeps them (backend/sandbox/vectors.py): a letter, the sum of squares, little-endian float4s.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

const FLOAT: u8 = b'f';
const HEAD: usize = 9;
const LANES: usize = 8;

/// Raises ValueError for vectors of another element type or of two lengths.
fn product(one: &[u8], other: &[u8]) -> PyResult<f64> {
    if one.len() != other.len() || one.len() < HEAD || one[0] != FLOAT || other[0] != FLOAT {
        return Err(PyValueError::new_err("vectors of other shapes"));
    }
    let number = |raw: &[u8]| f64::from(f32::from_le_bytes([raw[0], raw[1], raw[2], raw[3]]));
    let (mut ones, mut others) = (one[HEAD..].chunks_exact(4 * LANES), other[HEAD..].chunks_exact(4 * LANES));
    let mut sums = [0.0; LANES]; // several, since one alone would wait for each addition
    for (a, b) in ones.by_ref().zip(others.by_ref()) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += number(&a[4 * lane..]) * number(&b[4 * lane..]);
        }
    }
    let rest = ones.remainder().chunks_exact(4).zip(others.remainder().chunks_exact(4));
    Ok(rest.fold(sums.iter().sum(), |sum, (a, b)| sum + number(a) * number(b)))
}

fn squares(vector: &[u8]) -> f64 {
    vector[1..HEAD].try_into().map_or(0.0, f64::from_le_bytes)
}

#[pyfunction]
pub fn vector_dot(one: &[u8], other: &[u8]) -> PyResult<f64> {
    product(one, other)
}

/// None when one of them has no direction.
#[pyfunction]
pub fn vector_cosine(one: &[u8], other: &[u8]) -> PyResult<Option<f64>> {
    let product = product(one, other)?;
    let squares = squares(one) * squares(other);
    Ok((squares != 0.0).then(|| product / squares.sqrt()))
}
