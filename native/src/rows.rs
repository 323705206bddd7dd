//! Rows of values -> DataRow messages.

use std::sync::atomic::{AtomicUsize, Ordering};

use pyo3::exceptions::{PyOverflowError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};
use pyo3::Borrowed;

use crate::cell::{Column, Spec};
use crate::sqlite::{self, Taken};
use crate::value::Value;

/// Call `each` for every row, as a tuple.
pub fn for_each_row<'py>(
    rows: &Bound<'py, PyAny>,
    width: usize,
    mut each: impl FnMut(&Bound<'py, PyTuple>) -> PyResult<()>,
) -> PyResult<()> {
    let mut checked = |row: Bound<'py, PyAny>| {
        let row = match row.cast_into_exact::<PyTuple>() {
            Ok(row) => row,
            Err(other) => {
                other.into_inner().try_iter()?.collect::<PyResult<Vec<_>>>().and_then(|cells| PyTuple::new(rows.py(), cells))?
            }
        };
        if row.len() != width {
            return Err(PyValueError::new_err("a row has not as many values as there are columns"));
        }
        each(&row)
    };
    if let Ok(list) = rows.cast_exact::<PyList>() {
        return list.iter().try_for_each(checked);
    }
    for row in rows.try_iter()? {
        checked(row?)?;
    }
    Ok(())
}

/// A length field that is filled in once what it counts is there. own: bytes of the field that count too.
pub fn patch_length(out: &mut [u8], at: usize, own: usize) -> PyResult<()> {
    let length = i32::try_from(out.len() - at - 4 + own).map_err(|_| PyOverflowError::new_err("a message is too long"))?;
    out[at..at + 4].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

/// The cells of one row.
pub trait Row {
    type Cell<'a>: Value
    where
        Self: 'a;

    fn cell(&self, place: usize) -> PyResult<Self::Cell<'_>>;
}

impl<'py> Row for Bound<'py, PyTuple> {
    type Cell<'a>
        = Borrowed<'a, 'py, PyAny>
    where
        Self: 'a;

    fn cell(&self, place: usize) -> PyResult<Borrowed<'_, 'py, PyAny>> {
        self.get_borrowed_item(place)
    }
}

/// What writes rows of certain columns, each as one message.
pub trait Writer: Sync {
    fn width(&self) -> usize;

    /// row: of as many cells.
    fn write(&self, row: &impl Row, out: &mut Vec<u8>) -> PyResult<()>;
}

/// Messages of all rows. expected: how much memory they will probably take.
pub fn encode(writer: &impl Writer, rows: &Bound<'_, PyAny>, expected: usize) -> PyResult<Vec<u8>> {
    let mut out = Vec::with_capacity(expected);
    for_each_row(rows, writer.width(), |row| writer.write(row, &mut out))?;
    Ok(out)
}

/// Cells of a row, each with its length before it.
pub fn write_cells(columns: &[Column], row: &impl Row, out: &mut Vec<u8>) -> PyResult<()> {
    for (place, column) in columns.iter().enumerate() {
        let given = row.cell(place)?;
        if given.is_null() {
            out.extend_from_slice(&(-1_i32).to_be_bytes());
            continue;
        }
        let at = out.len();
        out.extend_from_slice(&[0; 4]);
        column.write(&given, out)?;
        patch_length(out, at, 0)?;
    }
    Ok(())
}

/// How many columns, as messages and tuples tell it.
pub fn count_of(columns: &[Column]) -> PyResult<[u8; 2]> {
    let count = u16::try_from(columns.len()).map_err(|_| PyValueError::new_err("too many columns"))?;
    Ok(count.to_be_bytes())
}

/// Encodes rows of certain columns: types/rows.py, RowPlan.
#[pyclass(frozen, module = "pgiris_native")]
pub struct DataRows {
    columns: Vec<Column>,
    count: [u8; 2],
    expected: AtomicUsize, // bytes of the next call
}

#[pymethods]
impl DataRows {
    #[new]
    fn new(specs: Vec<Spec>) -> PyResult<Self> {
        let columns = Column::all(specs)?;
        let count = count_of(&columns)?;
        Ok(DataRows { columns, count, expected: AtomicUsize::new(256) })
    }

    /// One DataRow message for each row.
    fn encode<'py>(&self, rows: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        let out = encode(self, rows, self.expected.load(Ordering::Relaxed))?;
        self.expected.store((out.len() + out.len() / 8).clamp(256, 1 << 20), Ordering::Relaxed);
        Ok(PyBytes::new(rows.py(), &out))
    }

    /// The same for the next rows of a statement of SQLite, as sqlite::take() says.
    fn take<'py>(&self, cursor: &Bound<'py, PyAny>, rows: usize, bytes: usize) -> PyResult<Option<Taken<'py>>> {
        sqlite::take(self, cursor, rows, bytes)
    }
}

impl Writer for DataRows {
    fn width(&self) -> usize {
        self.columns.len()
    }

    fn write(&self, row: &impl Row, out: &mut Vec<u8>) -> PyResult<()> {
        let start = out.len();
        out.extend_from_slice(&[b'D', 0, 0, 0, 0, self.count[0], self.count[1]]);
        write_cells(&self.columns, row, out)?;
        patch_length(out, start + 1, 4)
    }
}
