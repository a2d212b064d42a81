import Records

extension Pack {
    public static let sales = Pack(
        "sales", Words("销售", "Sales"),
        Words(
            "线索、商机、报价、合同、订单、产品与价格、应收与回款、信用、目标",
            "Leads, opportunities, quotes, contracts, orders, products and prices, receivables, credit, targets"),
        icon: "target", isOnAtFirst: true,
        [
            DemoSold.self, LeadsCapability.self, DemoDeals.self, OpportunitiesCapability.self, QuotesCapability.self,
            ContractsCapability.self, SalesCapability.self, WonCapability.self, ProductsCapability.self, FinanceCapability.self,
            AmendmentsCapability.self,
            TargetsCapability.self, SalesOverview.self,
        ])
}
