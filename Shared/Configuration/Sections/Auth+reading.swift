extension Auth {
    init(reading section: ConfigurationSection) {
        self.init(
            authentication: section.section("authentication", Authentication.init(reading:)),
            authorization: section.optionalSection("authorization", Authorization.init(reading:)))
    }
}
