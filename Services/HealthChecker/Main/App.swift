import ArgumentParser
import GoldcrestServiceKit
import HealthChecker

@main
struct App {
    static func main() async {
        await ServiceCommand<HealthChecker>.main()
    }
}
