//! Tables: columns by need, rows over pages, the heading repeated.

use super::flow::{Column, Flow, Role, What};
use super::set::{Line, Style};
use crate::MAX_PAGES;
use crate::blocks::{Side, Span, Table};

const CELL: Style = Style {
    size: 10.5,
    leading: 13.5,
    strong: false,
    side: Side::Left,
};
/// Above and below a row's text, and on either side of a cell's.
const ROW: f32 = 3.0;
const SIDE: f32 = 5.0;
const THICK: f32 = 0.9;
const THIN: f32 = 0.35;
/// No page holds more rows than this.
const ROWS: usize = 40;

/// A row set in its columns.
struct Row {
    cells: Vec<Vec<Line>>,
}

impl Row {
    fn lines(&self) -> usize {
        self.cells.iter().map(Vec::len).max().unwrap_or(0).max(1)
    }

    fn height(&self) -> f32 {
        height(self.lines())
    }
}

fn height(lines: usize) -> f32 {
    lines as f32 * CELL.leading + 2.0 * ROW
}

impl Flow<'_> {
    pub(super) fn table(&mut self, table: &Table, column: Column, parent: Option<usize>) {
        // More rows than the pages could hold need not be measured.
        if table.rows.len() > MAX_PAGES * ROWS {
            self.overflow = true;
            return;
        }
        let columns = self.columns(table, column);
        let titled = table.has_head();
        let head = self.row(&table.head, table, &columns, true);
        let rows: Vec<Row> = table
            .rows
            .iter()
            .map(|row| self.row(row, table, &columns, false))
            .collect();
        let head_height = if titled { head.height() } else { 0.0 };

        let first = rows.first().map_or(0.0, |row| row.height().min(height(3)));
        self.room(head_height + first);
        let node = self.node(Role::Table, parent);
        self.bar(column, THICK);
        if titled {
            let section = self.node(Role::Head, Some(node));
            let nodes = self.cells(section, columns.len(), |_| Role::ColumnHead);
            self.part(&head, &columns, 0, head.lines(), Some(&nodes));
            self.bar(column, THICK);
        }
        let section = (!rows.is_empty()).then(|| self.node(Role::Rows, Some(node)));
        for row in &rows {
            let nodes = self.cells(section.unwrap_or(node), columns.len(), |n| {
                if !titled && n == 0 {
                    Role::RowHead
                } else {
                    Role::Cell
                }
            });
            let mut done = 0;
            while done < row.lines() {
                let rest = row.lines() - done;
                let fit = (0..rest).take_while(|n| height(n + 1) <= self.left()).count();
                // A row that fits on a page of its own is not torn.
                let torn = fit < rest && (rest > 4 && fit >= 2 && head_height + height(rest) > 400.0);
                if fit < rest && !torn && !self.at_head(head_height) || fit == 0 && !self.at_head(head_height)
                {
                    self.turn(&head, titled, &columns, column);
                    continue;
                }
                let take = fit.max(1).min(rest);
                self.part(row, &columns, done, take, Some(&nodes));
                done += take;
                self.bar(column, THIN);
            }
        }
        self.bar(column, THICK);
    }

    /// Whether nothing stands on the page yet but the table's heading.
    fn at_head(&self, head: f32) -> bool {
        self.y <= super::flow::TOP + head + 3.0 * THICK
    }

    /// Goes on on a new page, under the heading repeated as decoration: readers have heard it already.
    fn turn(&mut self, head: &Row, titled: bool, columns: &[Column], column: Column) {
        self.new_page();
        self.bar(column, THICK);
        if titled {
            self.part(head, columns, 0, head.lines(), None);
            self.bar(column, THICK);
        }
    }

    fn cells(&mut self, section: usize, columns: usize, role: impl Fn(usize) -> Role) -> Vec<usize> {
        let row = self.node(Role::Row, Some(section));
        (0..columns).map(|n| self.node(role(n), Some(row))).collect()
    }

    /// Places `take` lines of a row from the line `from` on.
    fn part(&mut self, row: &Row, columns: &[Column], from: usize, take: usize, nodes: Option<&[usize]>) {
        let top = self.y + ROW;
        for (n, (cell, column)) in row.cells.iter().zip(columns).enumerate() {
            let node = nodes.and_then(|nodes| nodes.get(n)).copied();
            let mut y = top;
            for line in cell.iter().skip(from).take(take) {
                self.put(
                    node,
                    What::Text {
                        x: column.x + SIDE,
                        y,
                        line: line.clone(),
                    },
                );
                y += CELL.leading;
            }
            if node.is_some() && from == 0 && cell.is_empty() {
                self.put(node, What::Nothing);
            }
        }
        self.y += height(take);
    }

    fn bar(&mut self, column: Column, thickness: f32) {
        let y = self.y - thickness / 2.0;
        self.put(
            None,
            What::Bar {
                x: column.x,
                y,
                width: column.width,
                height: thickness,
            },
        );
    }

    fn row(&mut self, cells: &[Vec<Span>], table: &Table, columns: &[Column], strong: bool) -> Row {
        let cells = cells
            .iter()
            .zip(columns)
            .zip(&table.sides)
            .map(|((cell, column), side)| {
                if cell.is_empty() {
                    return Vec::new();
                }
                let style = Style {
                    strong,
                    side: *side,
                    ..CELL
                };
                self.setter
                    .lines(cell, style, (column.width - 2.0 * SIDE).max(1.0))
            });
        Row {
            cells: cells.collect(),
        }
    }

    /// The columns' places, by what stands in them.
    fn columns(&mut self, table: &Table, column: Column) -> Vec<Column> {
        let count = table.sides.len().max(1) as f32;
        let mut wishes: Vec<(f32, f32)> = Vec::new();
        for n in 0..table.sides.len() {
            let (mut least, mut most) = (0.0_f32, 0.0_f32);
            let rows = std::iter::once((&table.head, true)).chain(table.rows.iter().map(|row| (row, false)));
            for (row, strong) in rows {
                let Some(cell) = row.get(n).filter(|cell| !cell.is_empty()) else {
                    continue;
                };
                let (min, max) = self.setter.wishes(cell, Style { strong, ..CELL });
                least = least.max(min);
                most = most.max(max);
            }
            // One hair more, so that rounding never breaks what was measured to fit.
            wishes.push((least + 2.0 * SIDE + 0.1, most + 2.0 * SIDE + 0.1));
        }
        let least: f32 = wishes.iter().map(|(least, _)| least).sum();
        let most: f32 = wishes.iter().map(|(_, most)| most).sum();
        let cap = common_measure(&wishes, column.width);
        let mut x = column.x;
        wishes
            .iter()
            .map(|(min, max)| {
                let width = if most <= column.width {
                    // All fits: the room to spare goes to the columns in proportion.
                    max * column.width / most
                } else if least < column.width {
                    max.min(cap).max(*min)
                } else {
                    // Not even the longest words fit: they are broken, in columns no narrower than a third of an even share.
                    let floor = column.width / count / 3.0;
                    floor + min * (column.width - floor * count) / least
                };
                let place = Column { x, width };
                x += width;
                place
            })
            .collect()
    }
}

/// The width above which columns are cut so that together they fill `room`: short columns keep what they want, long ones share.
fn common_measure(wishes: &[(f32, f32)], room: f32) -> f32 {
    let (mut low, mut high) = (0.0, room);
    for _ in 0..24 {
        let middle = (low + high) / 2.0;
        let sum: f32 = wishes.iter().map(|(min, max)| max.min(middle).max(*min)).sum();
        if sum > room { high = middle } else { low = middle }
    }
    low
}
