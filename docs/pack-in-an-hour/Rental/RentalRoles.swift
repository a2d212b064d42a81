import Core
import Records

/// The front desk lets cars and sees its own; managers see their department's and keep the cars.
enum RentalRoles {
    static let all: [RoleTemplate] = BuiltInRole.allCases.filter { $0 != .admin }.map { role in
        role.template { rights in
            switch role {
            case .clerk, .salesConsultant, .serviceAdvisor:
                rights.allow(.own, Rights.everyday, on: [Rental.self])
                rights.allow(.all, ["read"], on: [RentalCar.self])
            case .storeManager, .salesManager, .gm:
                rights.allow(role == .gm ? .all : .departmentTree, Rights.everyday + ["delete", "assign", "export"], on: [Rental.self])
                rights.allow(.all, Rights.everyday + ["delete"], on: [RentalCar.self])
            default:
                rights.allow(.none, Rights.every, on: [Rental.self, RentalCar.self])
            }
        }
    }
}
