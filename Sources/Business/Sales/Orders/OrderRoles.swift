import Core
import Records

/// Orders are everybody's business who serves customers.
enum OrderRoles {
    static let all = BuiltInRole.templates { rights, role in
        let all: [any Entity.Type] = [Order.self, OrderLine.self]
        switch role {
        case _ where role.isAmong(.frontDesk):
            rights.allow(.own, Rights.everyday + ["delete"], on: all)
            if role == .tourOperator { rights.allow(.departmentTree, ["read"], on: all) }
        case .supervisor: rights.allow(.ownAndSubordinates, Rights.everyday + ["delete", "assign", "approve"], on: all)
        case .marketing: rights.allow(.all, ["read"], on: all)
        case .finance: rights.allow(.all, ["read", "update", "export", "approve"], on: all)
        case .warehouse: rights.allow(.all, ["read", "update", "ship"], on: all)
        // Who sells does not send out; a shop's keeper is its warehouse as well.
        case .storeManager:
            rights.allow(.departmentTree, Rights.everyday + ["delete", "export", "import", "assign", "approve", "ship"], on: all)
        case .gm, .steward: rights.allow(.all, Rights.every + ["ship"], on: all)
        case .dpo: rights.allow(.all, ["read", "update", "delete", "export"], on: all)
        default: break
        }
        let right: FieldRight = role.isAmong(.costReaders) ? .read : .hidden
        rights.show(right, "cost_cents", of: OrderLine.self)
        rights.show(right, "margin_cents", of: Order.self)
    }
}
