//! Rows on their way into columns of IRIS types: what needs no conversion, found out in one pass.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

use crate::rows::for_each_row;
use crate::value::Value;
use crate::{moment, number};

/// What a column stores; backend/sandbox/bulk.py knows the names.
enum Kind {
    Any,
    Whole(i64, i64),
    Bit,
    Double,
    String(usize),
    Stream,
    /// digits before and behind the point
    Numeric(usize, usize),
    Date,
    Timestamp,
}

const FIRST_DATE: &str = "1840-12-31"; // IRIS's logical 0

/// (name of the kind, two numbers)
type Spec = (String, i64, i64);

/// Rows of values -> rows to bind, by slots: places in a row, and what the column there stores.
#[pyclass(frozen, module = "pgiris_native")]
pub struct Binder {
    pub slots: Vec<Slot>,
    pub width: usize,
    in_order: bool,
}

#[pymethods]
impl Binder {
    #[new]
    fn new(slots: Vec<(usize, Spec)>, width: usize) -> PyResult<Self> {
        let slots: Vec<_> =
            slots.into_iter().map(|(place, spec)| Ok(Slot { place, kind: kind_of(spec)? })).collect::<PyResult<_>>()?;
        if slots.iter().any(|slot| slot.place >= width) {
            return Err(PyValueError::new_err("a slot outside of the row"));
        }
        let in_order = slots.len() == width && slots.iter().enumerate().all(|(index, slot)| index == slot.place);
        Ok(Binder { slots, width, in_order })
    }

    /// None when a value needs a closer look.
    fn bound<'py>(&self, rows: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyList>>> {
        let mut made = Vec::with_capacity(rows.len().unwrap_or(0));
        let mut odd = false;
        for_each_row(rows, self.width, |row| {
            if !odd {
                match self.row(row)? {
                    Some(bound) => made.push(bound),
                    None => odd = true,
                }
            }
            Ok(())
        })?;
        if odd {
            Ok(None)
        } else {
            PyList::new(rows.py(), made).map(Some)
        }
    }
}

impl Binder {
    fn row<'py>(&self, row: &Bound<'py, PyTuple>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let mut changed: Vec<(usize, Bound<'py, PyAny>)> = Vec::new();
        let mut digits = itoa::Buffer::new();
        for (index, slot) in self.slots.iter().enumerate() {
            let given = row.get_borrowed_item(slot.place)?;
            match slot.stored(&given, &mut digits) {
                Some(Stored::AsIs) => {}
                Some(Stored::Text(text)) => changed.push((index, PyString::new(row.py(), text).into_any())),
                None => return Ok(None),
            }
        }
        if self.in_order && changed.is_empty() {
            return Ok(Some(row.clone()));
        }
        let mut cells = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            cells.push(row.get_item(slot.place)?);
        }
        for (index, text) in changed {
            cells[index] = text;
        }
        PyTuple::new(row.py(), cells).map(Some)
    }
}

/// What a parameter is bound to: the value at a place of the row, as a column stores it.
pub struct Slot {
    pub place: usize,
    kind: Kind,
}

impl Slot {
    /// None when the value needs a closer look. digits: memory for a number.
    pub fn stored<'a>(&self, given: &'a impl Value, digits: &'a mut itoa::Buffer) -> Option<Stored<'a>> {
        if given.is_null() {
            return Some(Stored::AsIs);
        }
        self.kind.stored(given, digits)
    }
}

pub enum Stored<'a> {
    AsIs,
    Text(&'a str),
}

fn kind_of(spec: Spec) -> PyResult<Kind> {
    let (name, first, second) = spec;
    let size = |number: i64| usize::try_from(number).unwrap_or(0);
    Ok(match name.as_str() {
        "any" => Kind::Any,
        "whole" => Kind::Whole(first, second),
        "bit" => Kind::Bit,
        "double" => Kind::Double,
        "string" => Kind::String(size(first)),
        "stream" => Kind::Stream,
        "numeric" => Kind::Numeric(size(first), size(second)),
        "date" => Kind::Date,
        "timestamp" => Kind::Timestamp,
        unknown => return Err(PyValueError::new_err(format!("unknown kind {unknown}"))),
    })
}

impl Kind {
    fn stored<'a>(&self, given: &'a impl Value, digits: &'a mut itoa::Buffer) -> Option<Stored<'a>> {
        let fits = match *self {
            Kind::Any => true,
            Kind::Whole(low, high) => given.integer().is_some_and(|number| (low..=high).contains(&number)),
            Kind::Bit => given.truth().is_some(),
            Kind::Double => given.float().is_some_and(f64::is_finite),
            Kind::String(length) => given.text().is_some_and(|text| text.len() <= length),
            Kind::Stream => given.text().is_some(),
            Kind::Numeric(whole, scale) => return numeric(given, whole, scale, digits),
            Kind::Date => given.text().is_some_and(|text| moment::day(text.as_bytes()).is_some() && text >= FIRST_DATE),
            Kind::Timestamp => given.text().is_some_and(|text| {
                moment::moment(text.as_bytes(), |byte| byte == b' ').is_some() && !moment::has_zeros_at_end(text.as_bytes())
            }),
        };
        fits.then_some(Stored::AsIs)
    }
}

/// Canonical: no zeros at the end of decimals.
fn numeric<'a>(given: &'a impl Value, whole: usize, scale: usize, digits: &'a mut itoa::Buffer) -> Option<Stored<'a>> {
    let integer = given.integer();
    let text = match integer {
        Some(number) => digits.format(number),
        None => given.text()?,
    };
    let number = number::Plain::parse(text.as_bytes())?;
    let zeros = number.decimals.iter().rev().take_while(|digit| **digit == b'0').count();
    let decimals = number.decimals.len() - zeros;
    let zero = number.whole == b"0";
    let leading = number.whole.len() > 1 && number.whole[0] == b'0';
    let nothing = zero && decimals == 0;
    if leading || (number.whole.len() > whole && !zero) || decimals > scale || (number.negative && nothing) {
        return None;
    }
    if zeros == 0 && integer.is_none() {
        return Some(Stored::AsIs);
    }
    let kept = if decimals == 0 { text.len() - zeros - usize::from(zeros > 0) } else { text.len() - zeros };
    Some(Stored::Text(&text[..kept]))
}
