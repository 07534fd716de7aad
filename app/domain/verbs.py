"""Every user action by number, with its sentence for the audit log and the least access it takes.

Numbers stand in signed commits and are never reused; 120 to 199 are kept for later parts (risks, policies, lessons,
custom fields, repeats, templates, calendars, connectors).
"""

from typing import NamedTuple

from app.domain.words import Access
from app.i18n import N_


class Verb(NamedTuple):
    """`says` is translated where it is shown; {0}, {1} ... are the objects and numbers the commit names."""

    number: int
    says: str
    access: Access = Access.EDITOR
    undoable: bool = True


FOUND_WORKSPACE = Verb(1, N_("Found the workspace"), access=Access.NONE, undoable=False)
UNDO = Verb(2, N_("Undo: {0}"))
REDO = Verb(3, N_("Redo: {0}"))
REVERT = Verb(4, N_("Revert: {0}"), access=Access.MANAGER)
JOIN_WORKSPACE = Verb(5, N_("A new device of the workspace"), access=Access.NONE, undoable=False)
OPEN_EPOCH = Verb(6, N_("{0} gives the order from now on"), access=Access.OWNER, undoable=False)
HAND_OVER_ORDER = Verb(7, N_("Hand the order over to {0}"), access=Access.OWNER, undoable=False)
ADD_PERSON = Verb(10, N_("Add person {0}"), access=Access.OWNER, undoable=False)
ADMIT = Verb(11, N_("Give {0} a place in the workspace"), access=Access.OWNER, undoable=False)
SET_ACCESS = Verb(12, N_("Set access of {0} to {1}"), access=Access.OWNER, undoable=False)
GIVE_ROLE = Verb(13, N_("Give {0} the role {1}"), access=Access.OWNER, undoable=False)
TAKE_ROLE = Verb(14, N_("Take the role {1} from {0}"), access=Access.OWNER, undoable=False)
VOUCH = Verb(18, N_("Vouch for the key of {0}"), access=Access.OWNER, undoable=False)
ADD_KEY = Verb(15, N_("New key of {0} on this device"), access=Access.NONE, undoable=False)
INVITE = Verb(8, N_("Invite {0}"), access=Access.OWNER, undoable=False)
FOLLOW_INVITATION = Verb(9, N_("{0} follows the invitation"), access=Access.NONE, undoable=False)
NOTE_WRONG_PIN = Verb(16, N_("A wrong PIN for {0}"), access=Access.NONE, undoable=False)
SET_PERSON = Verb(17, N_("Change {0}"), access=Access.OWNER)
TAKE_OUT_DEVICE = Verb(19, N_("Take the device {0} out"), access=Access.READER, undoable=False)
CREATE_PROJECT = Verb(20, N_("New project {0}"), undoable=False)
SET_PROJECT = Verb(21, N_("Change project {0}"), access=Access.MANAGER)
ADD_STAGE = Verb(22, N_("Add stage {0}"))
SET_STAGE = Verb(23, N_("Change stage {0}"))
DELETE_STAGE = Verb(24, N_("Delete stage {0}"), access=Access.MANAGER)
IMPORT_DRAFT = Verb(25, N_("Import {0}"))
ADD_DRAFT = Verb(26, N_("Import into {0}"))
MERGE_DRAFT = Verb(27, N_("Merge a new import into {0}"))
ADD_TASK = Verb(30, N_("Add task {0}"))
SET_TASK = Verb(31, N_("Change {0}"))
MOVE_TASK = Verb(32, N_("Move {0}"))
DELETE_TASK = Verb(33, N_("Delete {0}"))
DELETE_TASKS = Verb(34, N_("Delete several tasks"))
ADD_CHECK = Verb(35, N_("Add check {0}"))
SET_CHECK = Verb(36, N_("Change check {0}"))
DELETE_CHECK = Verb(37, N_("Delete check {0}"))
ADD_TASKS = Verb(38, N_("Add several tasks, {0} first"))
SET_TASKS = Verb(39, N_("Change several tasks, {0} first"))
LINK_TASKS = Verb(40, N_("Link {0} to {1}"))
UNLINK = Verb(41, N_("Remove a link"))
SET_LINK = Verb(42, N_("Change a link"))
SET_PREDECESSORS = Verb(43, N_("Change what {0} waits for"))
ADD_PREDECESSORS = Verb(44, N_("Add to what {0} waits for"))
MOVE_TASKS = Verb(45, N_("Move several tasks, {0} first"))
COPY_TASKS = Verb(46, N_("Copy tasks, {0} first"))
PASTE_DRAFT = Verb(47, N_("Paste tasks, {0} first"))
ADD_GATE = Verb(50, N_("Add gate {0}"), access=Access.MANAGER)
SET_GATE = Verb(51, N_("Change gate {0}"), access=Access.MANAGER)
DELETE_GATE = Verb(52, N_("Delete gate {0}"), access=Access.MANAGER)
REQUIRE_ROLE = Verb(53, N_("Require the role {1} at gate {0}"), access=Access.MANAGER)
ADD_CRITERION = Verb(54, N_("Add criterion {0}"), access=Access.MANAGER)
JUDGE_CRITERION = Verb(55, N_("Judge criterion {0}"))
SET_CRITERION = Verb(56, N_("Change criterion {0}"), access=Access.MANAGER)
START_RUN = Verb(60, N_("Start run {0}"), access=Access.MANAGER)
FINISH_RUN = Verb(61, N_("Finish run {0}"), access=Access.MANAGER)
START_STEP = Verb(62, N_("Start {0}"))
FINISH_STEP = Verb(63, N_("Finish {0}"))
FAIL_STEP = Verb(64, N_("{0} failed"))
SKIP_STEP = Verb(65, N_("Skip {0}"))
WAIT_STEP = Verb(66, N_("{0} waits"))
BLOCK_STEP = Verb(67, N_("{0} is blocked"))
SET_REMAINING = Verb(68, N_("{0} needs {1} more minutes"))
RESET_STEP = Verb(69, N_("{0} is to do again"))
TICK = Verb(70, N_("Check {0}: {1}"))
ADD_NOTE = Verb(71, N_("Note on {0}"))
ATTACH_FILE = Verb(72, N_("File for {0}"))
REMOVE_EVIDENCE = Verb(73, N_("Remove evidence from {0}"))
SIGN = Verb(80, N_("Sign {0} as {1}"), access=Access.READER, undoable=False)
WITHDRAW = Verb(81, N_("Withdraw the signature on {0}"), access=Access.READER, undoable=False)
GIVE_VERDICT = Verb(82, N_("Verdict at {0}: {1}"), access=Access.MANAGER, undoable=False)
WAIVE = Verb(83, N_("Let {0} pass undone as {1}"), access=Access.READER, undoable=False)
ACCEPT = Verb(84, N_("Accept at {0} as it stands"), access=Access.MANAGER, undoable=False)
ACCEPT_LATE = Verb(85, N_("Let what was signed late at {0} count"), access=Access.OWNER, undoable=False)
SET_PROJECT_ACCESS = Verb(90, N_("Set access of {0} to {1} in {2}"), access=Access.OWNER, undoable=False)
RAISE_INCIDENT = Verb(100, N_("Incident: {0}"))
SET_INCIDENT = Verb(101, N_("Change incident {0}"))
SOLVE_INCIDENT = Verb(102, N_("Incident solved: {0}"))
REOPEN_INCIDENT = Verb(103, N_("Incident open again: {0}"))
RECORD_DECISION = Verb(105, N_("Decision: {0}"))
SET_DECISION = Verb(106, N_("Change decision {0}"))
HAND_OVER = Verb(110, N_("Hand over {0} to {1}"))
TAKE_OVER = Verb(111, N_("{1} takes over {0}"))
WITHDRAW_HAND_OVER = Verb(112, N_("Take the hand-over of {0} back"))
SEND_AGAIN = Verb(113, N_("Send again: {0}"))
REDACT = Verb(114, N_("Erase the texts of an entry"), access=Access.OWNER, undoable=False)
REDACT_PERSON = Verb(115, N_("Erase name and address of {0}"), access=Access.OWNER, undoable=False)
SET_HOLD = Verb(116, N_("Legal hold of {0}"), access=Access.OWNER)
REDACT_OBJECT = Verb(117, N_("Erase texts of {0}"), access=Access.OWNER, undoable=False)
REDACT_DUE = Verb(118, N_("Erase what has fallen due in {0}"), access=Access.OWNER, undoable=False)
SET_RETENTION = Verb(119, N_("Retention period of {0}"), access=Access.MANAGER)

BY_NUMBER: dict[int, Verb] = {
    verb.number: verb for verb in tuple(globals().values()) if isinstance(verb, Verb)
}
