import ArgumentParser
import GoldcrestServiceKit
import TransferService

@main
struct App {
    static func main() async {
        await ServiceCommand<TransferService>.main()
    }
}
