import ArgumentParser
import FilesystemService
import GoldcrestServiceKit

@main
struct App {
    static func main() async {
        await ServiceCommand<FilesystemService>.main()
    }
}
