//! COPY FROM STDIN: whole lines or tuples -> a block of rows, when all of them are plain.
//!
//! None instead of a block leaves a block to Python, which has every option and words the errors.

use memchr::{memchr, memchr2, memchr3, memmem};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::block::{Block, Cell};
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
    fn read(&self, py: Python<'_>, cell: &[u8], made: &mut Block) -> Option<()> {
        if self.kind.read(cell, made).is_some() {
            return Some(());
        }
        made.push_object(self.decode.bind(py).call1((PyBytes::new(py, cell),)).ok()?);
        Some(())
    }
}

impl Kind {
    /// Append the value of a cell; when it is not plain, nothing and None.
    #[inline]
    fn read(&self, cell: &[u8], made: &mut Block) -> Option<()> {
        match *self {
            Kind::Python => return None,
            Kind::Text => {
                if memchr(0, cell).is_some() {
                    return None;
                }
                made.push_text(cell)?;
            }
            Kind::Unpadded => {
                let end = cell.iter().rposition(|byte| *byte != b' ').map_or(0, |place| place + 1);
                return Kind::Text.read(&cell[..end], made);
            }
            Kind::Integer(bits) => made.push(Cell::Integer(whole(cell, bits)?)),
            Kind::Bool => made.push(Cell::Bool(truth(cell)?)),
            Kind::Float8 => made.push(Cell::Float(float8(cell)?)),
            Kind::Numeric => {
                let number = number::Plain::parse(cell)?;
                let plain = cell.len() < 1000 && !(number.whole.len() > 1 && number.whole[0] == b'0');
                if !plain || (number.negative && number.whole[0] == b'0') {
                    return None;
                }
                made.push_text(cell)?;
            }
            Kind::Date => {
                moment::day(cell)?;
                made.push_text(cell)?;
            }
            Kind::Timestamp => {
                let us = moment::moment(cell, |byte| byte == b' ' || byte == b'T')?;
                if cell[10] == b' ' && !moment::has_zeros_at_end(cell) {
                    return made.push_text(cell);
                }
                made.push_written(|text| {
                    moment::write_moment(us, text);
                    Some(())
                })?;
            }
            Kind::Uuid => {
                let hyphens = |place| matches!(place, 8 | 13 | 18 | 23);
                let fits = |(place, byte): (usize, &u8)| if hyphens(place) { *byte == b'-' } else { byte.is_ascii_hexdigit() };
                if cell.len() != 36 || !cell.iter().enumerate().all(fits) {
                    return None;
                }
                made.push_written(|text| {
                    text.extend(cell.iter().map(u8::to_ascii_lowercase));
                    Some(())
                })?;
            }
            Kind::Hex => {
                let digits = cell.strip_prefix(b"\\x")?;
                if digits.len() % 2 == 1 {
                    return None;
                }
                let octets: Option<Vec<u8>> =
                    digits.chunks_exact(2).map(|pair| Some(hex_digit(pair[0])? << 4 | hex_digit(pair[1])?)).collect();
                made.push_bytes(&octets?);
            }
            Kind::Packed(bits) => made.push(Cell::Integer(match bits {
                16 => i64::from(i16::from_be_bytes(cell.try_into().ok()?)),
                32 => i64::from(i32::from_be_bytes(cell.try_into().ok()?)),
                _ => i64::from_be_bytes(cell.try_into().ok()?),
            })),
            Kind::PackedBool => match cell {
                [byte] => made.push(Cell::Bool(*byte != 0)),
                _ => return None,
            },
            Kind::PackedFloat8 => {
                let number = f64::from_be_bytes(cell.try_into().ok()?);
                if !number.is_finite() {
                    return None;
                }
                made.push(Cell::Float(number));
            }
            Kind::PackedNumeric => made.push_written(|text| number::numeric_text(cell, text))?,
            Kind::PackedTimestamp => {
                let us = i64::from_be_bytes(cell.try_into().ok()?);
                if !(moment::FIRST_US..=moment::LAST_US).contains(&us) {
                    return None;
                }
                made.push_written(|text| {
                    moment::write_moment(us, text);
                    Some(())
                })?;
            }
            Kind::PackedUuid => {
                if cell.len() != 16 {
                    return None;
                }
                made.push_written(|text| {
                    for (place, byte) in cell.iter().enumerate() {
                        if matches!(place, 4 | 6 | 8 | 10) {
                            text.push(b'-');
                        }
                        text.extend([byte >> 4, byte & 15].map(|digit| b"0123456789abcdef"[usize::from(digit)]));
                    }
                    Some(())
                })?;
            }
            Kind::Octets => made.push_bytes(cell),
        }
        Some(())
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

fn truth(cell: &[u8]) -> Option<bool> {
    match cell {
        b"t" | b"true" | b"1" => Some(true),
        b"f" | b"false" | b"0" => Some(false),
        _ => None,
    }
}

fn float8(cell: &[u8]) -> Option<f64> {
    let digits = cell.strip_prefix(b"-").unwrap_or(cell);
    if !digits.first()?.is_ascii_digit()
        || !digits.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
    {
        return None;
    }
    let number: f64 = std::str::from_utf8(cell).ok()?.parse().ok()?;
    (number.is_finite() && number != 0.0 || digits == b"0").then_some(number)
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
    fn decode(&self, py: Python<'_>, block: &[u8], returns: bool) -> Option<Block> {
        if std::str::from_utf8(block).is_err() || memchr(0, block).is_some() || memmem::find(block, b"\\.").is_some() {
            return None;
        }
        if !returns && memchr(b'\r', block).is_some() {
            return None;
        }
        let mut made = Block::new(self.columns.len(), block.len());
        let mut rest = block;
        let mut scratch = Vec::new();
        while !rest.is_empty() {
            rest = self.row(py, rest, returns, &mut scratch, &mut made)?;
        }
        Some(made)
    }
}

impl LineBlocks {
    /// Append a row; what is behind it.
    fn row<'a>(
        &self,
        py: Python<'_>,
        mut rest: &'a [u8],
        returns: bool,
        scratch: &mut Vec<u8>,
        made: &mut Block,
    ) -> Option<&'a [u8]> {
        let last = self.columns.len().checked_sub(1)?;
        for (place, column) in self.columns.iter().enumerate() {
            let Cut { raw, escaped, null, end } = match self.style {
                Style::Text => self.text_cell(rest, scratch)?,
                Style::Csv { quote } => self.csv_cell(rest, quote, scratch)?,
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
            if null {
                made.push(Cell::Null);
            } else {
                column.read(py, if escaped { scratch } else { raw }, made)?;
            }
            rest = &rest[end + 1..];
        }
        Some(rest)
    }

    fn text_cell<'a>(&self, rest: &'a [u8], made: &mut Vec<u8>) -> Option<Cut<'a>> {
        let first = memchr3(self.delimiter, b'\n', b'\\', rest)?;
        if rest[first] != b'\\' {
            let raw = &rest[..first];
            return Some(Cut { raw, escaped: false, null: raw == self.null.as_slice(), end: first });
        }
        let mut at = first;
        made.clear();
        made.extend_from_slice(&rest[..first]);
        loop {
            if rest[at] != b'\\' {
                let raw = &rest[..at];
                return Some(Cut { raw, escaped: true, null: raw == self.null.as_slice(), end: at });
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

    fn csv_cell<'a>(&self, rest: &'a [u8], quote: u8, made: &mut Vec<u8>) -> Option<Cut<'a>> {
        if rest.first() != Some(&quote) {
            let end = memchr3(self.delimiter, b'\n', quote, rest)?;
            let raw = &rest[..end];
            return (rest[end] != quote).then_some(Cut { raw, escaped: false, null: raw == self.null.as_slice(), end });
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
                    return Some(Cut { raw: &rest[..stop + 1], escaped: true, null: false, end: stop + 1 });
                }
                _ => return None,
            }
            at = stop + 2;
        }
    }
}

/// A cell. raw: as it stands there, without what ends it at `end`. escaped: its bytes are those made aside.
struct Cut<'a> {
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
    fn decode(&self, py: Python<'_>, data: &[u8], start: usize) -> Option<(Block, usize)> {
        if self.columns.is_empty() {
            return None; // a block cannot tell how many there are
        }
        let mut made = Block::new(self.columns.len(), data.len());
        let mut at = start;
        loop {
            match self.row(py, data, at, &mut made) {
                Row::Taken(end) => at = end,
                Row::NotWhole => {
                    made.drop_unfinished();
                    return Some((made, at));
                }
                Row::Odd => return None,
            }
        }
    }
}

enum Row {
    Taken(usize),
    NotWhole,
    Odd,
}

impl TupleBlocks {
    /// Append a row, or the beginning of one; where it ends.
    fn row(&self, py: Python<'_>, data: &[u8], start: usize, made: &mut Block) -> Row {
        let Some(count) = data.get(start..start + 2) else { return Row::NotWhole };
        if usize::from(u16::from_be_bytes([count[0], count[1]])) != self.columns.len() {
            return Row::Odd;
        }
        let mut at = start + 2;
        for column in &self.columns {
            let Some(length) = data.get(at..at + 4).and_then(|field| field.try_into().ok()).map(i32::from_be_bytes) else {
                return Row::NotWhole;
            };
            at += 4;
            let Ok(length) = usize::try_from(length) else {
                if length != -1 {
                    return Row::Odd;
                }
                made.push(Cell::Null);
                continue;
            };
            if at + length - start > ROW_LIMIT_BYTES {
                return Row::Odd;
            }
            let Some(cell) = data.get(at..at + length) else { return Row::NotWhole };
            if column.read(py, cell, made).is_none() {
                return Row::Odd;
            }
            at += length;
        }
        Row::Taken(at)
    }
}
