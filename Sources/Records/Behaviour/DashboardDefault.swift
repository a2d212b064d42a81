/// A dashboard that comes with the product for those with certain roles: they find it on the first day, and change a copy of their own.
///
/// ```swift
/// DashboardDefault("sales_manager", "销售仪表盘", "Sales", for: ["sales_mgr"], tiles: [
///     .init("本月新签", "Won this month", of: Opportunity.name, "filter[status]=won&span=closed_on:month", width: 3),
/// ])
/// ```
public struct DashboardDefault: Sendable {
    public struct Tile: Sendable {
        public var title: Words
        public var entity: String
        /// A question in the words of a list's address.
        public var question: String
        /// In twelfths of the page.
        public var width: Int

        public init(_ chinese: String, _ english: String, of entity: String, _ question: String, width: Int = 6) {
            title = Words(chinese, english)
            self.entity = entity
            self.question = question
            self.width = width
        }
    }

    /// Stable, a word: `sales_manager`. What stands under ``home`` is everybody's own results on the home page.
    public var code: String
    public var label: Words
    /// Codes of roles.
    public var roles: [String]
    public var tiles: [Tile]

    public static let home = "home"

    public init(_ code: String, _ chinese: String, _ english: String, for roles: [String], tiles: [Tile]) {
        self.code = code
        label = Words(chinese, english)
        self.roles = roles
        self.tiles = tiles
    }
}
