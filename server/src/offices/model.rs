use karton_api::{
    Date, Id,
    common::{OfficeRef, Texts},
    value,
};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

/// An office as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Its id.
    pub id: Id<value::Office>,
    /// The pack's stable code.
    pub code: String,
    /// By language.
    pub name: Texts,
    /// `ministry`, `centre`, `unit`, `institution`.
    pub kind: String,
    /// The office above.
    pub parent: Option<Id<value::Office>>,
    /// The municipality's code.
    pub municipality: Option<String>,
    /// Street and place.
    pub address: Option<String>,
    /// The telephone of the counter.
    pub phone: Option<String>,
    /// The first day on which nobody works here any more.
    pub closed_on: Option<Date>,
    /// Grows with each change.
    pub revision: i64,
}

impl Office {
    /// In short, as it travels.
    pub fn to_ref(&self) -> OfficeRef {
        OfficeRef {
            code: self.code.clone(),
            name: self.name.clone(),
        }
    }
}

/// All offices, in memory: some hundreds that change once in years.
#[derive(Debug, Clone, Default)]
pub struct Offices(Arc<RwLock<Arc<Tree>>>);

#[derive(Debug, Default)]
struct Tree {
    list: Vec<Arc<Office>>,
    by_id: HashMap<Id<value::Office>, usize>,
    by_code: HashMap<String, usize>,
}

impl Offices {
    /// Takes over what the store has. Clones see it too.
    pub fn set(&self, offices: Vec<Office>) {
        let mut tree = Tree::default();
        for (index, office) in offices.into_iter().enumerate() {
            tree.by_id.insert(office.id, index);
            tree.by_code.insert(office.code.clone(), index);
            tree.list.push(Arc::new(office));
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tree);
    }
    fn tree(&self) -> Arc<Tree> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
    /// The office with this id.
    pub fn get(&self, id: Id<value::Office>) -> Option<Arc<Office>> {
        let tree = self.tree();
        tree.by_id.get(&id).map(|index| Arc::clone(&tree.list[*index]))
    }
    /// The office with this code.
    pub fn by_code(&self, code: &str) -> Option<Arc<Office>> {
        let tree = self.tree();
        tree.by_code.get(code).map(|index| Arc::clone(&tree.list[*index]))
    }
    /// In short, as it travels; the bare id where there is no such office.
    pub fn to_ref(&self, id: Id<value::Office>) -> OfficeRef {
        self.get(id).map_or_else(
            || OfficeRef {
                code: id.to_string(),
                name: Texts::new(),
            },
            |office| office.to_ref(),
        )
    }
    /// The office at the top of the tree: what concerns no other office is entered there.
    pub fn top(&self) -> Option<Arc<Office>> {
        self.tree()
            .list
            .iter()
            .find(|office| office.parent.is_none())
            .cloned()
    }
    /// The legal body of an office: itself or the nearest above it that is no unit.
    pub fn body(&self, id: Id<value::Office>) -> Option<Arc<Office>> {
        let mut office = self.get(id)?;
        // No tree is deeper than it has offices.
        for _ in 0..self.tree().list.len() {
            match office
                .parent
                .filter(|_| office.kind == "unit")
                .and_then(|parent| self.get(parent))
            {
                Some(above) => office = above,
                None => break,
            }
        }
        Some(office)
    }
    /// All of them, by code.
    pub fn all(&self) -> Vec<Arc<Office>> {
        self.tree().list.clone()
    }
}
