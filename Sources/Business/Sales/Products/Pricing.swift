import Core
import Records

/// What a product costs this customer.
enum Pricing {
    /// The price of the book that fits the customer best and names the product for this quantity; the standard price when none does.
    static func price(
        of product: Record<Product>, quantity: Int, level: Ref<CustomerLevel>?, channel: SalesChannel?, on day: Day, _ look: any Looking
    ) throws -> Money {
        let lines = try look.all(
            PriceBookLine.self, where: \PriceBookLine.product == product.id && \PriceBookLine.minQuantity <= quantity, limit: 500)
        guard !lines.isEmpty else { return product.price }
        let books = try look.all(PriceBook.self, where: .ids(Array(Set(lines.map(\.book.id)))), limit: 500)
        let fits = Dictionary(
            uniqueKeysWithValues: books.compactMap { book in
                PriceBook.fit(book, level: level, channel: channel, on: day).map { (book.id, $0) }
            })
        let best = lines.filter { fits[$0.book] != nil }.max { first, second in
            let (a, b) = (fits[first.book] ?? (0, 0), fits[second.book] ?? (0, 0))
            return (a.0, a.1, first.minQuantity, -first.row.id) < (b.0, b.1, second.minQuantity, -second.row.id)
        }
        return best?.price ?? product.price
    }

    static func price(
        of product: Record<Product>, quantity: Int, for customer: Record<Customer>?, through channel: SalesChannel?, on day: Day,
        _ look: any Looking
    ) throws -> Money {
        try price(
            of: product, quantity: quantity, level: customer?.level, channel: self.channel(channel, for: customer), on: day, look)
    }

    /// Wholesale and fleet prices are for those who are dealers and firms, whichever channel is written down.
    private static func channel(_ wanted: SalesChannel?, for customer: Record<Customer>?) -> SalesChannel? {
        guard let own = customer.map({ SalesChannel($0.type) }) else { return wanted }
        guard let wanted, wanted != .distributor && wanted != .fleet || wanted == own else { return own }
        return wanted
    }
}
