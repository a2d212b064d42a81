import Records

extension View {
    /// The records before and after this one in a list.
    public func neighbours(of row: Row, in request: ListRequest) throws -> (previous: Int64?, next: Int64?) {
        // The record as it is stored: a masked value would stand somewhere else in the order.
        let place = cursor(at: try reachable(request.schema, id: row.id, "read"), request.sort)
        var ask = request
        ask.limit = 1
        ask.countCap = nil
        ask.order = nil
        ask.cursor = place
        let next = try page(ask).rows.first?.id
        ask.cursor?.isBackward = true
        return (try page(ask).rows.first?.id, next)
    }
}
