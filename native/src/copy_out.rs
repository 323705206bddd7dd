//! COPY TO STDOUT: rows of values -> CopyData messages, one for each row.

use pyo3::exceptions::{PyOverflowError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::cell::{Column, Spec, NUMERALS};
use crate::rows::{count_of, encode, patch_length, write_cells, Row, Writer};
use crate::sqlite::{self, Taken};
use crate::value::Value;

const MARKER: &[u8] = b"\\.";

/// How cells are told from delimiters.
enum Style {
    /// What stands behind a backslash for a byte, 0 for bytes that stand for themselves.
    Text { letters: Box<[u8; 256]> },
    /// quoted: whether a column is always quoted.
    Csv { quote: u8, escape: u8, special: Box<[bool; 256]>, quoted: Vec<bool> },
}

impl Style {
    fn has_plain_numerals(&self, null: &[u8], place: usize) -> bool {
        match self {
            Style::Text { letters } => NUMERALS.iter().all(|byte| letters[usize::from(*byte)] == 0),
            Style::Csv { special, quoted, .. } => {
                let null_is_other = null.is_empty() || !null.iter().all(|byte| NUMERALS.contains(byte));
                !quoted[place] && null_is_other && !NUMERALS.iter().any(|byte| special[usize::from(*byte)])
            }
        }
    }
}

/// Text and CSV in UTF-8: copy/text.py, TextWriter; copy/csv.py, CsvWriter.
#[pyclass(frozen, module = "pgiris_native")]
pub struct CopyLines {
    columns: Vec<Column>,
    style: Style,
    delimiter: u8,
    null: Vec<u8>,
    plain_numerals: Vec<bool>, // of each column, whether numbers stand for themselves there
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
        let plain_numerals = (0..columns.len()).map(|place| style.has_plain_numerals(&null, place)).collect();
        Ok(CopyLines { columns, style, delimiter, null, plain_numerals })
    }

    fn encode<'py>(&self, rows: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(rows.py(), &encode(self, rows, 1 << 16)?))
    }

    /// The same for the next rows of a statement of SQLite, as sqlite::take() says.
    fn take<'py>(&self, cursor: &Bound<'py, PyAny>, rows: usize, bytes: usize) -> PyResult<Option<Taken<'py>>> {
        sqlite::take(self, cursor, rows, bytes)
    }
}

impl Writer for CopyLines {
    fn width(&self) -> usize {
        self.columns.len()
    }

    fn write(&self, row: &impl Row, out: &mut Vec<u8>) -> PyResult<()> {
        let start = out.len();
        out.extend_from_slice(&[b'd', 0, 0, 0, 0]);
        for (place, column) in self.columns.iter().enumerate() {
            if place > 0 {
                out.push(self.delimiter);
            }
            let given = row.cell(place)?;
            if given.is_null() {
                out.extend_from_slice(&self.null);
                continue;
            }
            let at = out.len();
            if !(column.write_plainly(&given, out)? && self.plain_numerals[place]) {
                self.escape(out, at, place);
            }
        }
        out.push(b'\n');
        patch_length(out, start + 1, 4)
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
        let mut out = encode(self, rows, 1 << 16)?;
        if !first.is_empty() && !out.is_empty() {
            out.splice(5..5, first.iter().copied());
            let length = i32::from_be_bytes([out[1], out[2], out[3], out[4]]) as usize + first.len();
            let length = i32::try_from(length).map_err(|_| PyOverflowError::new_err("a message is too long"))?;
            out[1..5].copy_from_slice(&length.to_be_bytes());
        }
        Ok(PyBytes::new(rows.py(), &out))
    }

    /// The same for the next rows of a statement of SQLite, as sqlite::take() says.
    fn take<'py>(&self, cursor: &Bound<'py, PyAny>, rows: usize, bytes: usize) -> PyResult<Option<Taken<'py>>> {
        sqlite::take(self, cursor, rows, bytes)
    }
}

impl Writer for CopyTuples {
    fn width(&self) -> usize {
        self.columns.len()
    }

    fn write(&self, row: &impl Row, out: &mut Vec<u8>) -> PyResult<()> {
        let start = out.len();
        out.extend_from_slice(&[b'd', 0, 0, 0, 0]);
        out.extend_from_slice(&self.count);
        write_cells(&self.columns, row, out)?;
        patch_length(out, start + 1, 4)
    }
}
