import Core
import Records

/// What the demo group sells and what its customers have bought so far: first of all, for leads, deals and contracts speak of it.
enum DemoSold: Capability {
    static let name = "demo_sold", label = "演示销售"
    static let entities: [any Entity.Type] = []

    static func demo(_ demo: Demo) -> [Demo.Step] {
        let stories: Demo.Step = { tx in try insert(DemoStories.all(demo), tx) }
        let slices: [Demo.Step] = stride(from: 6, to: DemoCompany.size(demo) + 1, by: DemoCompany.slice).map { first in
            { tx in try insert(DemoCompany.files(demo, first..<min(first + DemoCompany.slice, DemoCompany.size(demo) + 1)), tx) }
        }
        return [{ tx in try DemoCatalog.insert(demo, tx) }, stories] + slices
    }

    private static func insert(_ files: [DemoFile], _ tx: any Transaction) throws {
        let directory = try DemoDirectory(tx), products = try DemoCatalog.products(tx)
        let codes = files.compactMap { $0.customer.code.map(Value.text) }
        let customers = try tx.all(Customer.self, where: .compare(.init("code"), .in, codes), limit: codes.count)
        let known = Dictionary(customers.map { ($0.code ?? "", $0.id) }) { first, _ in first }
        for file in files {
            for (order, lines) in file.orders {
                var order = order
                guard let customer = known[file.customer.code ?? ""] else { continue }
                order.customer = customer
                file.own(&order.row, directory.users[file.ownerName], directory.departments[file.unitCode])
                let saved = try tx.insert(order)
                for var line in lines {
                    line.order = saved.id
                    line.item = products[line.product].map { Ref($0) }
                    try tx.insert(line)
                }
            }
        }
    }
}

extension DemoFile {
    /// The purchases as orders, without customer and owner.
    var orders: [(order: Record<Order>, lines: [Record<OrderLine>])] {
        purchases.enumerated().map { place, purchase in
            var order = Record<Order>()
            order.no = "ORD-D\(DemoIdentity.padded(index, 5))-\(place + 1)"
            order.orderedOn = purchase.day
            order.status = Order.Status(rawValue: purchase.status.rawValue) ?? .draft
            order.amount = Money(cents: Int64(purchase.lines.reduce(0) { $0 + $1.quantity * $1.cents }))
            order.quantity = purchase.lines.reduce(0) { $0 + $1.quantity }
            order.remark = "\(purchase.remark)：\(purchase.lines.map(\.product).joined(separator: "、"))"
            order.isDemo = true
            DemoClock.stamp(&order.row, Instant(purchase.day, hour: 9 + index % 8, minute: index % 60))
            // Lines only where an order usually has several: each line makes its order sum up again.
            let kept = trade == .dealer || index <= 5 ? purchase.lines : []
            return (order, kept.enumerated().map { place, line in Self.line(line, place + 1) })
        }
    }

    private static func line(_ line: DemoLine, _ position: Int) -> Record<OrderLine> {
        var record = Record<OrderLine>()
        record.product = line.product
        record.quantity = line.quantity
        record.price = Money(cents: Int64(line.cents))
        record.amount = Money(cents: Int64(line.quantity * line.cents))
        record.position = position
        return record
    }
}
