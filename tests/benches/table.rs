//! The table that comes out.

use std::{fmt, time::Duration};

/// A share in hundredths: 62 is 0.62.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Share(pub(crate) u64);

impl Share {
    /// One number to another.
    pub(crate) fn of(measured: u64, limit: u64) -> Share {
        let hundredths = u128::from(measured) * 100 / u128::from(limit.max(1));
        Share(u64::try_from(hundredths).unwrap_or(u64::MAX))
    }
    /// One time to another.
    pub(crate) fn of_times(measured: Duration, limit: Duration) -> Share {
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        Share::of(nanos(measured), nanos(limit))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0..1_000 => write!(f, "{}.{:02}", self.0 / 100, self.0 % 100),
            1_000..10_000 => write!(f, "{}.{}", self.0 / 100, self.0 % 100 / 10),
            _ => write!(f, "{}", self.0 / 100),
        }
    }
}

/// A figure.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figure {
    what: String,
    measured: String,
    limit: String,
    ratio: String,
    aim: String,
    held: Option<bool>,
}

impl Figure {
    /// What was measured, and what came out.
    pub(crate) fn new(what: impl Into<String>, measured: impl Into<String>) -> Figure {
        Figure {
            what: what.into(),
            measured: measured.into(),
            ..Figure::default()
        }
    }
    /// The limit of this run, and the share of it.
    pub(crate) fn limit(mut self, limit: impl Into<String>, share: Share) -> Figure {
        self.limit = limit.into();
        self.ratio = share.to_string();
        self
    }
    /// What is aimed at, and whether it was reached.
    pub(crate) fn aim(mut self, aim: impl Into<String>, held: bool) -> Figure {
        self.aim = aim.into();
        self.held = Some(held);
        self
    }
}

/// All figures of a run.
#[derive(Debug, Default)]
pub(crate) struct Table {
    groups: Vec<(String, Vec<Figure>)>,
}

impl Table {
    /// Begins a group.
    pub(crate) fn group(&mut self, name: impl Into<String>) {
        self.groups.push((name.into(), Vec::new()));
    }
    /// Adds a figure to the group begun last, and says it at once to whoever waits.
    pub(crate) fn add(&mut self, figure: Figure) {
        eprintln!(
            "  {}: {} ({}) {} {}",
            figure.what, figure.measured, figure.limit, figure.ratio, figure.aim
        );
        if self.groups.is_empty() {
            self.group("");
        }
        if let Some((_, figures)) = self.groups.last_mut() {
            figures.push(figure);
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cells = |figure: &Figure| {
            let held = match figure.held {
                None => "",
                Some(true) => "ok",
                Some(false) => "MISS",
            };
            [
                figure.what.clone(),
                figure.measured.clone(),
                figure.limit.clone(),
                figure.ratio.clone(),
                figure.aim.clone(),
                held.to_owned(),
            ]
        };
        let head = ["figure", "measured", "limit of this run", "ratio", "aim", ""].map(str::to_owned);
        let mut widths = head.clone().map(|cell| cell.chars().count());
        for figure in self.groups.iter().flat_map(|(_, figures)| figures) {
            for (width, cell) in widths.iter_mut().zip(cells(figure)) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let line = |f: &mut fmt::Formatter<'_>, cells: [String; 6]| {
            let mut text = String::new();
            for (cell, width) in cells.iter().zip(widths) {
                text.push_str(&format!("{cell:<width$}  "));
            }
            writeln!(f, "{}", text.trim_end())
        };
        line(f, head)?;
        for (name, figures) in &self.groups {
            writeln!(f, "\n{name}")?;
            for figure in figures {
                line(f, cells(figure))?;
            }
        }
        Ok(())
    }
}
