//! The native twin of pgiris's hottest loops: rows of Python values -> DataRow and CopyData, CopyData -> rows of values.
//!
//! Rows may also be those of a statement of SQLite, which are read there.
//!
//! The Python functions are the reference, and their bytes are equal. What is not plain here (a value of an unexpected type, a
//! number with an exponent, an error) is given to the Python function of that cell, or the whole block is left to Python.

mod bind;
mod block;
mod cell;
mod copy_in;
mod copy_out;
mod functions;
mod moment;
mod number;
mod rows;
mod sqlite;
mod value;
mod vectors;

use pyo3::prelude::*;

/// What pgiris/types/native.py must know of this module; another number is another module.
const API: u32 = 6;

#[pymodule]
fn pgiris_native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("API", API)?;
    module.add_class::<rows::DataRows>()?;
    module.add_class::<copy_out::CopyLines>()?;
    module.add_class::<copy_out::CopyTuples>()?;
    module.add_class::<copy_in::LineBlocks>()?;
    module.add_class::<copy_in::TupleBlocks>()?;
    module.add_class::<block::Block>()?;
    module.add_class::<bind::Binder>()?;
    module.add_class::<sqlite::Inserter>()?;
    module.add_function(wrap_pyfunction!(functions::define_vector_functions, module)?)
}
