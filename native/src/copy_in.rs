//! COPY FROM STDIN: whole lines or tuples -> rows of values, when all of them are plain.
//!
//! None instead of rows leaves a block to Python, which has every option and words the errors.

use memchr::{memchr, memchr2, memchr3, memmem};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyFloat, PyList, PyString, PyTuple};
use pyo3::IntoPyObjectExt;

use crate::cell::hex_digit;
use crate::{moment, number};

const ROW_LIMIT_BYTES: usize = 0x3FFF_FFFF; // copy/cells.py

/// What a column's cells become; pgiris/types/native.py knows the names.
enum Kind {
    Python,
    Text,
    Unpadded,
    Integer(u32),
    Bool,
    Float8,
    Numeric,
    Date,
    Timestamp,
    Uuid,
    Hex,
    Packed(u32),
    PackedBool,
    PackedFloat8,
    PackedNumeric,
    PackedTimestamp,
    PackedUuid,
    Octets,
}

struct Column {
    kind: Kind,
    decode: Py<PyAny>,
}

/// (name of the kind, its number, the Python function)
type Spec = (String, u32, Py<PyAny>);

impl Column {
    fn new(spec: Spec) -> PyResult<Self> {
        let (name, bits, decode) = spec;
        let kind = match name.as_str() {
            "python" => Kind::Python,
            "text" => Kind::Text,
            "unpadded" => Kind::Unpadded,
            "integer" if (1..=64).contains(&bits) => Kind::Integer(bits),
            "bool" => Kind::Bool,
            "float8" => Kind::Float8,
            "numeric" => Kind::Numeric,
            "date" => Kind::Date,
            "timestamp" => Kind::Timestamp,
            "uuid" => Kind::Uuid,
            "hex" => Kind::Hex,
            "packed" if matches!(bits, 16 | 32 | 64) => Kind::Packed(bits),
            "packed_bool" => Kind::PackedBool,
            "packed_float8" => Kind::PackedFloat8,
            "packed_numeric" => Kind::PackedNumeric,
            "packed_timestamp" => Kind::PackedTimestamp,
            "packed_uuid" => Kind::PackedUuid,
            "octets" => Kind::Octets,
            unknown => return Err(PyValueError::new_err(format!("unknown kind {unknown}"))),
        };
        Ok(Column { kind, decode })
    }

    /// None when the cell is wrong: Python will say how.
    fn read<'py>(&self, py: Python<'py>, cell: &[u8], scratch: &mut Vec<u8>) -> Option<Bound<'py, PyAny>> {
        if let Some(found) = self.kind.read(py, cell, scratch) {
            return Some(found);
        }
        self.decode.bind(py).call1((PyBytes::new(py, cell),)).ok()
    }
}

fn string<'py>(py: Python<'py>, text: &[u8]) -> Option<Bound<'py, PyAny>> {
    Some(PyString::new(py, std::str::from_utf8(text).ok()?).into_any())
}

impl Kind {
    #[inline]
    fn read<'py>(&self, py: Python<'py>, cell: &[u8], scratch: &mut Vec<u8>) -> Option<Bound<'py, PyAny>> {
        scratch.clear();
        match *self {
            Kind::Python => None,
            Kind::Text => {
                if memchr(0, cell).is_some() {
                    return None;
                }
                string(py, cell)
            }
            Kind::Unpadded => {
                let end = cell.iter().rposition(|byte| *byte != b' ').map_or(0, |place| place + 1);
                Kind::Text.read(py, &cell[..end], scratch)
            }
            Kind::Integer(bits) => whole(cell, bits)?.into_bound_py_any(py).ok(),
            Kind::Bool => truth(py, cell),
            Kind::Float8 => float8(py, cell),
            Kind::Numeric => {
                let number = number::Plain::parse(cell)?;
                let plain = cell.len() < 1000 && !(number.whole.len() > 1 && number.whole[0] == b'0');
                if !plain || (number.negative && number.whole[0] == b'0') {
                    return None;
                }
                string(py, cell)
            }
            Kind::Date => {
                moment::day(cell)?;
                string(py, cell)
            }
            Kind::Timestamp => {
                let us = moment::moment(cell, |byte| byte == b' ' || byte == b'T')?;
                if cell[10] == b' ' && !moment::has_zeros_at_end(cell) {
                    return string(py, cell);
                }
                moment::write_moment(us, scratch);
                string(py, scratch)
            }
            Kind::Uuid => {
                let hyphens = |place| matches!(place, 8 | 13 | 18 | 23);
                let fits = |(place, byte): (usize, &u8)| if hyphens(place) { *byte == b'-' } else { byte.is_ascii_hexdigit() };
                if cell.len() != 36 || !cell.iter().enumerate().all(fits) {
                    return None;
                }
                scratch.extend(cell.iter().map(u8::to_ascii_lowercase));
                string(py, scratch)
            }
            Kind::Hex => {
                let digits = cell.strip_prefix(b"\\x")?;
                if digits.len() % 2 == 1 {
                    return None;
                }
                for pair in digits.chunks_exact(2) {
                    scratch.push(hex_digit(pair[0])? << 4 | hex_digit(pair[1])?);
                }
                Some(PyBytes::new(py, scratch).into_any())
            }
            Kind::Packed(bits) => {
                let number = match bits {
                    16 => i64::from(i16::from_be_bytes(cell.try_into().ok()?)),
                    32 => i64::from(i32::from_be_bytes(cell.try_into().ok()?)),
                    _ => i64::from_be_bytes(cell.try_into().ok()?),
                };
                number.into_bound_py_any(py).ok()
            }
            Kind::PackedBool => match cell {
                [byte] => Some(PyBool::new(py, *byte != 0).to_owned().into_any()),
                _ => None,
            },
            Kind::PackedFloat8 => {
                let number = f64::from_be_bytes(cell.try_into().ok()?);
                number.is_finite().then(|| PyFloat::new(py, number).into_any())
            }
            Kind::PackedNumeric => {
                number::numeric_text(cell, scratch)?;
                string(py, scratch)
            }
            Kind::PackedTimestamp => {
                let us = i64::from_be_bytes(cell.try_into().ok()?);
                if !(moment::FIRST_US..=moment::LAST_US).contains(&us) {
                    return None;
                }
                moment::write_moment(us, scratch);
                string(py, scratch)
            }
            Kind::PackedUuid => {
                if cell.len() != 16 {
                    return None;
                }
                for (place, byte) in cell.iter().enumerate() {
                    if matches!(place, 4 | 6 | 8 | 10) {
                        scratch.push(b'-');
                    }
                    scratch.extend([byte >> 4, byte & 15].map(|digit| b"0123456789abcdef"[usize::from(digit)]));
                }
                string(py, scratch)
            }
            Kind::Octets => Some(PyBytes::new(py, cell).into_any()),
        }
    }
}

fn whole(cell: &[u8], bits: u32) -> Option<i64> {
    let (negative, digits) = match cell.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, cell),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut number = 0_i64;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(byte - b'0');
    }
    let number = if negative { -number } else { number };
    ((i64::MIN >> (64 - bits))..=(i64::MAX >> (64 - bits))).contains(&number).then_some(number)
}

fn truth<'py>(py: Python<'py>, cell: &[u8]) -> Option<Bound<'py, PyAny>> {
    let found = match cell {
        b"t" | b"true" | b"1" => true,
        b"f" | b"false" | b"0" => false,
        _ => return None,
    };
    Some(PyBool::new(py, found).to_owned().into_any())
}

fn float8<'py>(py: Python<'py>, cell: &[u8]) -> Option<Bound<'py, PyAny>> {
    let digits = cell.strip_prefix(b"-").unwrap_or(cell);
    if !digits.first()?.is_ascii_digit()
        || !digits.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
    {
        return None;
    }
    let number: f64 = std::str::from_utf8(cell).ok()?.parse().ok()?;
    (number.is_finite() && number != 0.0 || digits == b"0").then(|| PyFloat::new(py, number).into_any())
}

/// How a line is divided.
#[derive(Clone, Copy)]
enum Style {
    Text,
    Csv { quote: u8 },
}

/// Lines of text or CSV in UTF-8: copy/text.py, TextReader; copy/csv.py, CsvReader.
#[pyclass(frozen, module = "pgiris_native")]
pub struct LineBlocks {
    columns: Vec<Column>,
    style: Style,
    delimiter: u8,
    null: Vec<u8>,
}

#[pymethods]
impl LineBlocks {
    /// quote: None in text format.
    #[new]
    fn new(specs: Vec<Spec>, delimiter: u8, null: Vec<u8>, quote: Option<u8>) -> PyResult<Self> {
        let columns = specs.into_iter().map(Column::new).collect::<PyResult<_>>()?;
        let style = quote.map_or(Style::Text, |quote| Style::Csv { quote });
        Ok(LineBlocks { columns, style, delimiter, null })
    }

    /// The rows of whole lines, each ended by a newline or, if `returns`, by CR and LF; None leaves them to Python.
    fn decode<'py>(&self, py: Python<'py>, block: &[u8], returns: bool) -> PyResult<Option<Bound<'py, PyList>>> {
        if std::str::from_utf8(block).is_err() || memchr(0, block).is_some() || memmem::find(block, b"\\.").is_some() {
            return Ok(None);
        }
        if !returns && memchr(b'\r', block).is_some() {
            return Ok(None);
        }
        let mut rows = Vec::new();
        let mut rest = block;
        let mut scratch = Scratch::default();
        while !rest.is_empty() {
            match self.row(py, rest, returns, &mut scratch) {
                Some((row, after)) => {
                    rows.push(row?);
                    rest = after;
                }
                None => return Ok(None),
            }
        }
        Ok(Some(PyList::new(py, rows)?))
    }
}

/// Kept from cell to cell, so that memory is asked for once.
#[derive(Default)]
struct Scratch {
    cell: Vec<u8>,
    value: Vec<u8>,
}

type Taken<'py, 'a> = Option<(PyResult<Bound<'py, PyTuple>>, &'a [u8])>;

impl LineBlocks {
    fn row<'py, 'a>(&self, py: Python<'py>, mut rest: &'a [u8], returns: bool, scratch: &mut Scratch) -> Taken<'py, 'a> {
        let mut cells: Vec<Bound<'py, PyAny>> = Vec::with_capacity(self.columns.len());
        let last = self.columns.len().checked_sub(1)?;
        for (place, column) in self.columns.iter().enumerate() {
            let Cell { raw, escaped, null, end } = match self.style {
                Style::Text => self.text_cell(rest, &mut scratch.cell)?,
                Style::Csv { quote } => self.csv_cell(rest, quote, &mut scratch.cell)?,
            };
            let (mut raw, ends_line) = (raw, rest[end] == b'\n');
            if ends_line != (place == last) {
                return None;
            }
            let mut null = null;
            if ends_line && returns {
                if escaped || null || raw.last() != Some(&b'\r') {
                    return None; // rare enough for Python
                }
                raw = &raw[..raw.len() - 1];
                null = raw == self.null.as_slice();
            }
            if returns && memchr(b'\r', raw).is_some() {
                return None;
            }
            cells.push(if null {
                py.None().into_bound(py)
            } else {
                column.read(py, if escaped { &scratch.cell } else { raw }, &mut scratch.value)?
            });
            rest = &rest[end + 1..];
        }
        Some((PyTuple::new(py, cells), rest))
    }

    fn text_cell<'a>(&self, rest: &'a [u8], made: &mut Vec<u8>) -> Option<Cell<'a>> {
        let first = memchr3(self.delimiter, b'\n', b'\\', rest)?;
        if rest[first] != b'\\' {
            let raw = &rest[..first];
            return Some(Cell { raw, escaped: false, null: raw == self.null.as_slice(), end: first });
        }
        let mut at = first;
        made.clear();
        made.extend_from_slice(&rest[..first]);
        loop {
            if rest[at] != b'\\' {
                let raw = &rest[..at];
                return Some(Cell { raw, escaped: true, null: raw == self.null.as_slice(), end: at });
            }
            made.push(match *rest.get(at + 1)? {
                b'b' => 8,
                b'f' => 12,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 11,
                b'0'..=b'7' | b'x' | b'\n' | b'\r' => return None,
                other if !other.is_ascii() => return None,
                other => other,
            });
            let next = memchr3(self.delimiter, b'\n', b'\\', &rest[at + 2..])?;
            made.extend_from_slice(&rest[at + 2..at + 2 + next]);
            at += 2 + next;
        }
    }

    fn csv_cell<'a>(&self, rest: &'a [u8], quote: u8, made: &mut Vec<u8>) -> Option<Cell<'a>> {
        if rest.first() != Some(&quote) {
            let end = memchr3(self.delimiter, b'\n', quote, rest)?;
            let raw = &rest[..end];
            return (rest[end] != quote).then_some(Cell { raw, escaped: false, null: raw == self.null.as_slice(), end });
        }
        made.clear();
        let mut at = 1;
        loop {
            let stop = at + memchr2(quote, b'\n', &rest[at..])?;
            if rest[stop] == b'\n' {
                return None; // lines within quotes count, which Python does
            }
            made.extend_from_slice(&rest[at..stop]);
            match *rest.get(stop + 1)? {
                byte if byte == quote => made.push(quote),
                byte if byte == self.delimiter || byte == b'\n' => {
                    return Some(Cell { raw: &rest[..stop + 1], escaped: true, null: false, end: stop + 1 });
                }
                _ => return None,
            }
            at = stop + 2;
        }
    }
}

/// raw: as it stands there, without what ends it at `end`. escaped: its bytes are those made aside.
struct Cell<'a> {
    raw: &'a [u8],
    escaped: bool,
    null: bool,
    end: usize,
}

/// Binary: copy/binary.py, BinaryReader.
#[pyclass(frozen, module = "pgiris_native")]
pub struct TupleBlocks {
    columns: Vec<Column>,
}

#[pymethods]
impl TupleBlocks {
    #[new]
    fn new(specs: Vec<Spec>) -> PyResult<Self> {
        Ok(TupleBlocks { columns: specs.into_iter().map(Column::new).collect::<PyResult<_>>()? })
    }

    /// The whole tuples from a place on, and where the first that is not whole begins; None leaves them to Python.
    fn decode<'py>(&self, py: Python<'py>, data: &[u8], start: usize) -> PyResult<Option<(Bound<'py, PyList>, usize)>> {
        let mut rows = Vec::new();
        let mut at = start;
        let mut scratch = Vec::new();
        loop {
            match self.row(py, data, at, &mut scratch) {
                Row::Taken(row, end) => {
                    rows.push(row?);
                    at = end;
                }
                Row::NotWhole => return Ok(Some((PyList::new(py, rows)?, at))),
                Row::Odd => return Ok(None),
            }
        }
    }
}

enum Row<'py> {
    Taken(PyResult<Bound<'py, PyTuple>>, usize),
    NotWhole,
    Odd,
}

impl TupleBlocks {
    fn row<'py>(&self, py: Python<'py>, data: &[u8], start: usize, scratch: &mut Vec<u8>) -> Row<'py> {
        let Some(count) = data.get(start..start + 2) else { return Row::NotWhole };
        if usize::from(u16::from_be_bytes([count[0], count[1]])) != self.columns.len() {
            return Row::Odd;
        }
        let mut at = start + 2;
        let mut cells: Vec<Bound<'py, PyAny>> = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let Some(length) = data.get(at..at + 4).and_then(|field| field.try_into().ok()).map(i32::from_be_bytes) else {
                return Row::NotWhole;
            };
            at += 4;
            let Ok(length) = usize::try_from(length) else {
                if length != -1 {
                    return Row::Odd;
                }
                cells.push(py.None().into_bound(py));
                continue;
            };
            if at + length - start > ROW_LIMIT_BYTES {
                return Row::Odd;
            }
            let Some(cell) = data.get(at..at + length) else { return Row::NotWhole };
            let Some(found) = column.read(py, cell, scratch) else { return Row::Odd };
            cells.push(found);
            at += length;
        }
        Row::Taken(PyTuple::new(py, cells), at)
    }
}
