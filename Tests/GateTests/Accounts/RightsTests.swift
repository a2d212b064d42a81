import Records
import Testing

@testable import Gate

@Suite struct RightsTests {
    private let catalog = Catalog([Platform.self, Garage.self])

    @Test("rights go to text and come back") func roundTrip() throws {
        let plain: Plain = [
            "repair_jobs": [
                "read": "department_tree", "create": true, "import": false, "update": "own", "delete": "none", "export": "none",
            ], "*": ["read": "own"],
        ]
        let rights = try Rights(permissions: plain, fields: ["repair_jobs.phone": "masked"], system: ["audit", "users"], in: catalog)
        #expect(
            rights.scope("repair_jobs", "read") == .departmentTree && rights.scope("repair_jobs", "create") == .all
                && rights.scope("repair_jobs", "import") == .none)
        #expect(
            rights.scope("makes", "read") == .own && rights.fields == ["repair_jobs": ["phone": .masked]]
                && rights.system == ["audit", "users"])
        #expect(Rights(RightsText(rights)) == rights)
        #expect(Plain.object(rights.permissionsPlain) == plain)
        #expect(Rights(RightsText(.all)).isAdmin)
        #expect(Rights(RightsText(system: "users, audit")).system == ["users", "audit"])
    }

    @Test("every unknown name is a problem, all at once") func unknown() throws {
        let wrong = #expect(throws: Problems.self) {
            _ = try Rights(
                permissions: [
                    "spaceships": ["read": "all"], "repair_jobs": ["teleport": "own", "read": "galaxy", "update": 3],
                    "sessions": ["read": "all"],
                ],
                fields: ["repair_jobs.colour": "masked", "phone": "masked", "repair_jobs.phone": "blue"], system: ["everything"],
                in: catalog)
        }
        #expect(
            wrong?.all.compactMap(\.field).sorted() == [
                "fields.phone", "fields.repair_jobs.colour", "fields.repair_jobs.phone", "permissions.repair_jobs.read",
                "permissions.repair_jobs.teleport", "permissions.repair_jobs.update",
                "permissions.sessions", "permissions.spaceships", "system",
            ])
        #expect(throws: Problems.self) { try Rights(permissions: "all", fields: nil, system: nil, in: catalog) }
        #expect(throws: Problems.self) { try Rights(permissions: ["users": ["update": "all"]], fields: nil, system: nil, in: catalog) }
    }

    @Test("stored rights with names that are gone give no right and no error") func lenient() {
        let rights = Rights(
            RightsText(
                permissions: #"{"spaceships":{"read":"all"},"repair_jobs":{"read":"galaxy"}}"#, fields: "rubbish", system: #"["teleport"]"#)
        )
        #expect(rights.scope("repair_jobs", "read") == .none)
    }

    @Test("rights cover what is not wider") func covers() throws {
        func rights(_ permissions: Plain, _ system: Plain = .null, _ fields: Plain = .null) throws -> Rights {
            try Rights(permissions: permissions, fields: fields, system: system, in: catalog).settled
        }
        let tree = try rights(["repair_jobs": ["read": "department_tree", "update": "own"]])
        #expect(tree.covers(try rights(["repair_jobs": ["read": "own"]]), in: catalog))
        #expect(!tree.covers(try rights(["repair_jobs": ["read": "all"]]), in: catalog))
        #expect(!tree.covers(try rights(["repair_jobs": ["delete": "own"]]), in: catalog))
        #expect(!tree.covers(try rights([:], ["audit"]), in: catalog))
        #expect(!tree.covers(try rights(["repair_jobs": ["read": "own"]], nil, ["repair_jobs.phone": "edit"]), in: catalog))
        #expect(!tree.covers(.all, in: catalog) && Rights.all.covers(tree, in: catalog))
        var broad = Rights()
        broad.fallback = ["read": .all]
        #expect(!tree.covers(broad, in: catalog))
    }

    @Test("two capabilities' words about one role are put together") func joined() throws {
        let templates = BuiltInRole.templates(Catalog([Platform.self, Garage.self, Fleet.self]))
        let consultant = try #require(templates.first { $0.code == "sales_consultant" })
        #expect(
            consultant.rights.scope("repair_jobs", "read") == .own && consultant.rights.scope("makes", "read") == .all
                && consultant.rights.scope("makes", "create") == .all)
        #expect(templates.filter { $0.code == "sales_consultant" }.count == 1)
        #expect(templates.first { $0.code == "admin" }?.rights.isAdmin == true)
    }

    @Test("a key may do what its scopes say and its user may, and no more") func narrowed() throws {
        func narrowed(_ scopes: [String], _ rights: Rights = .all) throws -> Rights {
            rights.narrowed(to: try TokenScopes(scopes, in: catalog), in: catalog)
        }
        let reader = try narrowed(["read"])
        #expect(
            !reader.isAdmin && reader.system.isEmpty && reader.scope("repair_jobs", "read") == .all
                && reader.scope("repair_jobs", "export") == .all)
        #expect(
            reader.scope("repair_jobs", "create") == .none && reader.scope("users", "update") == .none
                && reader.scope("users", "read") == .all)
        let one = try narrowed(["repair_jobs:read"])
        #expect(one.scope("repair_jobs", "read") == .all && one.scope("makes", "read") == .none)
        let writer = try narrowed(["write"])
        #expect(
            writer.scope("repair_jobs", "delete") == .all && writer.scope("users", "create") == .none
                && writer.scope("roles", "update") == .none)
        #expect(writer.field(RepairJob.schema, try #require(RepairJob.schema["phone"])) == .edit)
        #expect(try narrowed(["admin"]).isAdmin)
        var own = Rights()
        own.scopes["repair_jobs"] = ["read": .own]
        #expect(try narrowed(["repair_jobs:write"], own).scope("repair_jobs", "read") == .own)
        #expect(try narrowed(["repair_jobs:write"], own).scope("repair_jobs", "delete") == .none)
        #expect(throws: Problems.self) { try TokenScopes(["everything"], in: catalog) }
        #expect(throws: Problems.self) { try TokenScopes(["sessions:read"], in: catalog) }
        #expect(throws: Problems.self) { try TokenScopes([], in: catalog) }
    }
}

/// Another capability that also speaks of 销售顾问.
enum Fleet: Capability {
    static let name = "fleet", label = "车队"
    static let entities: [any Entity.Type] = []
    static var roles: [RoleTemplate] {
        var rights = Rights()
        rights.scopes["makes"] = ["create": .all, "read": .own]
        return [RoleTemplate("sales_consultant", "销售顾问", english: "Sales consultant", rights)]
    }
}
