import Core
import Marketing
import Records
import Sales
import Service

/// What the product can do, in the order of the navigation: what every company has, the packs that it switches on and off, and what two
/// packs have in common.
public enum Packs {
    public static let all: [Pack] = [
        .core, .sales, .marketing, .service, .joint(.sales, .service, capabilities: [OrdersInService.self]),
        .base("management", [ManagementCapability.self]), .office,
    ]

    /// Of all packs, whether on or off.
    public static let capabilities = all.flatMap(\.capabilities)
}
