import Records

/// A place in the company is a reach: who is moved up, or has people moved below, sees more. So it is given like a right.
extension GateTransaction {
    /// Before a user's department or superior changes. `rights` are those of the user afterwards.
    func governPlace(of row: Row, over old: Row?, rights: Rights) throws {
        guard isAskedFor else { return }
        let isMoved = row["department_id"] != old?["department_id"] ?? .null
        if isMoved, row.id == actor.userID { throw Refusal.forbidden("不能修改自己的部门，请由其他管理员操作。") }
        if isMoved, rights.dependOnPlace, let department = row["department_id"].int, !actor.departmentTree.contains(department) {
            throw Refusal.forbidden("只能把有部门权限的用户安排在您自己的部门及下级部门，请联系系统管理员。")
        }
        let hasNewSuperior = row["manager_id"] != old?["manager_id"] ?? .null
        if hasNewSuperior, row["manager_id"].int == actor.userID, actor.rights.dependOnPlace {
            throw Refusal.forbidden("不能把他人调整为自己的下属，请由其他管理员操作。")
        }
    }

    /// Before a department changes: where it is and who is its head is for administrators, or for those whom one of them has agreed with.
    func governPlace(ofDepartment row: Row, over old: Row?) throws {
        guard !isRule, !actor.rights.isAdmin, !placeChanges(row, over: old).isEmpty, try approversRights()?.isAdmin != true else { return }
        throw Refusal.forbidden("部门的上级和负责人决定谁看得到、谁能审批，您不能直接调整；请在部门页面修改，由系统管理员审批。")
    }

    /// By a person who may neither do everything nor define roles.
    private var isAskedFor: Bool { !isRule && !actor.rights.isAdmin && !actor.rights.system.contains("roles") }
}

extension Rights {
    /// Whether department or reporting line decide how far they reach.
    var dependOnPlace: Bool {
        let placed: [Scope] = [.ownAndSubordinates, .department, .departmentTree]
        return ([fallback] + scopes.values).contains { $0.values.contains(where: placed.contains) }
    }
}
