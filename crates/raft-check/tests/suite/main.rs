//! Chaos, and what acts in it; one program, since linking costs more than running.

mod chaos;
mod clauses;
mod explore;
mod rules;
