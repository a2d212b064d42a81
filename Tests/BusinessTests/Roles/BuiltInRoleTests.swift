import Records
import Testing

@testable import Core
@testable import Product

@Suite struct BuiltInRoleTests {
    static let templates = Packs.capabilities.flatMap { $0.roles }
    private func rights(_ role: BuiltInRole) -> Rights {
        Self.templates.filter { $0.code == role.rawValue }.reduce(Rights()) { $0.union($1.rights) }
    }

    @Test("every role of the matrix is there, with labels") func all() {
        let codes =
            "admin gm director sales_mgr supervisor sales_consultant svc_mgr svc_advisor cs_mgr followup insurance loan store_mgr clerk "
            + "field_rep marketing finance warehouse tour_sales operator guide hr steward dpo sysadmin"
        #expect(Set(Self.templates.map(\.code)) == Set(codes.split(separator: " ").map(String.init)))
        #expect(Self.templates.allSatisfy { !$0.label.isEmpty && !$0.english.isEmpty })
    }

    @Test(
        "consultants and their like keep to their own",
        arguments: [BuiltInRole.salesConsultant, .serviceAdvisor, .followUp, .clerk, .fieldRep])
    func own(role: BuiltInRole) {
        let rights = rights(role)
        // The care desk calls the customers of every store.
        #expect(rights.scope("customers", "read") == (role == .followUp ? .all : .own))
        for right in ["create", "update"] { #expect(rights.scope("customers", right) == .own) }
        for right in ["delete", "export", "import", "merge", "assign"] { #expect(rights.scope("customers", right) == .none) }
        #expect(rights.scope("customers", "claim") == .all && rights.system.isEmpty)
        #expect(rights.scope("anything_new", "read") == .none)
    }

    @Test(
        "managers reach their department and everything below, in later entities too",
        arguments: [BuiltInRole.salesManager, .serviceManager, .careManager, .storeManager])
    func managers(role: BuiltInRole) {
        let rights = rights(role)
        for right in ["read", "create", "update", "delete", "export", "assign"] {
            // Whoever grades any customer's complaint reads any customer.
            let reach: Scope = role == .careManager && right == "read" ? .all : .departmentTree
            #expect(rights.scope("customers", right) == reach && rights.scope("vehicles", right) == .departmentTree)
        }
        #expect(rights.scope("customers", "merge") == .none)
    }

    @Test("a supervisor reaches the team") func supervisor() {
        #expect(rights(.supervisor).scope("customers", "read") == .ownAndSubordinates)
        #expect(rights(.supervisor).scope("customers", "delete") == .none)
    }

    @Test("levels, categories, departments and users are read by everybody and changed by few") func setUp() {
        for role in BuiltInRole.allCases {
            for entity in ["customer_levels", "customer_categories", "departments", "users", "announcements", "tags"] {
                #expect(rights(role).scope(entity, "read") == .all, "\(role) \(entity)")
            }
        }
        #expect(
            BuiltInRole.allCases.filter { rights($0).scope("users", "update") != .none }.map(\.rawValue).sorted() == [
                "admin", "hr", "sysadmin",
            ])
        #expect(
            BuiltInRole.allCases.filter { rights($0).scope("roles", "update") != .none }.map(\.rawValue).sorted() == ["admin", "sysadmin"])
        #expect(
            rights(.salesManager).scope("customer_levels", "update") == .none
                && rights(.careManager).scope("customer_levels", "update") == .all)
    }

    @Test("the system's keeper sees no customer") func separation() {
        #expect(rights(.sysadmin).scope("customers", "read") == .none && rights(.sysadmin).scope("orders", "read") == .none)
        #expect(rights(.sysadmin).system.contains("backup") && !rights(.sysadmin).isAdmin)
        #expect(rights(.admin).isAdmin)
    }

    @Test("the general manager may do everything with business data") func gm() {
        for right in Rights.every { #expect(rights(.gm).scope("customers", right) == .all && rights(.gm).scope("policies", right) == .all) }
    }

    @Test("marketing sees no whole phone number, the steward merges") func fields() throws {
        let mobile = try #require(Customer.schema["mobile"]), idNo = try #require(Customer.schema["id_no"])
        #expect(rights(.marketing).field(Customer.schema, mobile) == .masked)
        #expect(rights(.salesConsultant).field(Customer.schema, mobile) == .edit)
        #expect(rights(.salesConsultant).field(Customer.schema, idNo) == .masked)
        #expect(rights(.dpo).field(Customer.schema, idNo) == .edit)
        #expect(rights(.steward).scope("customers", "merge") == .all)
    }
}
