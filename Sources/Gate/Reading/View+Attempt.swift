import Records

extension View {
    /// What `body` finds; nil where the actor may not see it, or where what is asked makes no sense. Any other fault is the program's own: it is
    /// kept and ends the whole reading, so that a page never shows less than there is without saying so.
    public func attempt<T>(_ body: () throws -> T?) -> T? {
        do { return try body() } catch is Refusal { return nil } catch is Problem { return nil } catch is Problems { return nil } catch {
            fault = fault ?? error
            return nil
        }
    }
}

/// A rule of the gate's own entities was given another transaction than the gate's: a slip of the program, named instead of passed over.
struct ForeignTransaction: Error {}

extension Transaction {
    /// The gate behind a rule: what the rules of its own entities may do besides.
    var gate: GateTransaction {
        get throws {
            guard let gate = self as? GateTransaction else { throw ForeignTransaction() }
            return gate
        }
    }
}
