//! Cells out: one Python value -> the bytes of its type in a format.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::{moment, number, value};

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
    pub fn write(&self, given: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> PyResult<()> {
        let start = out.len();
        if self.kind.write(given, out).is_some() {
            return Ok(());
        }
        out.truncate(start);
        let made = self.encode.bind(given.py()).call1((given,))?;
        out.extend_from_slice(made.cast::<PyBytes>()?.as_bytes());
        Ok(())
    }
}

impl Kind {
    /// None when the value is not plain; out may then have more than before.
    #[inline]
    fn write(&self, given: &Bound<'_, PyAny>, out: &mut Vec<u8>) -> Option<()> {
        match *self {
            Kind::Python => return None,
            Kind::Text => out.extend_from_slice(value::text(given)?.as_bytes()),
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
                let number = value::integer(given).filter(|number| (low..=high).contains(number))?;
                out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
            }
            Kind::Int2 => out.extend_from_slice(&i16::try_from(value::integer(given)?).ok()?.to_be_bytes()),
            Kind::Int4 => out.extend_from_slice(&i32::try_from(value::integer(given)?).ok()?.to_be_bytes()),
            Kind::Int8 => out.extend_from_slice(&value::integer(given)?.to_be_bytes()),
            Kind::BoolText => out.push(if value::truth(given)? { b't' } else { b'f' }),
            Kind::BoolBinary => out.push(u8::from(value::truth(given)?)),
            Kind::Float4Text => number::write_float4(exact_float4(value::float(given)?)?, out)?,
            Kind::Float4Binary => out.extend_from_slice(&as_float4(value::float(given)?)?.to_be_bytes()),
            Kind::Float8Text => number::write_float8(value::float(given)?, out)?,
            Kind::Float8Binary => out.extend_from_slice(&value::float(given)?.to_be_bytes()),
            Kind::NumericText(scale) => return write_numeric_text(given, scale, out),
            Kind::NumericBinary(scale) => {
                return value::with_number(given, |text| {
                    number::write_numeric(&number::Plain::parse(text)?, scale, out).then_some(())
                });
            }
            Kind::Date => {
                let days = i32::try_from(moment::day(value::text(given)?.as_bytes())?).ok()?;
                out.extend_from_slice(&days.to_be_bytes());
            }
            Kind::Time => out.extend_from_slice(&moment::clock(value::text(given)?.as_bytes())?.to_be_bytes()),
            Kind::Timestamp => {
                let us = moment::moment(value::text(given)?.as_bytes(), |byte| byte == b' ')?;
                out.extend_from_slice(&us.to_be_bytes());
            }
            Kind::Hex => {
                out.extend_from_slice(b"\\x");
                write_hex(value::bytes(given)?, out);
            }
            Kind::Octets => out.extend_from_slice(value::bytes(given)?),
            Kind::UuidText => out.extend(ascii(given)?.iter().map(u8::to_ascii_lowercase)),
            Kind::UuidBinary => return write_uuid(value::text(given)?.as_bytes(), out),
            Kind::VectorText => return write_vector_text(value::text(given)?, out),
            Kind::VectorBinary => return write_vector_binary(value::text(given)?, out),
        }
        Some(())
    }
}

fn ascii<'a>(given: &'a Bound<'_, PyAny>) -> Option<&'a [u8]> {
    let text = value::text(given)?;
    text.is_ascii().then_some(text.as_bytes())
}

fn write_numeric_text(given: &Bound<'_, PyAny>, scale: usize, out: &mut Vec<u8>) -> Option<()> {
    if let Some(whole) = value::integer(given) {
        let mut buffer = itoa::Buffer::new();
        number::write_padded(&number::Plain::parse(buffer.format(whole).as_bytes())?, scale, out);
        return Some(());
    }
    value::with_number(given, |text| {
        number::write_padded(&number::Plain::parse(text)?, scale, out);
        Some(())
    })
}

/// Rounded; None for what is too large, and for what is no number.
fn as_float4(number: f64) -> Option<f32> {
    let rounded = number as f32;
    rounded.is_finite().then_some(rounded)
}

/// None as well for what is not exactly a float4, which Python writes with the digits it has.
fn exact_float4(number: f64) -> Option<f32> {
    let rounded = as_float4(number)?;
    (f64::from(rounded) == number).then_some(rounded)
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
