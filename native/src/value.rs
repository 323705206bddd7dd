//! Values as what they plainly are, Python's or those of others: None when they are of another type.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyFloat, PyInt, PyString, PyType};
use pyo3::Borrowed;

/// A value as SQLite keeps it.
pub enum Plain<'a> {
    Null,
    Integer(i64),
    Float(f64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

pub trait Value {
    /// Whether it is None.
    fn is_null(&self) -> bool;

    /// An int, and no bool, of 64 bits.
    fn integer(&self) -> Option<i64>;

    fn float(&self) -> Option<f64>;

    /// A str that has UTF-8: no halves of characters.
    fn text(&self) -> Option<&str>;

    fn bytes(&self) -> Option<&[u8]>;

    /// A bool, or 0 or 1.
    fn truth(&self) -> Option<bool> {
        match self.integer() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        }
    }

    /// Digits of a str, or of a Decimal that has no exponent; `use_text` gets them.
    fn with_number<T>(&self, use_text: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        use_text(self.text()?.as_bytes())
    }

    /// Bools are numbers; None for what is nothing of that.
    fn plain(&self) -> Option<Plain<'_>> {
        if self.is_null() {
            return Some(Plain::Null);
        }
        if let Some(text) = self.text() {
            return Some(Plain::Text(text));
        }
        let number = self.integer().or_else(|| self.truth().map(i64::from)).map(Plain::Integer);
        number.or_else(|| self.float().map(Plain::Float)).or_else(|| self.bytes().map(Plain::Bytes))
    }

    /// Append what a Python function makes of it, bytes. What that raises comes through.
    fn encoded(&self, encode: &Py<PyAny>, out: &mut Vec<u8>) -> PyResult<()>;
}

static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();

impl Value for Borrowed<'_, '_, PyAny> {
    fn is_null(&self) -> bool {
        self.is_none()
    }

    fn integer(&self) -> Option<i64> {
        self.cast_exact::<PyInt>().ok()?.extract().ok()
    }

    fn float(&self) -> Option<f64> {
        Some(self.cast_exact::<PyFloat>().ok()?.value())
    }

    fn text(&self) -> Option<&str> {
        (**self).cast_exact::<PyString>().ok()?.to_str().ok()
    }

    fn bytes(&self) -> Option<&[u8]> {
        Some((**self).cast_exact::<PyBytes>().ok()?.as_bytes())
    }

    fn truth(&self) -> Option<bool> {
        if let Ok(truth) = self.cast_exact::<PyBool>() {
            return Some(truth.is_true());
        }
        match self.integer() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        }
    }

    fn with_number<T>(&self, use_text: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        if let Some(text) = self.text() {
            return use_text(text.as_bytes());
        }
        let decimal = DECIMAL.import(self.py(), "decimal", "Decimal").ok()?;
        if !self.is_exact_instance(decimal) {
            return None;
        }
        use_text(self.str().ok()?.to_str().ok()?.as_bytes())
    }

    fn encoded(&self, encode: &Py<PyAny>, out: &mut Vec<u8>) -> PyResult<()> {
        let made = encode.bind(self.py()).call1((&**self,))?;
        out.extend_from_slice(made.cast::<PyBytes>()?.as_bytes());
        Ok(())
    }
}
