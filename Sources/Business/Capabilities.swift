import Records

/// Everything the product can do, in the order of the navigation.
public enum Capabilities {
    public static let all: [any Capability.Type] = [CustomersCapability.self, SalesCapability.self, ProductsCapability.self, OfficeCapability.self]
}
