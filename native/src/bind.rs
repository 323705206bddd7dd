//! Rows on their way into columns of IRIS types: what needs no conversion, found out in one pass.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use pyo3::Borrowed;

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
    slots: Vec<(usize, Kind)>,
    width: usize,
    in_order: bool,
}

#[pymethods]
impl Binder {
    #[new]
    fn new(slots: Vec<(usize, Spec)>, width: usize) -> PyResult<Self> {
        let slots: Vec<_> = slots.into_iter().map(|(place, spec)| Ok((place, kind_of(spec)?))).collect::<PyResult<_>>()?;
        if slots.iter().any(|(place, _)| *place >= width) {
            return Err(PyValueError::new_err("a slot outside of the row"));
        }
        let in_order = slots.len() == width && slots.iter().enumerate().all(|(index, (place, _))| index == *place);
        Ok(Binder { slots, width, in_order })
    }

    /// The values of `count` rows in each tuple, as far as rows go; None as bound() gives it.
    fn joined<'py>(&self, rows: &Bound<'py, PyAny>, count: usize) -> PyResult<Option<Bound<'py, PyList>>> {
        let Some(bound) = self.bound(rows)? else { return Ok(None) };
        let mut made = Vec::with_capacity(bound.len() / count.max(1));
        let mut values: Vec<Bound<'py, PyAny>> = Vec::with_capacity(count * self.slots.len());
        for row in bound.iter() {
            values.extend(row.cast_exact::<PyTuple>()?.iter());
            if values.len() == count * self.slots.len() {
                made.push(PyTuple::new(rows.py(), values.drain(..))?);
            }
        }
        PyList::new(rows.py(), made).map(Some)
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
        for (index, (place, kind)) in self.slots.iter().enumerate() {
            let given = row.get_borrowed_item(*place)?;
            if given.is_none() {
                continue;
            }
            match kind.stored(given) {
                Stored::AsIs => {}
                Stored::Text(text) => changed.push((index, text.into_any())),
                Stored::Odd => return Ok(None),
            }
        }
        if self.in_order && changed.is_empty() {
            return Ok(Some(row.clone()));
        }
        let mut cells = Vec::with_capacity(self.slots.len());
        for (place, _) in &self.slots {
            cells.push(row.get_item(*place)?);
        }
        for (index, text) in changed {
            cells[index] = text;
        }
        PyTuple::new(row.py(), cells).map(Some)
    }
}

enum Stored<'py> {
    AsIs,
    Text(Bound<'py, PyString>),
    Odd,
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
    fn stored<'py>(&self, given: Borrowed<'_, 'py, PyAny>) -> Stored<'py> {
        let fits = match *self {
            Kind::Any => true,
            Kind::Whole(low, high) => given.integer().is_some_and(|number| (low..=high).contains(&number)),
            Kind::Bit => given.truth().is_some(),
            Kind::Double => given.float().is_some_and(f64::is_finite),
            Kind::String(length) => given.text().is_some_and(|text| text.len() <= length),
            Kind::Stream => given.text().is_some(),
            Kind::Numeric(whole, scale) => return numeric(given, whole, scale),
            Kind::Date => given.text().is_some_and(|text| moment::day(text.as_bytes()).is_some() && text >= FIRST_DATE),
            Kind::Timestamp => given.text().is_some_and(|text| {
                moment::moment(text.as_bytes(), |byte| byte == b' ').is_some() && !moment::has_zeros_at_end(text.as_bytes())
            }),
        };
        if fits {
            Stored::AsIs
        } else {
            Stored::Odd
        }
    }
}

/// Canonical: no zeros at the end of decimals.
fn numeric<'py>(given: Borrowed<'_, 'py, PyAny>, whole: usize, scale: usize) -> Stored<'py> {
    let buffer = &mut itoa::Buffer::new();
    let integer = given.integer();
    let text = match integer {
        Some(number) => buffer.format(number),
        None => match given.text() {
            Some(text) => text,
            None => return Stored::Odd,
        },
    };
    let Some(number) = number::Plain::parse(text.as_bytes()) else { return Stored::Odd };
    let zeros = number.decimals.iter().rev().take_while(|digit| **digit == b'0').count();
    let decimals = number.decimals.len() - zeros;
    let zero = number.whole == b"0";
    let leading = number.whole.len() > 1 && number.whole[0] == b'0';
    let nothing = zero && decimals == 0;
    if leading || (number.whole.len() > whole && !zero) || decimals > scale || (number.negative && nothing) {
        return Stored::Odd;
    }
    if zeros == 0 && integer.is_none() {
        return Stored::AsIs;
    }
    let kept = if decimals == 0 { text.len() - zeros - usize::from(zeros > 0) } else { text.len() - zeros };
    Stored::Text(PyString::new(given.py(), &text[..kept]))
}
