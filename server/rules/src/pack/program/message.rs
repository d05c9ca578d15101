//! What another institution is told, member by member.

use super::{
    Compiler, Program,
    frame::{Frame, Wanted},
};
use crate::{
    lang::{Code, Type},
    pack::{Expression, Notify},
};

impl Compiler<'_> {
    /// What is sent to another institution once a right is granted, and when later decisions touch it.
    pub(super) fn message(&mut self, notify: &Notify, frame: &Frame<'_>, program: &mut Program) {
        program.decision_slots = (program.slots, program.slots + 1, program.slots + 2);
        program.slots += 3;
        let (number, on, from) = program.decision_slots;
        let given = [
            ("decision_number", number, Type::Text),
            ("decided_on", on, Type::Date),
            ("effective_from", from, Type::Date),
        ];
        let [number, on, _] = given.clone();
        program.notify = self.members((&notify.service, &notify.send), frame, &[number, on], program);
        for later in &notify.later {
            let members = self.members((&later.service, &later.send), frame, &given, program);
            program.later.push(members);
        }
    }

    /// Each member of a message, of the type that its service takes.
    fn members(
        &mut self,
        (service, send): (&str, &[(String, Expression)]),
        frame: &Frame<'_>,
        given: &[(&'static str, usize, Type)],
        program: &mut Program,
    ) -> Vec<(String, Code)> {
        let mut slots = program.slots;
        let service = self.services.iter().find(|found| found.code == service);
        let mut members = Vec::new();
        for (member, expression) in send {
            let Some((_, ty)) = service.and_then(|it| it.takes.iter().find(|(name, _)| name == member))
            else {
                // The service is missing or takes no such member: said where references are checked.
                continue;
            };
            let Some(expr) = self.parsed(expression) else {
                continue;
            };
            let wanted = Wanted::Message(ty.clone(), given);
            let code = self.scoped(frame, None, &mut slots, expression, &expr, Some(&wanted));
            members.extend(code.map(|code| (member.clone(), code)));
        }
        program.slots = slots;
        members
    }
}
