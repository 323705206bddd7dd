//! Functions of vectors that SQLite calls, for each row of a search, without a Python object.
//!
//! What is not two plain vectors of one shape is given to the Python function of the same name, which is the reference. Its unsafe
//! code relies on what sqlite.rs says, and on this: what SQLite keeps for a function is a `Fallback` of its own, which lives until
//! SQLite destroys it, and values of arguments are there until the function returns.
#![allow(unsafe_code)]

use std::ffi::{c_int, c_void, CStr};

use libsqlite3_sys as ffi;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::sqlite::{octets, opened};
use crate::vectors;

type Fallback = Py<PyAny>;
type Call = unsafe extern "C" fn(*mut ffi::sqlite3_context, c_int, *mut *mut ffi::sqlite3_value);

/// Define both functions on a connection of apsw; false when it cannot be used here.
#[pyfunction]
pub fn define_vector_functions(connection: &Bound<'_, PyAny>, dot: Fallback, cosine: Fallback) -> PyResult<bool> {
    let Some(opened) = opened(connection)? else { return Ok(false) };
    let functions: [(&CStr, Fallback, Call); 2] =
        [(c"iris_vector_dot_product", dot, dot_product), (c"iris_vector_cosine", cosine, cosine_of)];
    Ok(functions.into_iter().all(|(name, fallback, call)| {
        let flags = ffi::SQLITE_UTF8 | ffi::SQLITE_DETERMINISTIC;
        let kept: *mut c_void = Box::into_raw(Box::new(fallback)).cast();
        // SAFETY: an open connection; SQLite destroys what it keeps, also when this fails.
        let done = unsafe {
            ffi::sqlite3_create_function_v2(opened, name.as_ptr(), 2, flags, kept, Some(call), None, None, Some(forget))
        };
        done == ffi::SQLITE_OK
    }))
}

unsafe extern "C" fn forget(kept: *mut c_void) {
    // SAFETY: SQLite does this once, with what it was given.
    drop(unsafe { Box::from_raw(kept.cast::<Fallback>()) });
}

unsafe extern "C" fn dot_product(context: *mut ffi::sqlite3_context, _: c_int, values: *mut *mut ffi::sqlite3_value) {
    // SAFETY: SQLite calls this with two values.
    unsafe { answer(context, values, |one, other| vectors::dot(one, other).map(Some)) }
}

unsafe extern "C" fn cosine_of(context: *mut ffi::sqlite3_context, _: c_int, values: *mut *mut ffi::sqlite3_value) {
    // SAFETY: as above.
    unsafe { answer(context, values, vectors::cosine) }
}

/// # Safety
/// As SQLite calls a function of two arguments.
unsafe fn answer(
    context: *mut ffi::sqlite3_context,
    values: *mut *mut ffi::sqlite3_value,
    compute: impl Fn(&[u8], &[u8]) -> Option<Option<f64>>,
) {
    // SAFETY: there are two.
    let (one, other) = unsafe { (Argument::of(*values), Argument::of(*values.add(1))) };
    let computed = match (&one, &other) {
        (Argument::Null, _) | (_, Argument::Null) => Some(None),
        (Argument::Bytes(one), Argument::Bytes(other)) => compute(one, other),
        _ => None,
    };
    // SAFETY: the context of this call.
    unsafe {
        match computed {
            Some(Some(number)) => ffi::sqlite3_result_double(context, number),
            Some(None) => ffi::sqlite3_result_null(context),
            None => ask_python(context, &one, &other),
        }
    }
}

enum Argument<'a> {
    Null,
    Bytes(&'a [u8]),
    Other,
}

impl Argument<'_> {
    /// # Safety
    /// value: of a call under way, which lasts longer than this.
    unsafe fn of(value: *mut ffi::sqlite3_value) -> Self {
        // SAFETY: a value.
        unsafe {
            match ffi::sqlite3_value_type(value) {
                ffi::SQLITE_NULL => Argument::Null,
                ffi::SQLITE_BLOB => octets(ffi::sqlite3_value_blob(value).cast(), value).map_or(Argument::Other, Argument::Bytes),
                _ => Argument::Other,
            }
        }
    }

    fn python<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        match self {
            Argument::Bytes(bytes) => PyBytes::new(py, bytes).into_any(),
            _ => py.None().into_bound(py),
        }
    }
}

/// What the Python function raises is left to apsw, as functions of its own leave it.
///
/// # Safety
/// context: of a call under way.
unsafe fn ask_python(context: *mut ffi::sqlite3_context, one: &Argument<'_>, other: &Argument<'_>) {
    // SAFETY: what define_vector_functions() gave.
    let fallback = unsafe { &*ffi::sqlite3_user_data(context).cast::<Fallback>() };
    Python::attach(|py| {
        let asked = fallback.bind(py).call1((one.python(py), other.python(py)));
        match asked.and_then(|made| made.extract::<Option<f64>>()) {
            // SAFETY: the context of this call.
            Ok(Some(number)) => unsafe { ffi::sqlite3_result_double(context, number) },
            // SAFETY: as above.
            Ok(None) => unsafe { ffi::sqlite3_result_null(context) },
            Err(raised) => {
                raised.restore(py);
                let text = b"a function of vectors has failed";
                // SAFETY: as above; SQLite copies the text, which is as long as that.
                unsafe { ffi::sqlite3_result_error(context, text.as_ptr().cast(), text.len() as c_int) };
            }
        }
    });
}
