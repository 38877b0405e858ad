//! Going back to before what was done, and what can be done to branches.

use wasm_bindgen::prelude::wasm_bindgen;

use super::Lab;
use crate::last_words::note_run;

#[wasm_bindgen]
impl Lab {
    /// Goes back to before the last act; `false` if there is none.
    pub fn undo(&mut self) -> bool {
        let done = self.moving().undo();
        note_run(&self.run);
        done
    }

    /// Goes forward to where the last [`Lab::undo`] went back from; `false` if there was none.
    pub fn redo(&mut self) -> bool {
        let done = self.moving().redo();
        note_run(&self.run);
        done
    }

    /// Goes to another branch.
    #[wasm_bindgen(js_name = switchBranch)]
    pub fn switch_branch(&mut self, id: usize) {
        self.moving().switch_branch(id);
        note_run(&self.run);
    }

    /// Calls a branch by a name; by none, if it is empty. Undone, it is told of by `words`.
    #[wasm_bindgen(js_name = nameBranch)]
    pub fn name_branch(&mut self, id: usize, name: &str, words: &str) {
        self.moving().begin_act(words);
        self.run.name_branch(id, name);
        note_run(&self.run);
    }

    /// Takes a branch away, but for the first one; `false` if it stays. Undone, it is told of by
    /// `words`.
    #[wasm_bindgen(js_name = removeBranch)]
    pub fn remove_branch(&mut self, id: usize, words: &str) -> bool {
        self.moving().begin_act(words);
        let done = self.run.remove_branch(id);
        note_run(&self.run);
        done
    }
}
