import ArgumentParser
import AuthGateway
import GoldcrestServiceKit

@main
struct App {
    static func main() async {
        await ServiceCommand<AuthGateway>.main()
    }
}
