//! The tests of the simulator and of the playbooks; one program, since linking
//! costs more than running.

mod any_actions;
mod any_playbook;
#[path = "../anything/mod.rs"]
mod anything;
mod builds;
mod builds_of_the_library;
mod clients;
mod compare;
mod complaints;
mod course;
mod docs;
mod expectations;
mod faults;
mod lab;
mod lab_limits;
mod library;
mod membership;
mod mismatch;
mod paper;
mod played;
mod questions;
mod remedies;
mod run;
mod script;
mod seeds;
mod sentences;
mod settings;
mod several;
mod text;
mod told;
mod uses;
mod work;
