import Core
import Records

/// Until when a customer has a contract.
public struct ContractHolder: Extension {
    public static let of = Customer.self
    public let contractEnd = Field<Day?>("contract_end_on", "合同到期", .readOnly, .indexed, .section(.state), .english("Contract ends on"))

    public static var rules: Rules {
        .of(Customer.self) {
            $0.keep(while: Contract.self, by: "customer_id", .field("status", .in, "approving", "effective"), "份未履行完的合同")
            $0.rollUp(
                RollUp(
                    "contract_end_on", of: Contract.name, by: "customer_id", .max("to_on"),
                    where: .field("status", .in, "effective", "fulfilled", "closed")))
        }
    }

    public init() {}
}
