//! A block of rows on their way in, which become Python values only where somebody looks at them.

use std::ops::Range;

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyIterator, PyList, PySlice, PyString, PyTuple};

use crate::rows::Row;
use crate::value::{Plain, Value};

pub enum Cell {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    /// of `texts`
    Text(Range<usize>),
    /// of `octets`
    Bytes(Range<usize>),
    /// what is nothing of the others
    Object(Py<PyAny>),
}

/// A sequence of tuples of values.
#[pyclass(frozen, module = "pgiris_native")]
pub struct Block {
    width: usize,
    cells: Vec<Cell>,
    texts: String,
    octets: Vec<u8>,
    scratch: Vec<u8>,
}

impl Block {
    /// size: about so many bytes will the values have.
    pub fn new(width: usize, size: usize) -> Self {
        Block {
            width,
            cells: Vec::with_capacity((size / 8).min(1 << 16)),
            texts: String::with_capacity(size),
            octets: Vec::new(),
            scratch: Vec::new(),
        }
    }

    pub fn push(&mut self, cell: Cell) {
        self.cells.push(cell);
    }

    /// None when it is no UTF-8.
    pub fn push_text(&mut self, text: &[u8]) -> Option<()> {
        let start = self.texts.len();
        self.texts.push_str(std::str::from_utf8(text).ok()?);
        self.cells.push(Cell::Text(start..self.texts.len()));
        Some(())
    }

    /// write: makes a text, or gives None.
    pub fn push_written(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> Option<()> {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        let done = write(&mut scratch).and_then(|()| self.push_text(&scratch));
        self.scratch = scratch;
        done
    }

    pub fn push_bytes(&mut self, bytes: &[u8]) {
        let start = self.octets.len();
        self.octets.extend_from_slice(bytes);
        self.cells.push(Cell::Bytes(start..self.octets.len()));
    }

    pub fn push_object(&mut self, object: Bound<'_, PyAny>) {
        if let Ok(truth) = object.cast_exact::<PyBool>() {
            return self.cells.push(Cell::Bool(truth.is_true()));
        }
        match object.as_borrowed().plain() {
            Some(Plain::Null) => self.cells.push(Cell::Null),
            Some(Plain::Integer(number)) => self.cells.push(Cell::Integer(number)),
            Some(Plain::Float(number)) => self.cells.push(Cell::Float(number)),
            Some(Plain::Bytes(bytes)) => self.push_bytes(bytes),
            Some(Plain::Text(text)) => {
                let start = self.texts.len();
                self.texts.push_str(text);
                self.cells.push(Cell::Text(start..self.texts.len()));
            }
            None => self.cells.push(Cell::Object(object.unbind())),
        }
    }

    pub fn drop_unfinished(&mut self) {
        self.cells.truncate(self.len() * self.width);
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn len(&self) -> usize {
        self.cells.len() / self.width.max(1)
    }

    /// index: below len().
    pub fn row<'a, 'py>(&'a self, py: Python<'py>, index: usize) -> BlockRow<'a, 'py> {
        BlockRow { block: self, first: index * self.width, py }
    }

    fn tuple<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Bound<'py, PyTuple>> {
        let row = self.row(py, index);
        let cells: Vec<_> = (0..self.width).map(|place| row.cell(place)?.object()).collect::<PyResult<_>>()?;
        PyTuple::new(py, cells)
    }

    fn list<'py>(&self, py: Python<'py>, indexes: impl Iterator<Item = usize>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, indexes.map(|index| self.tuple(py, index)).collect::<PyResult<Vec<_>>>()?)
    }
}

#[pymethods]
impl Block {
    fn __len__(&self) -> usize {
        self.len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.list(py, 0..self.len())?.try_iter()
    }

    /// Whether a text has more characters than its column may. lengths: (column, characters).
    fn exceeds(&self, lengths: Vec<(usize, usize)>) -> bool {
        lengths.iter().any(|&(column, length)| {
            self.cells.iter().skip(column).step_by(self.width.max(1)).any(|cell| match cell {
                Cell::Text(range) => range.len() > length && self.texts[range.clone()].chars().count() > length,
                _ => false,
            })
        })
    }

    /// A row, or a list of some.
    fn __getitem__<'py>(&self, py: Python<'py>, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let count = self.len();
        if let Ok(slice) = index.cast::<PySlice>() {
            let found = slice.indices(count as isize)?;
            let indexes = (0..found.slicelength as isize).map(|number| (found.start + number * found.step) as usize);
            return Ok(self.list(py, indexes)?.into_any());
        }
        let index: isize = index.extract()?;
        let place = if index < 0 { index + count as isize } else { index };
        match usize::try_from(place) {
            Ok(place) if place < count => Ok(self.tuple(py, place)?.into_any()),
            _ => Err(PyIndexError::new_err("row index out of range")),
        }
    }
}

pub struct BlockRow<'a, 'py> {
    block: &'a Block,
    first: usize,
    py: Python<'py>,
}

impl<'py> Row for BlockRow<'_, 'py> {
    type Cell<'b>
        = BlockCell<'b, 'py>
    where
        Self: 'b;

    fn cell(&self, place: usize) -> PyResult<BlockCell<'_, 'py>> {
        let cell = self.block.cells.get(self.first + place).ok_or_else(|| PyIndexError::new_err("no such cell"))?;
        Ok(BlockCell { block: self.block, cell, py: self.py })
    }
}

pub struct BlockCell<'a, 'py> {
    block: &'a Block,
    cell: &'a Cell,
    py: Python<'py>,
}

impl<'py> BlockCell<'_, 'py> {
    fn object(&self) -> PyResult<Bound<'py, PyAny>> {
        let py = self.py;
        Ok(match self.cell {
            Cell::Null => py.None().into_bound(py),
            Cell::Bool(truth) => PyBool::new(py, *truth).to_owned().into_any(),
            Cell::Integer(number) => number.into_pyobject(py)?.into_any(),
            Cell::Float(number) => number.into_pyobject(py)?.into_any(),
            Cell::Text(range) => PyString::new(py, &self.block.texts[range.clone()]).into_any(),
            Cell::Bytes(range) => PyBytes::new(py, &self.block.octets[range.clone()]).into_any(),
            Cell::Object(object) => object.bind(py).clone(),
        })
    }
}

impl Value for BlockCell<'_, '_> {
    fn is_null(&self) -> bool {
        matches!(self.cell, Cell::Null)
    }

    fn integer(&self) -> Option<i64> {
        match self.cell {
            Cell::Integer(number) => Some(*number),
            _ => None,
        }
    }

    fn float(&self) -> Option<f64> {
        match self.cell {
            Cell::Float(number) => Some(*number),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self.cell {
            Cell::Text(range) => Some(&self.block.texts[range.clone()]),
            _ => None,
        }
    }

    fn bytes(&self) -> Option<&[u8]> {
        match self.cell {
            Cell::Bytes(range) => Some(&self.block.octets[range.clone()]),
            _ => None,
        }
    }

    fn truth(&self) -> Option<bool> {
        match self.cell {
            Cell::Bool(truth) => Some(*truth),
            Cell::Integer(number @ (0 | 1)) => Some(*number == 1),
            _ => None,
        }
    }

    fn encoded(&self, encode: &Py<PyAny>, out: &mut Vec<u8>) -> PyResult<()> {
        self.object()?.as_borrowed().encoded(encode, out)
    }
}
