//! SQLite's statements: rows that apsw's cursor would give, and rows to insert, without a Python object for each cell.
//!
//! The SQLite is apsw's own, whose functions come as a loadable extension gets them. With functions.rs the only unsafe code of pgiris; it relies on:
//!
//! - The functions are those of the SQLite that made the connection: `share_sqlite` takes them from a connection of apsw once, and
//!   `Statement::of` asks objects of apsw alone for their pointers.
//! - A statement that is read is looked up in each call, among those that its connection lists, and is forgotten at its end. Meanwhile it cannot
//!   go: one thread uses a connection (pgiris/backend/sandbox/sqlite.py), that thread is here, and what SQLite calls back in
//!   between, functions and virtual tables in Python, does not close the cursor that runs them.
//! - A statement that inserts is this module's own. It holds its connection, and goes before that: SQLite closes no connection that
//!   has statements. What SQLite calls back meanwhile cannot come to it again, since its object is borrowed.
//! - What it binds and SQLite does not copy belongs to a block, which never changes and which the caller of insert() holds; at its end
//!   nothing is bound any more.
//! - The connection has no mutex, which is looked at: so values of columns may be asked without one (sqlite.org/c3ref/value.html).
//! - The bytes of a cell are valid until the next step; they live as long as a borrow of the row, and step() needs it mutably.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int, CStr};
use std::marker::PhantomData;
use std::ptr::{self, NonNull};
use std::slice;
use std::sync::OnceLock;

use libsqlite3_sys as ffi;
use pyo3::exceptions::{PyMemoryError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple, PyType};

use crate::bind::{Binder, Slot, Stored};
use crate::block::Block;
use crate::rows::{Row, Writer};
use crate::value::{Plain, Value};

static SHARED: OnceLock<bool> = OnceLock::new();
static CONNECTION: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// SQLite calls this when it loads the module as an extension. The first SQLite stays.
///
/// # Safety
/// functions: as SQLite gives them.
#[no_mangle]
pub unsafe extern "C" fn pgiris_share_sqlite(
    _: *mut ffi::sqlite3,
    _: *mut *mut c_char,
    functions: *mut ffi::sqlite3_api_routines,
) -> c_int {
    // SAFETY: the caller is SQLite.
    let shared = SHARED.get_or_init(|| unsafe { ffi::rusqlite_extension_init2(functions) }.is_ok());
    if *shared {
        ffi::SQLITE_OK
    } else {
        ffi::SQLITE_ERROR
    }
}

/// Messages, of how many rows, whether there are no more.
pub type Taken<'py> = (Bound<'py, PyBytes>, usize, bool);

/// The next rows of what a cursor of apsw runs, up to `rows` of them and about `bytes`, as messages.
///
/// cursor: has given at least one row, the last of which was taken. What fails, it raises. None when its statement cannot be told
/// or not be read here; then nothing has happened.
pub fn take<'py>(writer: &impl Writer, cursor: &Bound<'py, PyAny>, rows: usize, bytes: usize) -> PyResult<Option<Taken<'py>>> {
    let py = cursor.py();
    let Some(mut statement) = Statement::of(cursor)? else { return Ok(None) };
    if statement.width() != writer.width() {
        return Ok(None);
    }
    let mut out = Vec::with_capacity((bytes + bytes / 8).min(1 << 20));
    let mut count = 0;
    let end = py.detach(|| -> PyResult<Step> {
        while count < rows && out.len() < bytes {
            match statement.step() {
                Step::Row => writer.write(&statement, &mut out)?,
                end => return Ok(end),
            }
            count += 1;
        }
        Ok(Step::Row)
    });
    if let Some(raised) = PyErr::take(py) {
        return Err(raised); // by a function in Python that SQLite has called
    }
    let end = end?;
    if end == Step::Failed {
        cursor.call_method0("close")?; // which raises what happened
        return Err(PyRuntimeError::new_err("a statement of SQLite failed and nobody knows why"));
    }
    Ok(Some((PyBytes::new(py, &out), count, end == Step::Done)))
}

/// A connection of apsw, when it is one that can be used here.
pub fn opened(connection: &Bound<'_, PyAny>) -> PyResult<Option<*mut ffi::sqlite3>> {
    if SHARED.get() != Some(&true) || !connection.is_instance(CONNECTION.import(connection.py(), "apsw", "Connection")?)? {
        return Ok(None);
    }
    let address: usize = connection.call_method0("sqlite3_pointer")?.extract()?;
    let opened = address as *mut ffi::sqlite3;
    // SAFETY: an open connection, as apsw tells.
    Ok((!opened.is_null() && unsafe { ffi::sqlite3_db_mutex(opened).is_null() }).then_some(opened))
}

#[derive(Clone, Copy, PartialEq)]
enum Step {
    Row,
    Done,
    Failed,
}

struct Statement<'a> {
    raw: NonNull<ffi::sqlite3_stmt>,
    cursor: PhantomData<&'a ()>,
}

// SAFETY: it is used by one thread at a time, which SQLite allows.
unsafe impl Send for Statement<'_> {}

impl<'a> Statement<'a> {
    /// The statement that a cursor runs, if it is the only one that runs on its connection.
    fn of(cursor: &'a Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        let connection = cursor.getattr("connection")?;
        let text = cursor.getattr("sql")?;
        let Some(connection) = opened(&connection)? else { return Ok(None) };
        Ok(Self::only(connection).filter(|found| text.cast::<PyString>().is_ok_and(|text| found.has_text(text))))
    }

    /// connection: an open one.
    fn only(connection: *mut ffi::sqlite3) -> Option<Self> {
        let (mut next, mut found) = (ptr::null_mut(), None);
        loop {
            // SAFETY: the connection is open, and next is one of its statements or null.
            next = unsafe { ffi::sqlite3_next_stmt(connection, next) };
            let Some(raw) = NonNull::new(next) else { return found };
            // SAFETY: as above.
            if unsafe { ffi::sqlite3_stmt_busy(next) } != 0 {
                if found.is_some() {
                    return None;
                }
                found = Some(Statement { raw, cursor: PhantomData });
            }
        }
    }

    fn has_text(&self, text: &Bound<'_, PyString>) -> bool {
        // SAFETY: SQLite keeps the text of a statement as long as that.
        let own = unsafe { ffi::sqlite3_sql(self.raw.as_ptr()) };
        // SAFETY: it ends with a zero, as SQLite's texts do.
        !own.is_null() && text.to_str().is_ok_and(|text| unsafe { CStr::from_ptr(own) }.to_bytes() == text.as_bytes())
    }

    fn width(&self) -> usize {
        // SAFETY: a statement.
        usize::try_from(unsafe { ffi::sqlite3_column_count(self.raw.as_ptr()) }).unwrap_or(0)
    }

    fn step(&mut self) -> Step {
        // SAFETY: a statement, and nobody holds bytes of its last row.
        match unsafe { ffi::sqlite3_step(self.raw.as_ptr()) } {
            ffi::SQLITE_ROW => Step::Row,
            ffi::SQLITE_DONE => Step::Done,
            _ => Step::Failed,
        }
    }
}

impl Row for Statement<'_> {
    type Cell<'b>
        = Cell<'b>
    where
        Self: 'b;

    #[inline(always)] // a third less time of a row: what it gives stays in registers
    fn cell(&self, place: usize) -> PyResult<Cell<'_>> {
        // SAFETY: the statement has given a row, which it keeps until step(). Places that there are not have NULL.
        unsafe {
            let value = ffi::sqlite3_column_value(self.raw.as_ptr(), place as c_int);
            Ok(match ffi::sqlite3_value_type(value) {
                ffi::SQLITE_INTEGER => Cell::Integer(ffi::sqlite3_value_int64(value)),
                ffi::SQLITE_FLOAT => Cell::Float(ffi::sqlite3_value_double(value)),
                ffi::SQLITE_TEXT => Cell::Text(octets(ffi::sqlite3_value_text(value), value)?),
                ffi::SQLITE_BLOB => Cell::Bytes(octets(ffi::sqlite3_value_blob(value).cast(), value)?),
                _ => Cell::Null,
            })
        }
    }
}

/// # Safety
/// start: of the text or the blob that a value was just asked for, null for an empty blob and when there was no memory for it.
#[inline(always)]
pub unsafe fn octets<'b>(start: *const u8, value: *mut ffi::sqlite3_value) -> PyResult<&'b [u8]> {
    // SAFETY: a value.
    let count = usize::try_from(unsafe { ffi::sqlite3_value_bytes(value) }).unwrap_or(0);
    if count == 0 {
        return Ok(&[]);
    }
    if start.is_null() {
        return Err(PyMemoryError::new_err("SQLite has no memory for a value"));
    }
    // SAFETY: SQLite gives as many bytes as it says.
    Ok(unsafe { slice::from_raw_parts(start, count) })
}

/// What apsw would give as None, an int, a float, a str and bytes.
enum Cell<'a> {
    Null,
    Integer(i64),
    Float(f64),
    Text(&'a [u8]),
    Bytes(&'a [u8]),
}

impl Cell<'_> {
    fn python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(match self {
            Cell::Null => py.None().into_bound(py),
            Cell::Integer(number) => number.into_pyobject(py)?.into_any(),
            Cell::Float(number) => number.into_pyobject(py)?.into_any(),
            Cell::Text(text) => PyString::from_bytes(py, text)?.into_any(),
            Cell::Bytes(bytes) => PyBytes::new(py, bytes).into_any(),
        })
    }
}

impl Value for Cell<'_> {
    fn is_null(&self) -> bool {
        matches!(self, Cell::Null)
    }

    fn integer(&self) -> Option<i64> {
        match self {
            Cell::Integer(number) => Some(*number),
            _ => None,
        }
    }

    fn float(&self) -> Option<f64> {
        match self {
            Cell::Float(number) => Some(*number),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Cell::Text(text) => std::str::from_utf8(text).ok(),
            _ => None,
        }
    }

    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Cell::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    fn encoded(&self, encode: &Py<PyAny>, out: &mut Vec<u8>) -> PyResult<()> {
        Python::attach(|py| {
            if let Some(raised) = PyErr::take(py) {
                return Err(raised); // by a function in Python that SQLite has called; no other may be called then
            }
            let made = encode.bind(py).call1((self.python(py)?,))?;
            out.extend_from_slice(made.cast::<PyBytes>()?.as_bytes());
            Ok(())
        })
    }
}

/// Runs an INSERT of one row, and the same of several, for many rows.
#[pyclass(module = "pgiris_native")]
pub struct Inserter {
    one: Insertion,
    several: Option<Insertion>,
    binder: Py<Binder>,
    _connection: Py<PyAny>, // goes last
}

#[pymethods]
impl Inserter {
    /// several: the text of an INSERT of so many rows, None when there is none. None when the connection cannot be used here.
    #[staticmethod]
    fn prepared(
        connection: Bound<'_, PyAny>,
        binder: Bound<'_, Binder>,
        one: &str,
        several: Option<(&str, usize)>,
    ) -> PyResult<Option<Self>> {
        let Some(opened) = opened(&connection)? else { return Ok(None) };
        let slots = binder.get().slots.len();
        let Some(one) = Insertion::prepared(opened, one, 1, slots) else { return Ok(None) };
        let several = several.and_then(|(text, rows)| Insertion::prepared(opened, text, rows, slots));
        Ok(Some(Inserter { one, several, binder: binder.unbind(), _connection: connection.unbind() }))
    }

    /// Insert rows up to the first that fails, or whose values need a closer look; how many were inserted.
    fn insert(&mut self, rows: &Bound<'_, PyAny>) -> PyResult<usize> {
        let py = rows.py();
        let binder = self.binder.bind(py).get();
        if let Ok(block) = rows.cast_exact::<Block>() {
            let block = block.get();
            let row = |index| Ok(block.row(py, index));
            return if block.width() == binder.width { self.insert_each(py, block.len(), row, Lasting::Yes) } else { Ok(0) };
        }
        let Ok(list) = rows.cast_exact::<PyList>() else { return Ok(0) };
        let row = |index| match list.get_item(index)?.cast_into_exact::<PyTuple>() {
            Ok(row) => Ok(row),
            Err(other) => other.into_inner().try_iter()?.collect::<PyResult<Vec<_>>>().and_then(|cells| PyTuple::new(py, cells)),
        };
        self.insert_each(py, list.len(), row, Lasting::No)
    }
}

impl Inserter {
    /// lasting: of the rows' texts and bytes.
    fn insert_each<R: Row>(
        &self,
        py: Python<'_>,
        count: usize,
        row: impl Fn(usize) -> PyResult<R>,
        lasting: Lasting,
    ) -> PyResult<usize> {
        let slots = &self.binder.get().slots;
        let mut done = 0;
        for insertion in self.several.iter().chain([&self.one]) {
            let _free = Unbound(insertion.raw);
            while count - done >= insertion.rows {
                if !insertion.run(py, slots, |index| row(done + index), lasting)? {
                    return Ok(done);
                }
                done += insertion.rows;
            }
        }
        Ok(done)
    }
}

/// Whether texts and bytes stay where they are until insert() ends, and with it what is bound; else SQLite has to copy them.
#[derive(Clone, Copy)]
enum Lasting {
    Yes,
    No,
}

/// A prepared INSERT of some rows.
struct Insertion {
    raw: NonNull<ffi::sqlite3_stmt>,
    rows: usize,
}

// SAFETY: it is used by one thread at a time, as its connection is, which SQLite allows.
unsafe impl Send for Insertion {}
// SAFETY: as above.
unsafe impl Sync for Insertion {}

impl Insertion {
    /// connection: an open one. None when SQLite does not take the text, or it has another number of parameters.
    fn prepared(connection: *mut ffi::sqlite3, text: &str, rows: usize, slots: usize) -> Option<Self> {
        let mut raw = ptr::null_mut();
        let length = c_int::try_from(text.len()).ok()?;
        // SAFETY: the connection is open, and the text has that length.
        unsafe {
            let flags = ffi::SQLITE_PREPARE_PERSISTENT;
            ffi::sqlite3_prepare_v3(connection, text.as_ptr().cast(), length, flags, &mut raw, ptr::null_mut());
        }
        let prepared = Insertion { raw: NonNull::new(raw)?, rows };
        // SAFETY: a statement.
        let parameters = unsafe { ffi::sqlite3_bind_parameter_count(raw) };
        (usize::try_from(parameters) == Ok(rows * slots)).then_some(prepared)
    }

    /// Whether the rows were inserted. row: by its number.
    fn run<R: Row>(
        &self,
        py: Python<'_>,
        slots: &[Slot],
        row: impl Fn(usize) -> PyResult<R>,
        lasting: Lasting,
    ) -> PyResult<bool> {
        let _ready = Reset(self.raw);
        let mut digits = itoa::Buffer::new();
        let mut place = 0;
        for index in 0..self.rows {
            let row = row(index)?;
            for slot in slots {
                place += 1;
                let given = row.cell(slot.place)?;
                let bound = match slot.stored(&given, &mut digits) {
                    Some(Stored::AsIs) => given.plain().is_some_and(|value| self.bind(place, value, lasting)),
                    Some(Stored::Text(text)) => self.bind(place, Plain::Text(text), Lasting::No),
                    None => false,
                };
                if !bound {
                    return Ok(false);
                }
            }
        }
        // SAFETY: a statement, all of whose parameters are bound.
        let done = py.detach(|| unsafe { ffi::sqlite3_step(self.raw().as_ptr()) }) == ffi::SQLITE_DONE;
        Ok(PyErr::take(py).is_none() && done) // what a function in Python raises comes again when the rows are inserted one by one
    }

    fn raw(&self) -> NonNull<ffi::sqlite3_stmt> {
        self.raw
    }

    fn bind(&self, place: c_int, value: Plain<'_>, lasting: Lasting) -> bool {
        let raw = self.raw.as_ptr();
        let keep = match lasting {
            Lasting::Yes => ffi::SQLITE_STATIC(),
            Lasting::No => ffi::SQLITE_TRANSIENT(),
        };
        // SAFETY: a statement that does not run. Texts and bytes are as long as that, and last, or SQLite copies them.
        ffi::SQLITE_OK
            == unsafe {
                match value {
                    Plain::Null => ffi::sqlite3_bind_null(raw, place),
                    Plain::Integer(number) => ffi::sqlite3_bind_int64(raw, place, number),
                    Plain::Float(number) => ffi::sqlite3_bind_double(raw, place, number),
                    Plain::Text(text) => {
                        let (start, length) = (text.as_ptr().cast(), text.len() as u64);
                        ffi::sqlite3_bind_text64(raw, place, start, length, keep, ffi::SQLITE_UTF8 as u8)
                    }
                    Plain::Bytes(bytes) => {
                        let (start, length) = (bytes.as_ptr().cast(), bytes.len() as u64);
                        ffi::sqlite3_bind_blob64(raw, place, start, length, keep)
                    }
                }
            }
    }
}

impl Drop for Insertion {
    fn drop(&mut self) {
        // SAFETY: its own statement, whose connection is held.
        unsafe { ffi::sqlite3_finalize(self.raw.as_ptr()) };
    }
}

/// A statement that is ready again in the end, whatever happens.
struct Reset(NonNull<ffi::sqlite3_stmt>);

impl Drop for Reset {
    fn drop(&mut self) {
        // SAFETY: a statement.
        unsafe { ffi::sqlite3_reset(self.0.as_ptr()) };
    }
}

/// A statement that in the end keeps no values.
struct Unbound(NonNull<ffi::sqlite3_stmt>);

impl Drop for Unbound {
    fn drop(&mut self) {
        // SAFETY: a statement that does not run.
        unsafe { ffi::sqlite3_clear_bindings(self.0.as_ptr()) };
    }
}
