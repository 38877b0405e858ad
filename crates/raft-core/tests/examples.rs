//! The examples do what they say: each is a module here, and its `main` is
//! called, which costs no process and no second build of the crate.

#[path = "../examples/kv_threads/main.rs"]
mod kv_threads;
#[path = "../examples/three_nodes.rs"]
mod three_nodes;

#[test]
fn three_nodes_apply_the_same_commands() {
    three_nodes::main().expect("a possible cluster");
}

#[test]
fn the_key_value_store_survives_the_loss_of_each_server() {
    kv_threads::main().expect("nothing acknowledged is lost");
}
