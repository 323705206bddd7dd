//! COPY TO STDOUT: rows of values -> CopyData messages, one for each row.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::cell::{Column, Spec};
use crate::rows::{count_of, for_each_row, patch_length, write_cells};

const MARKER: &[u8] = b"\\.";

/// How cells are told from delimiters.
enum Style {
    /// What stands behind a backslash for a byte, 0 for bytes that stand for themselves.
    Text { letters: Box<[u8; 256]> },
    /// quoted: whether a column is always quoted.
    Csv { quote: u8, escape: u8, special: Box<[bool; 256]>, quoted: Vec<bool> },
}

/// Text and CSV in UTF-8: copy/text.py, TextWriter; copy/csv.py, CsvWriter.
#[pyclass(frozen, module = "pgiris_native")]
pub struct CopyLines {
    columns: Vec<Column>,
    style: Style,
    delimiter: u8,
    null: Vec<u8>,
}

fn byte_of(text: &[u8]) -> PyResult<u8> {
    match text {
        [byte] => Ok(*byte),
        _ => Err(PyValueError::new_err("not a single byte")),
    }
}

#[pymethods]
impl CopyLines {
    /// quote and escape: None in text format. quoted: places of columns that are always quoted.
    #[new]
    fn new(
        specs: Vec<Spec>,
        delimiter: &[u8],
        null: Vec<u8>,
        quote: Option<&[u8]>,
        escape: Option<&[u8]>,
        quoted: Vec<usize>,
    ) -> PyResult<Self> {
        let columns = Column::all(specs)?;
        let delimiter = byte_of(delimiter)?;
        let style = match (quote, escape) {
            (Some(quote), Some(escape)) => csv_style(byte_of(quote)?, byte_of(escape)?, delimiter, &quoted, columns.len()),
            _ => text_style(delimiter),
        };
        Ok(CopyLines { columns, style, delimiter, null })
    }

    fn encode<'py>(&self, rows: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        let mut out = Vec::with_capacity(1 << 16);
        for_each_row(rows, self.columns.len(), |row| {
            let start = out.len();
            out.extend_from_slice(&[b'd', 0, 0, 0, 0]);
            for (place, (column, given)) in self.columns.iter().zip(row.iter_borrowed()).enumerate() {
                if place > 0 {
                    out.push(self.delimiter);
                }
                if given.is_none() {
                    out.extend_from_slice(&self.null);
                    continue;
                }
                let at = out.len();
                column.write(&given, &mut out)?;
                self.escape(&mut out, at, place);
            }
            out.push(b'\n');
            patch_length(&mut out, start + 1, 4)
        })?;
        Ok(PyBytes::new(rows.py(), &out))
    }
}

impl CopyLines {
    /// Give the cell that starts at a place the escapes or quotes that it needs.
    fn escape(&self, out: &mut Vec<u8>, at: usize, place: usize) {
        match &self.style {
            Style::Text { letters } => {
                if out[at..].iter().all(|byte| letters[usize::from(*byte)] == 0) {
                    return;
                }
                let cell = out.split_off(at);
                for byte in cell {
                    let letter = letters[usize::from(byte)];
                    if letter == 0 {
                        out.push(byte);
                    } else {
                        out.extend_from_slice(&[b'\\', letter]);
                    }
                }
            }
            Style::Csv { quote, escape, special, quoted } => {
                let cell = &out[at..];
                let plain = !quoted[place]
                    && cell != self.null.as_slice()
                    && !(self.columns.len() == 1 && cell == MARKER)
                    && cell.iter().all(|byte| !special[usize::from(*byte)]);
                if plain {
                    return;
                }
                let cell = out.split_off(at);
                out.push(*quote);
                for byte in cell {
                    if byte == *quote || byte == *escape {
                        out.push(*escape);
                    }
                    out.push(byte);
                }
                out.push(*quote);
            }
        }
    }
}

fn text_style(delimiter: u8) -> Style {
    let mut letters = Box::new([0; 256]);
    letters[usize::from(delimiter)] = delimiter;
    for (byte, letter) in [(b'\\', b'\\'), (8, b'b'), (12, b'f'), (b'\n', b'n'), (b'\r', b'r'), (b'\t', b't'), (11, b'v')] {
        letters[usize::from(byte)] = letter;
    }
    Style::Text { letters }
}

fn csv_style(quote: u8, escape: u8, delimiter: u8, places: &[usize], width: usize) -> Style {
    let mut special = Box::new([false; 256]);
    for byte in [b'\r', b'\n', quote, delimiter] {
        special[usize::from(byte)] = true;
    }
    let quoted = (0..width).map(|place| places.contains(&place)).collect();
    Style::Csv { quote, escape, special, quoted }
}

/// Binary: copy/binary.py, BinaryWriter.
#[pyclass(frozen, module = "pgiris_native")]
pub struct CopyTuples {
    columns: Vec<Column>,
    count: [u8; 2],
}

#[pymethods]
impl CopyTuples {
    #[new]
    fn new(specs: Vec<Spec>) -> PyResult<Self> {
        let columns = Column::all(specs)?;
        let count = count_of(&columns)?;
        Ok(CopyTuples { columns, count })
    }

    /// first: what shares its message with the first row, the header or nothing.
    fn encode<'py>(&self, rows: &Bound<'py, PyAny>, first: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let mut out = Vec::with_capacity(1 << 16);
        let mut before = first;
        for_each_row(rows, self.columns.len(), |row| {
            let start = out.len();
            out.extend_from_slice(&[b'd', 0, 0, 0, 0]);
            out.extend_from_slice(std::mem::take(&mut before));
            out.extend_from_slice(&self.count);
            write_cells(&self.columns, row, &mut out)?;
            patch_length(&mut out, start + 1, 4)
        })?;
        Ok(PyBytes::new(rows.py(), &out))
    }
}
