#!/usr/bin/env python3
"""Takes one check away at a time and sees whether a test notices: a check that no test misses will be lost some day.

    git clone . /tmp/zhike-mutations && cd /tmp/zhike-mutations
    Tests/mutations.py              # all, about half an hour; by hand or nightly
    Tests/mutations.py --only 3 17  # these
    Tests/mutations.py --list
    Tests/mutations.py --check      # whether the list fits the sources, as bin/test does

It changes the sources of the checkout it stands in (which must be clean) and puts them back at the end. All the changes are built at once: in a
replacement GONE is a switch that the environment variable MUTANT turns on, so only one check is ever missing and one build does for all.
ZHIKE_TEST_POSTGRES as in bin/test; without it the tests run on SQLite only.
"""
import argparse
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GATE, VIEW, COMMANDS = "Sources/Gate", "Sources/Gate/Reading/View.swift", "Sources/Gate/Writing/GateTransaction+Commands.swift"
VALIDATION, FILES = "Sources/Gate/Writing/GateTransaction+Validation.swift", "Sources/Gate/Platform/View+Files.swift"
AUTHENTICATE, REACH = "Sources/Gate/Accounts/Accounts+Authenticate.swift", "Sources/Gate/Accounts/Rights+Reach.swift"
CONTRACT = "Tests/Browser/test_contract.py"
GOVERN, GRANTS = "Sources/Gate/Accounts/GateTransaction+Govern.swift", "Sources/Gate/Accounts/GateTransaction+Grants.swift"
APPROVALS, DECISIONS = "Sources/Gate/Approvals/GateTransaction+Approvals.swift", "Sources/Gate/Approvals/ApprovalRequest+Actions.swift"

# What is taken away, where, how, and the tests of which one must turn red: a filter for the Swift tests, or a file (and -k) for pytest.
# Not here: what is checked in two places, of which either is enough (the right to import, to manage users, a disabled user).
MUTATIONS = [
    ("reading one record out of reach", VIEW,
     'guard let row = try whole(schema, id: id), may("read", row) else', 'guard let row = try whole(schema, id: id), GONE || may("read", row) else', "ScopeMatrixTests"),
    ("the right to change, delete, merge a record", VIEW,
     'guard right == "read" || may(right, row) else', 'guard GONE || right == "read" || may(right, row) else', "ScopeMatrixTests"),
    ("the reach of records asked for by id", VIEW,
     '$0.deletedAt == nil && may("read", $0) })', '$0.deletedAt == nil && (GONE || may("read", $0)) })', "ScopeMatrixTests"),
    ("the reach of a list", VIEW, 'query.scope = scope\n', 'query.scope = GONE ? .everything : scope\n', "ScopeMatrixTests"),
    ("the reach of a search", "Sources/Gate/Reading/View+Search.swift",
     'within: actor.reach(schema, "read")', 'within: GONE ? .everything : actor.reach(schema, "read")', "ScopeMatrixTests"),
    ("searching in readable fields only", "Sources/Gate/Reading/View+Search.swift",
     "guard lens.hidesSearchable else { return Array(live.prefix(limit)) }", "guard !GONE, lens.hidesSearchable else { return Array(live.prefix(limit)) }", "FieldRightsTests"),
    ("the reach inside a filter by related records", VIEW,
     "depth: depth + 1) && within(reach, link: nil)", "depth: depth + 1) && (GONE ? .everything : within(reach, link: nil))", "ReachTests"),
    ("the reach inside a filter through a link", VIEW,
     'return condition && within(actor.reach(target, "read").withoutPool, link: link)', 'return GONE ? condition : condition && within(actor.reach(target, "read").withoutPool, link: link)', "ReachTests"),
    ("filtering and sorting by readable fields only", VIEW,
     "guard lens(schema).reads(field) else { throw Refusal.forbidden(\"您没有查看「\\(field.label)」", "guard GONE || lens(schema).reads(field) else { throw Refusal.forbidden(\"您没有查看「\\(field.label)」", "FieldRightsTests"),
    ("the form of a filter by a hidden field", "Sources/Gate/Questions/FilterSubject.swift",
     "guard view.right(subject.schema, subject.field) >= .read else", "guard GONE || view.right(subject.schema, subject.field) >= .read else", "FilterTests"),
    ("the order of a filter's bounds", "Sources/Gate/Questions/FilterAsk.swift", "guard !from.exceeds(to) else", "guard GONE || !from.exceeds(to) else", "FilterTests"),
    ("a name that a filter does not find", "Sources/Gate/Questions/FilterAsk.swift", "guard !ids.isEmpty else { throw problem", "guard GONE || !ids.isEmpty else { throw problem", "FilterTests"),
    ("hiding a hidden field", "Sources/Gate/Reading/Lens.swift", "for slot in hidden where slot", "for slot in hidden where !GONE && slot", "FieldRightsTests"),
    ("masking a masked field", "Sources/Gate/Reading/Lens.swift", "for field in masked where !row[field].isNull", "for field in masked where !GONE && !row[field].isNull", "FieldRightsTests"),
    ("the reach of a timeline", "Sources/Gate/Reading/View+Timeline.swift",
     'query.scope = actor.reach(link.schema, "read")', 'query.scope = GONE ? .everything : actor.reach(link.schema, "read")', "ReachTests"),
    ("masking in a record's history", "Sources/Gate/Reading/View+Timeline.swift",
     "let isMasked = !lens.reads(field) || field.traits.isSealed", "let isMasked = !GONE && (!lens.reads(field) || field.traits.isSealed)", "FieldRightsTests"),
    ("the right to create", COMMANDS, 'guard may("create", schema), schema.traits', 'guard GONE || may("create", schema), schema.traits', "ScopeMatrixTests"),
    ("the version that was read", COMMANDS, "if let version, version != old.version {", "if let version, !GONE, version != old.version {", "SavingTests"),
    ("the right to empty the bin", COMMANDS, 'guard actor.rights.isAdmin || actor.rights.system.contains("recycle")', 'guard GONE || actor.rights.isAdmin || actor.rights.system.contains("recycle")', "ReachTests"),
    ("the reach of what lies inside a record", "Sources/Gate/Reading/View+Held.swift",
     'let isHeld = parent.map { may(asked, $0) && !isOnlyPooled($0) } ?? false', 'let isHeld = GONE || (parent.map { may(asked, $0) && !isOnlyPooled($0) } ?? false)', "ReaderTests"),
    ("the reach of a list of lines", "Sources/Gate/Reading/View+Held.swift",
     'return within(actor.reach(holder.parent, "read").withoutPool, link: holder.link.name)', 'return GONE ? .everything : within(actor.reach(holder.parent, "read").withoutPool, link: holder.link.name)', "ReaderTests"),
    ("names of records out of reach", VIEW,
     'isOpen(schema) || may("read", $0) && $0.deletedAt == nil', 'GONE || isOpen(schema) || may("read", $0) && $0.deletedAt == nil', "ReaderTests"),
    ("the reach of the audit log", "Sources/Gate/Audit/View+AuditLog.swift",
     'beyond[name] = ids.subtracting(seen.map(\\.id))', 'if !GONE { beyond[name] = ids.subtracting(seen.map(\\.id)) }', "ReaderTests"),
    ("masked values in the search for duplicates", "Sources/Gate/Reading/View+Likeness.swift",
     '!field.traits.isReadOnly, lens(schema).reads(field),', '!field.traits.isReadOnly, GONE || lens(schema).reads(field),', "ReaderTests"),
    ("guessing numbers by saving", "Sources/Gate/Accounts/GateTransaction+Actors.swift",
     'guard recent.count < Self.most else { return 3600 }', 'guard GONE || recent.count < Self.most else { return 3600 }', "ReaderTests"),
    ("each reader's fields in a request", "Sources/Gate/Reading/View+Pool.swift",
     'if row.schema.name == ApprovalRequest.name { seen', 'if !GONE, row.schema.name == ApprovalRequest.name { seen', "ReaderTests"),
    ("what is the program's only", "Sources/Records/Access/Actor.swift",
     'if field.traits.isProgramOnly { return .hidden }', 'if !GONE, field.traits.isProgramOnly { return .hidden }', "ReaderTests"),
    ("the quoted field of a mention", "Sources/Gate/Platform/Mentions.swift",
     'reader.lens(row.schema).reads(field)', '(GONE || reader.lens(row.schema).reads(field))', "ReaderTests"),
    ("what a rule did in its author's name, undone", "Sources/Gate/Audit/GateTransaction+Undo.swift",
     'let goesAlong = entry.isConsequence == true && rides', 'let goesAlong = !GONE && entry.isConsequence == true && rides', "AutomationTests"),
    ("undo as a request of today", "Sources/Gate/Audit/GateTransaction+Undo.swift",
     'guard may("read", current), isPresent(current) else { throw Refusal.notFound }\n        if entry', 'guard GONE || may("read", current), isPresent(current) else { throw Refusal.notFound }\n        if entry', "DoorTests"),
    ("the field's right in an undo", "Sources/Gate/Audit/GateTransaction+Undo.swift",
     'if !isRule { try mayPutBack(current, to: wanted) }', 'if !GONE, !isRule { try mayPutBack(current, to: wanted) }', "DoorTests"),
    ("no state put back", "Sources/Gate/Audit/GateTransaction+Undo.swift",
     'guard field.name != schema.flow?.field else {', 'guard GONE || field.name != schema.flow?.field else {', "DoorTests"),
    ("the scope of a key for an action", "Sources/Gate/Writing/GateTransaction+Keys.swift",
     'guard actor.rights.unwritable.contains(schema.name), depth == 0', 'guard !GONE, actor.rights.unwritable.contains(schema.name), depth == 0', "DoorTests"),
    ("a key that only reads", "Sources/Gate/Writing/GateTransaction+Keys.swift",
     'guard Self.noted.contains(schema.name) else', 'guard GONE || Self.noted.contains(schema.name) else', "DoorTests"),
    ("rules with their author's reach", "Sources/Gate/Automation/Automation.swift",
     'may("read", row), isPresent(row) else { return false }', 'GONE || may("read", row), isPresent(row) else { return false }', "DoorTests"),
    ("the right to have rules", "Sources/Gate/Automation/Automation.swift",
     'guard author.rights.isAdmin || author.rights.system.contains("automation")', 'guard GONE || author.rights.isAdmin || author.rights.system.contains("automation")', "DoorTests"),
    ("hidden values in a rule's texts", "Sources/Gate/Automation/AutomationRule+Check.swift",
     'guard let field = schema[name], !isRule, !lens(schema).reads(field) else { continue }', 'guard !GONE, let field = schema[name], !isRule, !lens(schema).reads(field) else { continue }', "DoorTests"),
    ("notices within each reader's reach", "Sources/Gate/Jobs/GateTransaction+Jobs.swift",
     'let reader = try reader(user), reader.sees(row), let text', 'let reader = try reader(user), GONE || reader.sees(row), let text', "ReaderTests"),
    ("lending what one has on loan", "Sources/Gate/Writing/GateTransaction+Sharing.swift",
     'guard !isOnlyLent(row) else {', 'guard GONE || !isOnlyLent(row) else {', "DoorTests"),
    ("the applicant's rights when it is approved", "Sources/Gate/Approvals/ApprovalRequest+Actions.swift",
     'guard var applicant = try actor(of: request.ownerID ?? 0, via: "approval") else {', 'guard var applicant = try actor(of: request.ownerID ?? 0, via: "approval") ?? (GONE ? .system() : nil) else {', "DoorTests"),
    ("taking by handing over", "Sources/Gate/Accounts/Handover.swift",
     'guard to != actor.userID || actor.rights.isAdmin else', 'guard GONE || to != actor.userID || actor.rights.isAdmin else', "DoorTests"),
    ("a cookie without the page's token", "Sources/Web/Server/Middleware.swift",
     'if request.uri.path.hasPrefix("/api/"), let login', 'if !GONE, request.uri.path.hasPrefix("/api/"), let login', "CookieTests"),
    ("the right to switch packs", "Sources/Gate/Platform/Packs.swift",
     'try needsSystem("packs", "启用和停用功能包")', 'if !GONE { try needsSystem("packs", "启用和停用功能包") }', "PackPageTests"),
    ("the role of a new colleague", "Sources/Gate/Accounts/SetUpGuide.swift", 'if fields["roles"]?.list?.isEmpty ?? true {', 'if !GONE, fields["roles"]?.list?.isEmpty ?? true {', "GuideTests"),
    ("a log-in twice in one form", "Sources/Gate/Accounts/SetUpGuide.swift", "guard names.insert(name).inserted else {", "guard names.insert(name).inserted || GONE else {", "GuideTests"),
    ("what a pack needs, in the guide", "Sources/Web/Account/GuideWork.swift", "guard !missing.isEmpty else { return nil }", "guard !GONE, !missing.isEmpty else { return nil }", "GuideStepTests"),
    ("switching packs with a key that reads", "Sources/Gate/Audit/View+AuditLog.swift", "toLook && rights.seen", "(GONE || toLook) && rights.seen", "PackPageTests"),
    ("the right an action needs", VIEW, "let row = try reachable(schema, id: id, action.permission)", 'let row = try reachable(schema, id: id, GONE ? "read" : action.permission)', "ReachTests"),
    ("an action's state", COMMANDS, "if let reason = action.unavailable(old, actor) {", "if !GONE, let reason = action.unavailable(old, actor) {", f"{CONTRACT} -k actions"),
    ("an action's argument out of reach", COMMANDS, 'return isOpen(schema) || may("read", row)', 'return GONE || isOpen(schema) || may("read", row)', "ReachTests"),
    ("the right to change a field", VALIDATION, "guard lens.edits(field) || field", "guard GONE || lens.edits(field) || field", "FieldRightsTests"),
    ("the right to assign", VALIDATION, "guard !allowed, schema.isOwned else { return }", "guard !GONE, !allowed, schema.isOwned else { return }", "FieldRightsTests"),
    ("linking to what is out of reach", VALIDATION, '(isRule || isOpen(other) || may("read", $0))', '(GONE || isRule || isOpen(other) || may("read", $0))', "ScopeMatrixTests"),
    ("a state that moves by its steps only", VALIDATION, "if name == schema.flow?.field, isRequestedStateChange", "if !GONE, name == schema.flow?.field, isRequestedStateChange", f"{CONTRACT} -k state_moves"),
    ("the right to reveal", "Sources/Gate/Writing/GateTransaction+Reveal.swift", "lens(schema).reads(field) && !(isOnlyPooled", "GONE || lens(schema).reads(field) && !(isOnlyPooled", "FieldRightsTests"),
    ("the reason of a reveal", "Sources/Gate/Writing/GateTransaction+Reveal.swift", "guard reason.trimmed.count >= 2 else", "guard GONE || reason.trimmed.count >= 2 else", "FieldRightsTests"),
    ("a file of a record out of reach", FILES,
     'guard !isOnlyPooled(try reachable(schema, id: Int64(file.recordID), "read")) else',
     'guard try GONE || !isOnlyPooled(reachable(schema, id: Int64(file.recordID), "read")) else',
     "ReachTests"),
    ("taking away a file that one may only read", FILES,
     'guard let schema = catalog[file.entity] else { throw Refusal.notFound }\n        _ = try reachable(schema, id: Int64(file.recordID), "update")',
     'guard let schema = catalog[file.entity] else { throw Refusal.notFound }\n        if !GONE { _ = try reachable(schema, id: Int64(file.recordID), "update") }', "ReachTests"),
    ("putting a file beside a record that one may only read", FILES,
     'to schema: Schema, id: Int64\n    ) throws -> Record<File> {\n        let row = try reachable(schema, id: id, "update")',
     'to schema: Schema, id: Int64\n    ) throws -> Record<File> {\n        let row = try reachable(schema, id: id, GONE ? "read" : "update")', "ReachTests"),
    ("sharing what one may only read", "Sources/Gate/Writing/GateTransaction+Sharing.swift",
     'let row = try reachable(schema, id: id, "update")', 'let row = try reachable(schema, id: id, GONE ? "read" : "update")', "ReachTests"),
    ("the right to merge both", "Sources/Gate/Writing/GateTransaction+Merge.swift",
     'let losers = try loserIDs.map { try reachable(schema, id: $0, "merge") }', 'let losers = try loserIDs.map { try reachable(schema, id: $0, GONE ? "read" : "merge") }', "ReachTests"),
    ("the right to export", "Sources/Gate/Exchange/Export/ExportPage.swift", 'may("export", schema) else', 'GONE || may("export", schema) else', "ExporterTests"),
    ("the reach of an export", "Sources/Gate/Exchange/Export/ExportPage.swift", 'let reach = actor.reach(schema, "export")', 'let reach = GONE ? .everything : actor.reach(schema, "export")', "ExporterTests"),
    ("importing over what one may not change", "Sources/Gate/Exchange/Import/ImportRound.swift", 'guard tx.may("update", old) else', 'guard GONE || tx.may("update", old) else', "ImportRightsTests"),
    ("undoing what another did", "Sources/Gate/Audit/GateTransaction+Undo.swift",
     "guard goesAlong || actor.rights.isAdmin || entry.user", "guard GONE || goesAlong || actor.rights.isAdmin || entry.user", "ReachTests"),
    ("the right to read the audit log", "Sources/Gate/Audit/View+AuditLog.swift", "if rights.isAdmin || rights.system.contains(right) ||", "if GONE || rights.isAdmin || rights.system.contains(right) ||", "ReachTests"),
    ("masking in the audit log", "Sources/Gate/Audit/View+AuditLog.swift", "!lens(schema).reads(field) || field.traits.isSealed { isMasked = true }", "!GONE, !lens(schema).reads(field) || field.traits.isSealed { isMasked = true }", "ReachTests"),
    ("the key that a database names", "Sources/Gate/Platform/KeyStanding.swift", "return mark == secrets.mark ?", "return GONE || mark == secrets.mark ?", "KeyStandingTests"),
    ("the proof of a key that no database names", "Sources/Gate/Platform/KeyStanding.swift", "return entries.contains {", "return GONE || entries.contains {", "KeyStandingTests"),
    ("the proof by a sealed value", "Sources/Gate/Platform/KeyStanding.swift", "return hasSealed ?", "return hasSealed && !GONE ?", "KeyStandingTests"),
    ("a sealed value that comes back as it was shown", VALIDATION, "if Secrets.isSealed(row[field].text), plain", "if !GONE, Secrets.isSealed(row[field].text), plain", "KeyStandingTests"),
    ("a sealed text given for a value", VALIDATION, "if field.traits.isSealed, Secrets.isSealed", "if !GONE, field.traits.isSealed, Secrets.isSealed", "KeyStandingTests"),
    ("a data folder without its key", "Sources/zhike/Installation.swift", "guard try await isUnused(store) else", "guard try await GONE || isUnused(store) else", "Tests/Browser/test_keys.py"),
    ("the changes of another instance", "Sources/Gate/Accounts/Accounts.swift", "guard gate.store.isShared else { return }", "guard !GONE, gate.store.isShared else { return }", "SessionTests"),
    ("telling other instances of a change", "Sources/Gate/Writing/GateTransaction.swift", "if !writing.changedForOthers", "if !GONE, !writing.changedForOthers", "SessionTests"),
    ("jobs of others", "Sources/Gate/Jobs/Jobs.swift", "guard actor.rights.isAdmin || actor.userID != 0 &&", "guard GONE || actor.rights.isAdmin || actor.userID != 0 &&", f"{CONTRACT} -k jobs_are"),
    ("a preview that changes nothing", "Sources/Gate/Gate.swift", "guard actor.previewedBy == nil else", "guard GONE || actor.previewedBy == nil else", "SavingTests"),
    ("giving rights that one does not have", GOVERN, "if actor.rights.covers(rights, in: catalog.whole) { return true }", "if GONE || actor.rights.covers(rights, in: catalog.whole) { return true }", "GrantTests"),
    ("a mightier user's account", GOVERN, "guard try mayGive(rights(of: carried(by: user))) else", "guard try GONE || mayGive(rights(of: carried(by: user))) else", "GrantTests"),
    ("who makes administrators", GRANTS, "!present.isAdmin, !beyond.contains(where: isOfAdministrators)", "GONE || !present.isAdmin, GONE || !beyond.contains(where: isOfAdministrators)", "UserTests"),
    ("keeping back the roles that wait", GRANTS, 'row["roles"] = old?["roles"] ?? .list(', 'row["roles"] = GONE ? row["roles"] : old?["roles"] ?? .list(', "GrantTests"),
    ("keeping back the rights that wait", GRANTS, "row[name] = old?[name] ?? .null", "row[name] = GONE ? row[name] : old?[name] ?? .null", "GrantTests"),
    ("roles that exist, before they are asked for", GRANTS, "if let old { try validate(row, over: old) }", "if !GONE, let old { try validate(row, over: old) }", "GrantTests"),
    ("approval of rights by an administrator", DECISIONS, "if plan.isForAdministrators, try !isAdministrator()", "if !GONE, plan.isForAdministrators, try !isAdministrator()", "GrantTests"),
    ("an administrator of this moment", DECISIONS, "try actor.rights.isAdmin && present(actor.userID)?.isAdmin ?? false", "try actor.rights.isAdmin && (GONE || present(actor.userID)?.isAdmin ?? false)", "GrantTests"),
    ("passing the approval of rights on", DECISIONS, "if ApprovalPlan(request.plan)?.isForAdministrators ?? false,", "if !GONE, ApprovalPlan(request.plan)?.isForAdministrators ?? false,", "GrantTests"),
    ("an API key's scopes", REACH, "guard !scopes.writes(schema.name) || Organisation", "guard !GONE, !scopes.writes(schema.name) || Organisation", "KeyTests"),
    ("an API key's end", AUTHENTICATE, "now >= expiresAt { return false }", "!GONE, now >= expiresAt { return false }", "KeyTests"),
    ("a revoked API key", AUTHENTICATE, "key.revokedAt == nil else", "GONE || key.revokedAt == nil else", "KeyTests"),
    ("a session's end", AUTHENTICATE, "return now < ticket.seenAt.adding(seconds: idle) &&", "return GONE || now < ticket.seenAt.adding(seconds: idle) &&", "SessionTests"),
    ("rights of one who must change the password", AUTHENTICATE, "if mustEnrol || mustChange {", "if !GONE, mustEnrol || mustChange {", "GateTests"),
    ("the right to change what one writes to people about", GATE + "/Messages/GateTransaction+Messages.swift",
     'guard !isRule, !may("update", row) else { return }', 'guard !GONE, !isRule, !may("update", row) else { return }', "MessageTests"),
    ("sending again only for whoever may write", GATE + "/Messages/Message.swift", "try tx.maySpeak(of: about)", "if !GONE { try tx.maySpeak(of: about) }", "MessageTests"),
    ("the second right that a bulk action takes", GATE + "/Bulk/Bulk.swift", "if let right = action.bulkPermission { try demand(right) }", "if !GONE, let right = action.bulkPermission { try demand(right) }", "MessageTests"),
    ("the second right to each record of a bulk action", GATE + "/Bulk/Bulk.swift", "_ = try reachable(schema, id: id, right)\n", "if !GONE { _ = try reachable(schema, id: id, right) }\n", "MessageTests"),
    ("a letter without the name it speaks of", GATE + "/Messages/GateTransaction+Messages.swift", "names.filter(people.contains).map", "names.filter { !GONE && people.contains($0) }.map", "MessageTests"),
    ("what a share does not lend", VIEW, "guard !action.isForKeeper || may(action, row) else", "guard GONE || !action.isForKeeper || may(action, row) else", "LentTests"),
    ("no button for what a share does not lend", VIEW, "may(action.permission, row) && !(action.isForKeeper && isOnlyLent(row))", "may(action.permission, row) && (GONE || !(action.isForKeeper && isOnlyLent(row)))", "LentTests"),
    ("an action of a borrower that moves the owner", GATE + "/Writing/GateTransaction+Departures.swift", "!isApproved, isOnlyLent(old) else { return }", "!GONE, !isApproved, isOnlyLent(old) else { return }", "LentTests"),
    ("telling the owner whose record left", GATE + "/Writing/GateTransaction+Departures.swift", "actor.userID != 0, actor.userID != owner else { return }", "!GONE, actor.userID != 0, actor.userID != owner else { return }", "LentTests"),
    ("the scope of a key for what merging rewrites", GATE + "/Writing/GateTransaction+Merge.swift", "try keyWrites(link.schema)\n                for row in rows", "if !GONE { try keyWrites(link.schema) }\n                for row in rows", "DoorTests"),
    ("names in an answer for who may look them up", GATE + "/Questions/View+Answers.swift", 'may("read", $0) ? try self.titles', 'GONE || may("read", $0) ? try self.titles', "AnswerTests"),
    ("no name beside a number that is masked in the pool", GATE + "/Reading/View+Likeness.swift", ".contains { seen[$0] != row[$0] }", ".contains { !GONE && seen[$0] != row[$0] }", "ReaderTests"),
    ("ending what is open when a grant takes effect", DECISIONS, "try beginAfresh(beginners)", "if !GONE { try beginAfresh(beginners) }", "GrantTests"),
    ("a password that no administrator handed out", GATE + "/Accounts/GateTransaction+Afresh.swift", "guard !isTrusted else { return }", "guard !GONE, !isTrusted else { return }", "GrantTests"),
    ("who handed a password out stays written when its user changes it", GATE + "/Accounts/UserDraft.swift", "if !isOwn { $0.issuedBy", "if GONE || !isOwn { $0.issuedBy", "GrantTests"),
    ("carriers of a role that gets more", GATE + "/Accounts/GateTransaction+Afresh.swift", "return before.covers(after, in: catalog.whole) ? []", "return GONE || before.covers(after, in: catalog.whole) ? []", "GrantTests"),
    ("a department's place waits for an administrator", GRANTS, "case Department.name: return try withholdPlaces(&row, over: old)", "case Department.name where !GONE: return try withholdPlaces(&row, over: old)", "GrantTests"),
    ("a department's place past the request", GATE + "/Accounts/GateTransaction+Places.swift", "guard !isRule, !actor.rights.isAdmin, !placeChanges", "guard !GONE, !isRule, !actor.rights.isAdmin, !placeChanges", "GrantTests"),
    ("telling apart what a name does not lead to", VIEW, 'row.deletedAt != nil || !may("read", row) { closed', 'row.deletedAt != nil || (GONE ? false : !may("read", row)) { closed', "PoolTests"),
    ("the limit on guesses", "Sources/Gate/Accounts/Throttle.swift", "guard failures.count >= most else { return nil }", "guard !GONE, failures.count >= most else { return nil }", "LogInTests"),
    ("setting a refused record aside", "Sources/Gate/Bulk/BulkReport.swift", "guard Reason.isFinal(reason) else { throw error }", "guard !GONE, Reason.isFinal(reason) else { throw error }", "JobEachTests"),
    ("a fault that is no record's", "Sources/Gate/Bulk/BulkReport.swift", "guard Reason.isFinal(reason) else { throw error }", "guard GONE || Reason.isFinal(reason) else { throw error }", "JobEachTests"),
    ("taking back what was done for a record set aside", "Sources/Gate/Bulk/BulkReport.swift", "try takingBack(work)", "try GONE ? work() : takingBack(work)", "JobEachTests"),
    ("going on behind the last record", "Sources/Records/Behaviour/Job+Each.swift", "query.cursor = place\n", "query.cursor = GONE ? nil : place\n", "JobEachTests"),
    ("naming what was set aside", "Sources/Gate/Jobs/JobRunner+Running.swift", "guard tx.report.failed > 0 else { return }", "guard !GONE, tx.report.failed > 0 else { return }", "JobEachTests"),
    ("an answer that is the company's own", "Sources/Business/Core/Customers/Interaction+Answer.swift", "guard change.isNew, talk.direction == .outgoing,", "guard change.isNew, GONE || talk.direction == .outgoing,", "LeadTests"),
    ("an answer from before the clock", "Sources/Business/Core/Customers/Interaction+Answer.swift", "            isWithin(start, at)\n", "            GONE || isWithin(start, at)\n", "TicketTests"),
    ("an answer that a machine wrote", "Sources/Business/Core/Customers/Interaction+Answer.swift", 'tx.actor.userID != 0, tx.actor.via != "automation"', 'GONE || tx.actor.userID != 0, GONE || tx.actor.via != "automation"', "LeadTests"),
    ("an answer written down after its time", "Sources/Business/Core/Customers/Interaction+Answer.swift", "return due.map { $0 < tx.now } ?? false ?", "return due.map { !GONE && $0 < tx.now } ?? false ?", "TicketTests"),
    ("recalling in working time only", "Sources/Business/Sales/Leads/LeadJobs.swift", "if isOpen { try take(rule, tx) }", "if GONE || isOpen { try take(rule, tx) }", "LeadTests"),
    ("giving back to whom it was taken from", "Sources/Business/Core/Customers/PoolRules.swift", "guard !isDecided else { return }", "guard !GONE, !isDecided else { return }", "LeadTests"),
    ("a colleague's customer beside a lead", "Sources/Records/Behaviour/Rules.swift", "match.ownerID != nil && match.ownerID != row.ownerID", "!GONE && match.ownerID != nil && match.ownerID != row.ownerID", "LeadTests"),
    ("leads for what is paused or over", "Sources/Business/Marketing/Campaigns/CampaignLead.swift", "channel.paused != true,", "GONE || channel.paused != true,", "CampaignTests"),
    ("a campaign for somebody", "Sources/Business/Marketing/Campaigns/Campaign+Flow.swift", r"requires: [\.group], icon", r"requires: GONE ? [] : [\.group], icon", "CampaignTests"),
    ("the complaint of whoever would not recommend", "Sources/Business/Service/Surveys/Answers.swift", "item.metric == .nps && score <= 6", "!GONE && item.metric == .nps && score <= 6", "SurveyTests"),
    ("attempts by the day", "Sources/Business/Service/FollowUp/FollowPlan+Flow.swift", "plan.triedOn != tx.today ||", "GONE || plan.triedOn != tx.today ||", "FollowUpTests"),
    ("plans that move with their date", "Sources/Business/Service/FollowUp/FollowPlanning.swift", "            try move(rule, row, field, tx)\n", "            if !GONE { try move(rule, row, field, tx) }\n", "FollowUpTests"),
    ("no dunning for what is paid", "Sources/Business/Sales/Finance/Receivable+Rules.swift", "guard [.open, .partial, .overdue].contains(due.status) else", "guard GONE || [.open, .partial, .overdue].contains(due.status) else", "FinanceTests"),
    ("plans of a rule that is off", "Sources/Business/Service/FollowUp/FollowRule.swift", "rule.isEnabled ? nil", "GONE || rule.isEnabled ? nil", "FollowUpTests"),
    ("a second plan for a corrected date", "Sources/Business/Service/FollowUp/FollowPlanning.swift", "guard try !hasBegun(rule,", "guard try GONE || !hasBegun(rule,", "FollowUpTests"),
    ("an idempotency key for another request", "Sources/Gate/Jobs/Idempotency.swift", "guard kept.fingerprint == fingerprint else", "guard GONE || kept.fingerprint == fingerprint else", "IdempotencyTests"),
    ("the anti-forgery token", "Sources/Web/Pages/Records/FormBody.swift", "guard let token, FormBody.equal(token, login.csrf) else", "guard let token, GONE || FormBody.equal(token, login.csrf) else", "WebTests"),
    ("a request from another site", "Sources/Web/Server/Middleware.swift", 'if let site = request.headers[.secFetchSite], site', 'if !GONE, let site = request.headers[.secFetchSite], site', "Tests/Browser/test_requests.py"),
    ("the limit on a body sent in pieces", "Sources/Web/REST/Bodies.swift", "guard bytes.count + buffer.readableBytes <= limit else", "guard GONE || bytes.count + buffer.readableBytes <= limit else", "Tests/Browser/test_requests.py"),
    ("the limit on a body's announced length", "Sources/Web/REST/Bodies.swift", "length > limit { throw", "!GONE, length > limit { throw", f"{CONTRACT} -k 'large or raw_http'"),
    ("FULL synchronisation", "Sources/Storage/SQLite/SQLiteOpening.swift",
     'try connection.script("pragma synchronous = FULL")\n', 'try connection.script(GONE ? "pragma synchronous = NORMAL" : "pragma synchronous = FULL")\n', "SQLiteStoreTests"),
    ("the row's version in the database", "Sources/Storage/Session/Session+Writing.swift", "if let version {", "if let version, !GONE {", "WritingTests"),
    ("asking for approval before an action", COMMANDS, "if let flow = try flow(.action, on: old, action: action.name) {", "if !GONE, let flow = try flow(.action, on: old, action: action.name) {", "ApprovalTests"),
    ("the lock on what waits for approval", APPROVALS, "guard !isApproved, try hasOpenRequests() else { return nil }", "guard !GONE, !isApproved, try hasOpenRequests() else { return nil }", "ApprovalTests"),
    ("the condition of an approval flow", APPROVALS, "if try holds(condition, of: row) { return flow }", "if try GONE || holds(condition, of: row) { return flow }", "ApprovalTests"),
    ("the amounts of an approval's steps", APPROVALS, "(amount ?? 0) > upTo.cents { continue }", "!GONE, (amount ?? 0) > upTo.cents { continue }", "ApprovalTests"),
    ("nobody approving what he asked for", DECISIONS, 'if request.ownerID == actor.userID { return "申请人不能审批自己的申请" }', 'if !GONE, request.ownerID == actor.userID { return "申请人不能审批自己的申请" }', "ApprovalTests"),
    ("whose turn it is to approve", DECISIONS, "return request.approvers.ids.contains(actor.userID) ? nil", "return GONE || request.approvers.ids.contains(actor.userID) ? nil", "ApprovalTests"),
    ("everybody of a countersigned step", DECISIONS, "if plan.steps[place].needsAll, !left.isEmpty {", "if !GONE, plan.steps[place].needsAll, !left.isEmpty {", "ApprovalTests"),
    ("the state of what was approved in the meantime", DECISIONS, "if let reason = action.unavailable(target, actor) { throw", "if !GONE, let reason = action.unavailable(target, actor) { throw", "ApprovalTests"),
    ("the one who stands in never being the applicant", "Sources/Gate/Approvals/Approvers.swift", "limit: 1).first,\n            one.delegate.id != applicant\n", "limit: 1).first,\n            GONE || one.delegate.id != applicant\n", "ApprovalTests"),
    ("each reader's fields on a slip", GATE + "/Approvals/ApprovalSlip.swift",
     "let reads = line.field.isEmpty ||", "let reads = GONE || line.field.isEmpty ||", "ApprovalSlipTests"),
    ("whose word a request waits for in the inbox", GATE + "/Approvals/ApprovalBox.swift",
     "let asked = Condition.field(\"approver_ids\", .in, .int(actor.userID))", "let asked = GONE ? .everything : Condition.field(\"approver_ids\", .in, .int(actor.userID))", "ApprovalSlipTests"),
    ("hiding a pack that is switched off", "Sources/Records/Catalog.swift", "let on = packs.filter { $0.isOn(given.packs) }", "let on = packs.filter { GONE || $0.isOn(given.packs) }", "PackTests"),
    ("the fields of a pack that is switched off", "Sources/Records/Catalog.swift", "let extensions = Dictionary(grouping: on.flatMap(", "let extensions = Dictionary(grouping: (GONE ? packs : on).flatMap(", "PackTests"),
    ("pages of a pack that is switched off", "Sources/Records/Catalog.swift", "let capabilities = on.flatMap(", "let capabilities = (GONE ? packs : on).flatMap(", "ProductPackTests"),
    ("words of a pack that is switched off, in the search", "Sources/Gate/Platform/Packs.swift", "let entities = Set(switched.flatMap(", "let entities = Set((GONE ? [] : switched).flatMap(", "TutorialTests"),
    ("a fault that a page met on the way", "Sources/Gate/Gate.swift", "if let fault = view.fault { throw fault }", "if !GONE, let fault = view.fault { throw fault }", "AttemptTests"),
    ("whom an interaction is about", "Sources/Gate/Writing/GateTransaction+Validation.swift", "if let first = needed.first, needed.allSatisfy", "if !GONE, let first = needed.first, needed.allSatisfy", "AttemptTests"),
    ("a request about what is off", "Sources/Gate/Reading/View.swift", "guard isPresent(row) else", "guard GONE || isPresent(row) else", "RestingTests"),
    ("requests about what is off, in a list", "Sources/Gate/Reading/View.swift", "condition = condition && presence(schema)", "condition = GONE ? condition : condition && presence(schema)", "RestingTests"),
    ("an entity asked for while its pack is off", "Sources/Gate/Catalog+Present.swift", "guard self[query.schema.name] != nil else {", "guard GONE || self[query.schema.name] != nil else {", "PackTests"),
    ("the packs' rules on a record begun by its type", "Sources/Gate/Writing/GateTransaction.swift", "try save(catalog.present(row), over: nil)", "try save(GONE ? row : catalog.present(row), over: nil)", "PackTests"),
    ("links of a pack that is off, when records are merged", "Sources/Gate/Writing/GateTransaction+Merge.swift",
     "for link in catalog.whole.links(to: loser.schema.name).map(live) where link.field.isColumn", "for link in (GONE ? catalog : catalog.whole).links(to: loser.schema.name).map(live) where link.field.isColumn", "PackTests"),
    ("the exchanged working days", "Sources/Records/Calendar/WorkCalendar.swift", "exceptions[day.number].map { $0.kind == .workday } ??", "(GONE ? nil : exceptions[day.number].map { $0.kind == .workday }) ??", "WorkCalendarTests"),
    ("the pause of a request that waits", "Sources/Business/Service/Tickets/Ticket+Rules.swift", "ticket.due = ticket.due.map { level.clock.adding(waited, to: $0, calendar) }", "if !GONE { ticket.due = ticket.due.map { level.clock.adding(waited, to: $0, calendar) } }", "TicketTests"),
    ("the days within which a request is reopened", "Sources/Business/Service/Tickets/Ticket+Rules.swift", "guard tx.now > resolved.adding(", "guard !GONE, tx.now > resolved.adding(", "TicketTests"),
    ("the accused department not closing", "Sources/Business/Service/Complaints/Complaint+Flow.swift", "guard let department = complaint.handlerDepartment?.id, actor.belongs(to: department) else { return nil }", "guard !GONE, let department = complaint.handlerDepartment?.id, actor.belongs(to: department) else { return nil }", "ComplaintTests"),
    ("the parts of the accused department not closing", "Sources/Gate/Accounts/OrgChart.swift", "actor.departmentLine = standing.departmentLine", "actor.departmentLine = GONE ? [] : standing.departmentLine", "ComplaintTests"),
    ("managers leaving the campaigns to marketing", "Sources/Business/Marketing/Campaigns/CampaignsCapability.swift", "if role.isAmong(.managers) || role == .supervisor { rights", "if !GONE, role.isAmong(.managers) || role == .supervisor { rights", "TransitionTests"),
    ("a merge not changing a state", "Sources/Gate/Writing/GateTransaction+Merge.swift", "try refuseState(chosen: choices, among: losers, of: winner)", "if !GONE { try refuseState(chosen: choices, among: losers, of: winner) }", "TransitionTests"),
    ("the responsible department finding out", "Sources/Business/Service/Complaints/Complaint+Flow.swift", "return isTheirs || actor.rights.isAdmin ? nil", "return GONE || isTheirs || actor.rights.isAdmin ? nil", "ComplaintTests"),
    ("the proposer not approving his own proposal", "Sources/Business/Service/Complaints/Complaint+Flow.swift", 'guard tx.actor.userID != complaint.proposedBy?.id else', 'guard GONE || tx.actor.userID != complaint.proposedBy?.id else', "ComplaintTests"),
    ("telling of a late complaint once", "Sources/Business/Service/Complaints/Complaint+Clocks.swift", "if complaint.acknowledgedAt == nil, complaint.missed == nil, let at", "if complaint.acknowledgedAt == nil, GONE || complaint.missed == nil, let at", "ComplaintTests"),
    ("what a state has settled, at the one door", "Sources/Gate/Writing/GateTransaction.swift", "if !isRule { try refuseSettled(wanted, over: old) }", "if !GONE, !isRule { try refuseSettled(wanted, over: old) }", "BooksTests"),
    ("throwing away what is settled", "Sources/Gate/Writing/GateTransaction.swift", "if !isRule { try refuseRemoval(of: row) }", "if !GONE, !isRule { try refuseRemoval(of: row) }", "SettledTests"),
    ("lines of what is settled", "Sources/Gate/Writing/GateTransaction+Settled.swift", "if let lines {", "if GONE {} else if let lines {", "SettledTests"),
    ("evidence is kept", "Sources/Gate/Writing/GateTransaction+Settled.swift", "if row.schema.traits.isKept {", "if !GONE, row.schema.traits.isKept {", "SettledTests"),
    ("answers that nobody changes", "Sources/Business/Service/Surveys/SurveyResponse.swift", '$0.lock([.submitted], instead', '$0.lock(GONE ? [] : [.submitted], instead', "SettledTests"),
    ("a published questionnaire that never changes", "Sources/Business/Service/Questionnaires/Questionnaire.swift", "$0.lock([.published, .retired], instead", "$0.lock(GONE ? [] : [.published, .retired], instead", "SurveyTests"),
    ("a release for its amount only", "Sources/Business/Sales/Finance/Credit.swift", "wanted <= (credit.releasedAmount ?? .zero)", "GONE || wanted <= (credit.releasedAmount ?? .zero)", "PromiseTests"),
    ("a contract with room for the order", "Sources/Business/Sales/Finance/Credit.swift", "return Money(cents: used) + (order.amount ?? .zero) <= room", "return GONE || Money(cents: used) + (order.amount ?? .zero) <= room", "PromiseTests"),
    ("credit that has run out", "Sources/Business/Sales/Finance/Credit.swift", "let until = account.validTo, until < look.today {", "let until = account.validTo, !GONE, until < look.today {", "PromiseTests"),
    ("a dealer without an account waits", "Sources/Business/Sales/Finance/Credit.swift", "return isDealer ?", "return !GONE && isDealer ?", "PromiseTests"),
    ("every shipment is owed", "Sources/Business/Sales/Finance/OrderCredit.swift", "guard let amount = order.amount, amount > .zero else { return }", "guard !GONE, let amount = order.amount, amount > .zero else { return }", "PromiseTests"),
    ("a discount that only the table's roles grant", "Sources/Business/Sales/Quotes/OrderDiscount.swift", "guard needed != .own, try !isWithin", "guard !GONE, needed != .own, try !isWithin", "PromiseTests"),
    ("a deal won by half at least", "Sources/Business/Sales/Won/WonDeal.swift", "amount >= expected.share(Percent(basisPoints: 5000))", "GONE || amount >= expected.share(Percent(basisPoints: 5000))", "PromiseTests"),
    ("a deal that opens again with its order", "Sources/Business/Sales/Won/WonDeal.swift", "deal.status == .won else { return }", "deal.status == .won, !GONE else { return }", "PromiseTests"),
    ("a customer with anything open stays", "Sources/Records/Behaviour/Rules.swift", "guard count == 0 else { throw Refusal.conflict(\"「\\(row.title)」还有", "guard GONE || count == 0 else { throw Refusal.conflict(\"「\\(row.title)」还有", "PromiseTests"),
    ("following up no oftener than the cool-down allows", "Sources/Business/Service/FollowUp/FollowPlanning.swift", "if try isTooOften(customer", "if try !GONE && isTooOften(customer", "FollowUpTests"),
    ("one plan for one event", "Sources/Business/Service/FollowUp/FollowPlanning.swift", "where !known.contains(key)", "where GONE || !known.contains(key)", "FollowUpTests"),
    ("a day beyond the calendar", "Sources/Records/Values/Day.swift", "number.held(in: Day.numbers)", "GONE ? number : number.held(in: Day.numbers)", "ClampingTests"),
    ("a sum beyond what there is", "Sources/Records/Values/Clamping.swift",
     "        let (sum, isOver) = addingReportingOverflow(other)\n", "        if GONE { return self + other }\n        let (sum, isOver) = addingReportingOverflow(other)\n", "ClampingTests"),
    ("the range of days", "Sources/Records/Kinds/DayKind.swift", "let day = Day(known: number), range.contains(day) else", "let day = Day(known: number), GONE || range.contains(day) else", "RangeTests"),
    ("the range of moments", "Sources/Records/Kinds/InstantKind.swift", "Instant.enterable.contains(Instant(milliseconds: number))", "GONE || Instant.enterable.contains(Instant(milliseconds: number))", "RangeTests"),
    ("the range of ids", "Sources/Records/Kinds/LinkKind.swift", "guard Self.ids.contains(id) else { throw", "guard GONE || Self.ids.contains(id) else { throw", "RangeTests"),
    ("the range of an address's numbers", "Sources/Gate/Questions/QueryItems.swift", "let number = Number(text), range.contains(number) else", "let number = Number(text), GONE || range.contains(number) else", "EdgeSweepTests"),
    ("the range of a calendar's days", "Sources/Web/Pages/Calendar/CalendarLayer.swift", "Day.enterable.contains(at) else", "GONE || Day.enterable.contains(at) else", "EdgeSweepTests"),
    ("the words of a REST parameter", "Sources/Web/REST/EntityAPI.swift", "guard known.contains(text) else", "guard GONE || known.contains(text) else", "EdgeSweepTests"),
    ("the ids that a filter compares with", "Sources/Gate/Questions/ListQuery.swift", "guard (0...LinkKind.ids.upperBound).contains(id) else", "guard GONE || (0...LinkKind.ids.upperBound).contains(id) else", "EdgeSweepTests"),
    ("a preset that names a state there is not", "Sources/Business/Sales/Finance/Receivable.swift", '"filter[status]": "overdue"', '"filter[status]": GONE ? "gone" : "overdue"', "NamesTests"),
    ("a desk whose action there is not", "Sources/Business/Service/FollowUp/FollowPlan.swift", 'action: "', 'action: GONE ? "gone" : "', "NamesTests"),
    ("two hosts, or none", "Sources/Web/Server/RequestGuard.swift", "if hosts > 1 || hosts == 0", "if !GONE, hosts > 1 || hosts == 0", "Tests/Browser/test_connections.py -k Ambiguous"),
    ("codings of a body that we do not know", "Sources/Web/Server/RequestGuard.swift", "if codings.contains(where:", "if !GONE, codings.contains(where:", "Tests/Browser/test_connections.py -k Ambiguous"),
    ("a length larger than any upload", "Sources/Web/Server/RequestGuard.swift", "bytes <= bounds.bodyBytes else", "GONE || bytes <= bounds.bodyBytes else", "Tests/Browser/test_connections.py -k larger_than_any"),
    ("an early answer ends the connection", "Sources/Web/Server/RequestGuard.swift", "if incoming == .body, unanswered <= 1 { isLast = true }", "if !GONE, incoming == .body, unanswered <= 1 { isLast = true }", "Tests/Browser/test_connections.py -k TooLarge"),
    ("how much is drained after the last answer", "Sources/Web/Server/RequestGuard.swift", "if drainedBytes > bounds.drainBytes", "if !GONE, drainedBytes > bounds.drainBytes", "Tests/Browser/test_connections.py -k never_ends"),
    ("a head that does not become whole", "Sources/Web/Server/RequestGuard.swift", "case .partOfHead: schedule(bounds.head, context)", "case .partOfHead: schedule(GONE ? .hours(1) : bounds.head, context)", "Tests/Browser/test_connections.py -k half_sent"),
    ("a body that comes too slowly", "Sources/Web/Server/RequestGuard.swift", "if windows == 1 || windowBytes", "if GONE || windows == 1 || windowBytes", "Tests/Browser/test_connections.py -k half_sent"),
    ("connections over the limit", "Sources/Web/Server/RequestGuard.swift", "private var isTooMany: Bool { connection", "private var isTooMany: Bool { !GONE && connection", "Tests/Browser/test_connections.py -k over_the_limit"),
    ("live pages of one user", "Sources/Web/Server/EventStream.swift", "own.count > OpenStreams.perUser ?", "!GONE && own.count > OpenStreams.perUser ?", "EventStreamTests"),
    ("live pages in all", "Sources/Web/Server/EventStream.swift", "$0.count >= most", "!GONE && $0.count >= most", "EventStreamTests"),
    ("sheets that wait for their import", "Sources/Gate/Exchange/ImportJob.swift", "guard waiting.count < ImportJob.mostSheets,", "guard GONE || waiting.count < ImportJob.mostSheets,", "ImportJobTests"),
    ("a change that is refused within an import", "Sources/Gate/Exchange/Import/ImportRound+Main.swift",
     "throw error }\n            rows[index].faults += ImportFault", "throw error }\n            if GONE { return }\n            rows[index].faults += ImportFault", "ImportRightsTests"),
    ("the digest of a row that is held against it", "Sources/Storage/Session/Session+RowFaults.swift",
     "guard row.computed(table, digest) != kept else", "guard !GONE, row.computed(table, digest) != kept else", "RowDigestTests|DigestTests"),
    ("the values that a save says were there", "Sources/Storage/Session/Session+Digests.swift",
     "for was in old {", "for was in GONE ? [] : old {", "DigestTests"),
    ("the digest that follows a bulk change", "Sources/Storage/Session/Session+Digests.swift",
     "sum = sum.map { $0 ^ digest.part(one.tag, id, row[index + 1])", "sum = sum.map { GONE ? $0 : $0 ^ digest.part(one.tag, id, row[index + 1])", "DigestTests"),
    ("a row without a digest", "Sources/Storage/Session/Session+RowFaults.swift",
     "if waiting.contains(table.name) {", "if GONE || waiting.contains(table.name) {", "DigestTests"),
    ("the bytes of a text that is none any more", "Sources/Storage/Session/Session+RowFaults.swift",
     'try text.unicodeScalars.contains("\\u{FFFD}") ?', 'try !GONE && text.unicodeScalars.contains("\\u{FFFD}") ?', "RowDigestTests"),
    ("ids that came from outside", "Sources/Storage/SQLite/SQLiteConnection.swift",
     "if case .given = id { lastIDs = [:] }", "if case .given = id, !GONE { lastIDs = [:] }", "DigestTests"),
    ("a log-in while the disk is full", "Sources/Gate/Accounts/Accounts+LogIn.swift",
     "} catch StoreError.full(let reason) {", "} catch StoreError.full(let reason) where !GONE {", "KeptSessionsTests"),
    ("a session that ended while the disk is full", "Sources/Gate/Accounts/Accounts+Authenticate.swift",
     "guard !kept.hasEnded(hash) else", "guard GONE || !kept.hasEnded(hash) else", "KeptSessionsTests"),
    ("a code of the app used while the disk is full", "Sources/Gate/Accounts/Accounts+LogIn.swift",
     "if let used { credential.totpStep", "if let used, !GONE { credential.totpStep", "KeptSessionsTests"),
    ("a password changed since a session in memory began", "Sources/Gate/Accounts/Accounts+Authenticate.swift",
     "if let kept, credential?.password != kept.password", "if let kept, !GONE, credential?.password != kept.password", "KeptSessionsTests"),
    ("the same when it is written", "Sources/Gate/Accounts/GateTransaction+Accounts.swift",
     "try credential(of: one.session.user.id)?.password == one.password", "try GONE || credential(of: one.session.user.id)?.password == one.password",
     "KeptSessionsTests"),
    ("sessions in memory that are ended with all others", "Sources/Gate/Accounts/Accounts.swift",
     "for event in events where event.entity == Session.name {", "for event in events where event.entity == Session.name && !GONE {",
     "KeptSessionsTests"),
    ("that only room is waited for", "Sources/Gate/Accounts/Accounts+Sessions.swift",
     "guard case .full = full else { throw full }", "guard GONE || { if case .full = full { true } else { false } }() else { throw full }",
     "KeptSessionsTests"),
    ("how many sessions are kept in memory", "Sources/Gate/Accounts/KeptSessions.swift",
     "guard state.begun.count < limit else", "guard GONE || state.begun.count < limit else", "KeptSessionsTests"),
    ("an export's line before its first byte", "Sources/Gate/Exchange/Export/Exporter.swift",
     'try tx.record("export_begin", entity', 'try tx.record(GONE ? "x" : "export_begin", entity', "ExporterTests"),
    ("the leap month that the year did not have", "Sources/Business/Core/Customers/LunarEntry.swift",
     "guard !date.isLeapMonth || LunarCalendar", "guard GONE || !date.isLeapMonth || LunarCalendar", "AnniversaryTests|LunarBirthdayTests"),
    ("a lunar date that was written in full", "Sources/Business/Core/Customers/Anniversary.swift",
     "let lunar = written.flatMap(LunarDate.init(written:)) ?? LunarDate", "let lunar = (GONE ? nil : written.flatMap(LunarDate.init(written:))) ?? LunarDate", "AnniversaryTests"),
    ("credit sales by the day they were billed", "Sources/Business/Sales/Finance/CreditJobs.swift",
     r"let since = \Receivable.issuedOn >= tx.today - 89", r"let since = (GONE ? .everything : \Receivable.issuedOn >= tx.today - 89)", "FinanceTests"),
    ("the billing day for those who keep the accounts", "Sources/Business/Sales/Finance/FinanceCapability.swift",
     "if ![.finance, .gm].contains(role) { rights.show", "if !GONE, ![.finance, .gm].contains(role) { rights.show", "FinanceTests"),
    ("no allowance on what no longer ages", "Sources/Business/Sales/Finance/Receivable.swift",
     "Bucket.table.first { $0.bucket == bucket }.map", "Bucket.table.first { GONE || $0.bucket == bucket }.map", "FinanceTests"),
    ("the sample drawn at random", "Sources/Business/Service/Surveys/Survey.swift",
     "guard wanted > 0, left <= wanted || random", "guard wanted > 0, GONE || left <= wanted || random", "SurveyTests"),
    ("the cent that is left of a plan in parts", "Sources/Business/Sales/Contracts/Contract.swift",
     "if isWhole, let last = shares.indices.last", "if !GONE, isWhole, let last = shares.indices.last", "FinanceTests"),
    ("a plan's amounts after the contract's", "Sources/Business/Sales/Contracts/Contract+Rules.swift",
     "for term in terms { try tx.save(term) }", "for term in terms where !GONE { try tx.save(term) }", "FinanceTests"),
    ("no recurrence after the day it was checked for", "Sources/Business/Service/Complaints/ComplaintJobs.swift",
     r"&& \Complaint.receivedAt < until", r"&& (GONE ? .everything : \Complaint.receivedAt < until)", "ComplaintTests"),
    ("a recurrence that is told at once", "Sources/Business/Service/Complaints/Complaint+Rules.swift",
     "guard let cause = complaint.cause, let at = complaint.receivedAt,", "guard !GONE, let cause = complaint.cause, let at = complaint.receivedAt,",
     "ComplaintTests"),
    ("a quoted price for the quoted quantity", "Sources/Business/Sales/Quotes/AgreedPrices.swift",
     "let taken = min(beyond, agreed[place].left)", "let taken = GONE ? beyond : min(beyond, agreed[place].left)", "PromiseTests"),
    ("a quoted price that is paid", "Sources/Business/Sales/Quotes/AgreedPrices.swift",
     "where agreed[place].price <= price {", "where GONE || agreed[place].price <= price {", "PromiseTests"),
    ("a quote for one order", "Sources/Business/Sales/Quotes/OrderOfQuote.swift",
     "if let other = try OrderOfQuote.order", "if !GONE, let other = try OrderOfQuote.order", "PromiseTests"),
    ("a quote for its customer", "Sources/Business/Sales/Quotes/OrderOfQuote.swift",
     "guard quote.customer == order.customer else", "guard GONE || quote.customer == order.customer else", "PromiseTests"),
    ("an order outside the catalogue", "Sources/Business/Sales/Quotes/DiscountAuthority.swift",
     "guard isFree, found == .own,", "guard !GONE, isFree, found == .own,", "PromiseTests"),
    ("a typed product's price", "Sources/Business/Sales/Quotes/OrderDiscount.swift",
     "where: \\Product.name == line.product && ", "where: (GONE ? \\Product.name == \"\" : \\Product.name == line.product) && ", "PromiseTests"),
    ("one level of dunning at a time", "Sources/Business/Sales/Finance/FinanceJobs.swift",
     r"next.map { \Receivable.dueOn > tx.today - $0 }", r"next.map { GONE ? .everything : \Receivable.dueOn > tx.today - $0 }", "FinanceTests"),
    ("a level that rises by nobody's batch", "Sources/Business/Sales/Leads/Lead+Rules.swift",
     "level.rank < before.rank, tx.actor.userID != 0, lead", 'level.rank < before.rank, GONE ? change.source == "web" : tx.actor.userID != 0, lead', "LeadTests"),
    ("a discount's reason before its approval", "Sources/Records/Behaviour/Flow.swift",
     "requiresWhen.filter { $0.condition(row) }", "requiresWhen.filter { !GONE && $0.condition(row) }", "QuoteTests"),
    ("submissions from one address", "Sources/Gate/Platform/Gate+Intake.swift",
     "guard ofForm < most, ofOrigin < perAddress else", "guard ofForm < most, GONE || ofOrigin < perAddress else", "IntakeTests"),
    ("the notice that the next year's holidays are missing", "Sources/Gate/Jobs/Housekeeping.swift",
     "guard tx.today.month >= 11, tx.today.weekday == 1,", "guard !GONE, tx.today.month >= 11, tx.today.weekday == 1,", "HolidayNoticeTests"),
    ("the seed of the drawing", "Sources/Business/Service/Surveys/Survey.swift",
     "let size = survey.size ?? 0, seed = survey.seed ??", "let size = survey.size ?? 0, seed = (GONE ? nil : survey.seed) ??", "SurveyTests"),
    ("the program's name where nobody made a record", VIEW, "if schema.name == User.name, wanted.contains(", "if !GONE, schema.name == User.name, wanted.contains(", "PlainPagesTests"),
    ("keeping the mark of demonstration data off the pages", "Sources/Gate/Reading/Schema+Pages.swift",
     "fields.filter { $0 !== demoMark }", "fields.filter { GONE || $0 !== demoMark }", "PlainPagesTests"),
    ("finding set-up records only for who may change them", "Sources/Web/Pages/Search/SearchPages.swift",
     "(schema.traits.menu != nil ||", "(GONE || schema.traits.menu != nil ||", "PlainPagesTests"),
]

SWITCH = """

import func Glibc.getenv
import func Glibc.atoi

private func isMutant(_ number: Int32) -> Bool { getenv("MUTANT").map { atoi($0) == number } ?? false }
"""


def plant(numbers: list) -> dict:
    """Puts the switches in; gives the files as they were."""
    before = {}
    for number in numbers:
        what, name, text, replacement, _ = MUTATIONS[number]
        path = ROOT / name
        source = path.read_text()
        before.setdefault(path, source)
        if source.count(text) != 1:
            restore(before)
            sys.exit(f"{number} ({what}): the text stands {source.count(text)} times in {name}; bring this list up to date")
        path.write_text(source.replace(text, replacement.replace("GONE", f"isMutant({number})")))
    for path in before:
        path.write_text(path.read_text() + SWITCH)
    return before


def check():
    """Whether each text still stands where the list says, once: else the list has fallen behind the sources."""
    faults = [f"{number} ({what}): stands {count} times in {name}" for number, (what, name, text, *_) in enumerate(MUTATIONS)
              if (count := (ROOT / name).read_text().count(text) if (ROOT / name).exists() else 0) != 1]
    if faults:
        sys.exit("\n".join(faults + ["bring the list in Tests/mutations.py up to date"]))


def restore(before: dict):
    for path, source in before.items():
        path.write_text(source)


def is_red(tests: str, number: int | None) -> tuple[bool, str]:
    """Runs tests with one check missing (none: nil); whether one failed, and which."""
    # A check may be what keeps the process alive: a crash need not be explained, and who explains it can outlive it and hold its output open.
    environment = dict(os.environ, NO_COLOR="1", SWIFT_BACKTRACE="enable=no")
    if number is not None:
        environment["MUTANT"] = str(number)
    if tests.startswith("Tests/"):
        environment["ZHIKE_BIN"] = str(ROOT / ".build/debug/zhike")
        command = f".venv/bin/python -m pytest -q -x {tests}"
    else:
        command = f".build/debug/zhikePackageTests.xctest --testing-library swift-testing --filter {shlex.quote(tests)}"
    done = subprocess.run(command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)
    said = done.stdout + done.stderr
    if re.search(r"with 0 tests|no tests ran|\d+ deselected in", said) and not re.search(r"[1-9]\d* (passed|failed)", said):
        sys.exit(f"no test answers to {tests}")
    red = re.findall(r'Test "([^"]+)" (?:recorded|failed)|^FAILED \S+::(\S+)', said, re.M)
    return done.returncode != 0, (red[0][0] or red[0][1]) if red else said.strip().splitlines()[-1] if said.strip() else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", type=int, metavar="N")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--check", action="store_true", help="only whether the list fits the sources; bin/test asks")
    given = parser.parse_args()
    if given.check:
        return check()
    if given.list:
        for number, (what, name, *_, tests) in enumerate(MUTATIONS):
            print(f"{number:3} {what} — {name} — {tests}")
        return
    numbers = given.only or list(range(len(MUTATIONS)))
    if subprocess.run(["git", "status", "--porcelain", "Sources"], cwd=ROOT, capture_output=True, text=True).stdout.strip():
        sys.exit("Sources has changes that are not committed; work in a clone of its own")
    before = plant(numbers)
    survivors = []
    try:
        subprocess.run(["swift", "build", "--build-tests"], cwd=ROOT, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL if not os.environ.get("VERBOSE") else None)
        for tests in sorted({MUTATIONS[number][4] for number in numbers}):
            red, said = is_red(tests, None)
            if red:
                sys.exit(f"{tests} is red already with every check in place: {said}")
        for number in numbers:
            began = time.monotonic()
            red, said = is_red(MUTATIONS[number][4], number)
            print(f"{'red' if red else 'SURVIVED':8} {number:3} {MUTATIONS[number][0]} ({time.monotonic() - began:.0f} s) {said if red else MUTATIONS[number][4]}", flush=True)
            if not red:
                survivors.append(number)
    finally:
        restore(before)
    print(f"{len(numbers) - len(survivors)} of {len(numbers)} noticed" + (f"; survived: {survivors}" if survivors else ""))
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
