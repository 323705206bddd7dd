//! Cells out: one value -> the bytes of its type in a format.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::value::Value;
use crate::{moment, number};

/// What a column's values are and how they are written; pgiris/types/native.py knows the names.
enum Kind {
    Python,
    Text,
    Ascii,
    Padded(usize),
    Utc,
    Integer(i64, i64),
    Int2,
    Int4,
    Int8,
    BoolText,
    BoolBinary,
    Float4Text,
    Float4Binary,
    Float8Text,
    Float8Binary,
    NumericText(usize),
    NumericBinary(usize),
    Date,
    Time,
    Timestamp,
    Hex,
    Octets,
    UuidText,
    UuidBinary,
    VectorText,
    VectorBinary,
}

/// What plain numbers consist of in text.
pub const NUMERALS: &[u8] = b"0123456789.-";

/// A column: its kind, and the Python function that writes what this one does not.
pub struct Column {
    kind: Kind,
    encode: Py<PyAny>,
}

/// (name of the kind, its number, the Python function)
pub type Spec = (String, i64, Py<PyAny>);

impl Column {
    pub fn new(spec: Spec) -> PyResult<Self> {
        let (name, argument, encode) = spec;
        let size = usize::try_from(argument).unwrap_or(0);
        let bits = u32::try_from(argument).unwrap_or(0);
        let kind = match name.as_str() {
            "python" => Kind::Python,
            "text" => Kind::Text,
            "ascii" => Kind::Ascii,
            "padded" => Kind::Padded(size),
            "utc" => Kind::Utc,
            "integer" if (1..=64).contains(&bits) => Kind::Integer(i64::MIN >> (64 - bits), i64::MAX >> (64 - bits)),
            "unsigned" if (1..=63).contains(&bits) => Kind::Integer(0, i64::MAX >> (63 - bits)),
            "int2" => Kind::Int2,
            "int4" => Kind::Int4,
            "int8" => Kind::Int8,
            "bool_text" => Kind::BoolText,
            "bool_binary" => Kind::BoolBinary,
            "float4_text" => Kind::Float4Text,
            "float4_binary" => Kind::Float4Binary,
            "float8_text" => Kind::Float8Text,
            "float8_binary" => Kind::Float8Binary,
            "numeric_text" => Kind::NumericText(size),
            "numeric_binary" => Kind::NumericBinary(size),
            "date" => Kind::Date,
            "time" => Kind::Time,
            "timestamp" => Kind::Timestamp,
            "hex" => Kind::Hex,
            "octets" => Kind::Octets,
            "uuid_text" => Kind::UuidText,
            "uuid_binary" => Kind::UuidBinary,
            "vector_text" => Kind::VectorText,
            "vector_binary" => Kind::VectorBinary,
            unknown => return Err(PyValueError::new_err(format!("unknown kind {unknown}"))),
        };
        Ok(Column { kind, encode })
    }

    pub fn all(specs: Vec<Spec>) -> PyResult<Vec<Self>> {
        specs.into_iter().map(Column::new).collect()
    }

    /// Append a value that is not None. What the Python function raises comes through.
    pub fn write(&self, given: &impl Value, out: &mut Vec<u8>) -> PyResult<()> {
        self.write_plainly(given, out).map(drop)
    }

    /// The same; whether nothing but NUMERALS was appended is told if it is known.
    pub fn write_plainly(&self, given: &impl Value, out: &mut Vec<u8>) -> PyResult<bool> {
        let start = out.len();
        if self.kind.write(given, out).is_some() {
            return Ok(matches!(self.kind, Kind::Integer(..) | Kind::NumericText(_) | Kind::Float4Text | Kind::Float8Text));
        }
        out.truncate(start);
        given.encoded(&self.encode, out)?;
        Ok(false)
    }
}

impl Kind {
    /// None when the value is not plain; out may then have more than before.
    #[inline]
    fn write(&self, given: &impl Value, out: &mut Vec<u8>) -> Option<()> {
        match *self {
            Kind::Python => return None,
            Kind::Text => out.extend_from_slice(given.text()?.as_bytes()),
            Kind::Ascii => out.extend_from_slice(ascii(given)?),
            Kind::Padded(width) => {
                let text = ascii(given)?;
                out.extend_from_slice(text);
                out.resize(out.len() + width.saturating_sub(text.len()), b' ');
            }
            Kind::Utc => {
                out.extend_from_slice(ascii(given)?);
                out.extend_from_slice(b"+00");
            }
            Kind::Integer(low, high) => {
                let number = given.integer().filter(|number| (low..=high).contains(number))?;
                out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
            }
            Kind::Int2 => out.extend_from_slice(&i16::try_from(given.integer()?).ok()?.to_be_bytes()),
            Kind::Int4 => out.extend_from_slice(&i32::try_from(given.integer()?).ok()?.to_be_bytes()),
            Kind::Int8 => out.extend_from_slice(&given.integer()?.to_be_bytes()),
            Kind::BoolText => out.push(if given.truth()? { b't' } else { b'f' }),
            Kind::BoolBinary => out.push(u8::from(given.truth()?)),
            Kind::Float4Text => number::write_float4(as_float4(given.float()?)?, out)?,
            Kind::Float4Binary => out.extend_from_slice(&as_float4(given.float()?)?.to_be_bytes()),
            Kind::Float8Text => number::write_float8(given.float()?, out)?,
            Kind::Float8Binary => out.extend_from_slice(&given.float()?.to_be_bytes()),
            Kind::NumericText(scale) => return write_numeric_text(given, scale, out),
            Kind::NumericBinary(scale) => {
                return given.with_number(|text| number::write_numeric(&number::Plain::parse(text)?, scale, out).then_some(()));
            }
            Kind::Date => {
                let days = i32::try_from(moment::day(given.text()?.as_bytes())?).ok()?;
                out.extend_from_slice(&days.to_be_bytes());
            }
            Kind::Time => out.extend_from_slice(&moment::clock(given.text()?.as_bytes())?.to_be_bytes()),
            Kind::Timestamp => {
                let us = moment::moment(given.text()?.as_bytes(), |byte| byte == b' ')?;
                out.extend_from_slice(&us.to_be_bytes());
            }
            Kind::Hex => {
                out.extend_from_slice(b"\\x");
                write_hex(given.bytes()?, out);
            }
            Kind::Octets => out.extend_from_slice(given.bytes()?),
            Kind::UuidText => out.extend(ascii(given)?.iter().map(u8::to_ascii_lowercase)),
            Kind::UuidBinary => return write_uuid(given.text()?.as_bytes(), out),
            Kind::VectorText => return write_vector_text(given.text()?, out),
            Kind::VectorBinary => return write_vector_binary(given.text()?, out),
        }
        Some(())
    }
}

fn ascii(given: &impl Value) -> Option<&[u8]> {
    let text = given.text()?;
    text.is_ascii().then_some(text.as_bytes())
}

fn write_numeric_text(given: &impl Value, scale: usize, out: &mut Vec<u8>) -> Option<()> {
    if let Some(whole) = given.integer() {
        let mut buffer = itoa::Buffer::new();
        number::write_padded(&number::Plain::parse(buffer.format(whole).as_bytes())?, scale, out);
        return Some(());
    }
    given.with_number(|text| {
        number::write_padded(&number::Plain::parse(text)?, scale, out);
        Some(())
    })
}

/// Rounded; None for what is too large, and for what is no number.
fn as_float4(number: f64) -> Option<f32> {
    let rounded = number as f32;
    rounded.is_finite().then_some(rounded)
}

const HEX: &[u8; 16] = b"0123456789abcdef";

fn write_hex(octets: &[u8], out: &mut Vec<u8>) {
    out.reserve(2 * octets.len());
    for octet in octets {
        out.push(HEX[usize::from(octet >> 4)]);
        out.push(HEX[usize::from(octet & 15)]);
    }
}

pub fn hex_digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

fn write_uuid(text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    if text.len() != 36 {
        return None;
    }
    let mut high = None;
    for (place, byte) in text.iter().enumerate() {
        if matches!(place, 8 | 13 | 18 | 23) {
            if *byte != b'-' {
                return None;
            }
            continue;
        }
        let digit = hex_digit(*byte)?;
        match high.take() {
            None => high = Some(digit),
            Some(first) => out.push(first << 4 | digit),
        }
    }
    Some(())
}

/// Numbers of a vector's text, in plain decimals.
fn elements(text: &str) -> impl Iterator<Item = Option<f64>> + '_ {
    text.split(',').map(|part| {
        let plain = part.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
        if plain {
            part.parse().ok()
        } else {
            None
        }
    })
}

fn write_vector_text(text: &str, out: &mut Vec<u8>) -> Option<()> {
    let start = out.len();
    for element in elements(text) {
        out.push(if out.len() == start { b'[' } else { b',' });
        number::write_float4(as_float4(element?)?, out)?;
    }
    out.push(b']');
    Some(())
}

fn write_vector_binary(text: &str, out: &mut Vec<u8>) -> Option<()> {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    let mut count = 0_u16;
    for element in elements(text) {
        out.extend_from_slice(&as_float4(element?)?.to_be_bytes());
        count = count.checked_add(1)?;
    }
    out[start..start + 2].copy_from_slice(&count.to_be_bytes());
    Some(())
}
