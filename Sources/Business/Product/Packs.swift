import Core
import Marketing
import Records
import Sales
import Service

/// What the product can do, in the order of the navigation: what every company has, the packs that it switches on and off, and what two
/// packs have in common.
public enum Packs {
    public static let all: [Pack] = [
        .base("customers", [CustomersCapability.self]), .sales, .marketing, .service,
        .joint(.sales, .service, capabilities: [OrdersInService.self]),
        .base("company", [ManagementCapability.self, OfficeCapability.self]),
    ]

    /// Of all packs, whether on or off.
    public static let capabilities = all.flatMap(\.capabilities)
}
