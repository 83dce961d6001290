import ArgumentParser
import ComputeService
import GoldcrestServiceKit

@main
struct App {
    static func main() async {
        await ServiceCommand<ComputeService>.main()
    }
}
