//! Python values as what they plainly are: None when they are of another type.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyFloat, PyInt, PyString, PyType};

/// An int, and no bool, of 64 bits.
pub fn integer(value: &Bound<'_, PyAny>) -> Option<i64> {
    value.cast_exact::<PyInt>().ok()?.extract().ok()
}

/// A str that has UTF-8: no halves of characters.
pub fn text<'a>(value: &'a Bound<'_, PyAny>) -> Option<&'a str> {
    value.cast_exact::<PyString>().ok()?.to_str().ok()
}

/// Digits of a str, or of a Decimal that has no exponent; `use_text` gets them.
pub fn with_number<T>(value: &Bound<'_, PyAny>, use_text: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
    if let Some(text) = text(value) {
        return use_text(text.as_bytes());
    }
    let decimal = DECIMAL.import(value.py(), "decimal", "Decimal").ok()?;
    if !value.is_exact_instance(decimal) {
        return None;
    }
    use_text(value.str().ok()?.to_str().ok()?.as_bytes())
}

static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();

pub fn float(value: &Bound<'_, PyAny>) -> Option<f64> {
    Some(value.cast_exact::<PyFloat>().ok()?.value())
}

pub fn bytes<'a>(value: &'a Bound<'_, PyAny>) -> Option<&'a [u8]> {
    Some(value.cast_exact::<PyBytes>().ok()?.as_bytes())
}

/// A bool, or 0 or 1.
pub fn truth(value: &Bound<'_, PyAny>) -> Option<bool> {
    if let Ok(truth) = value.cast_exact::<PyBool>() {
        return Some(truth.is_true());
    }
    match integer(value) {
        Some(0) => Some(false),
        Some(1) => Some(true),
        _ => None,
    }
}
