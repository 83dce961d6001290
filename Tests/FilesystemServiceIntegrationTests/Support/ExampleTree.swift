import Glibc
import StackTesting

/// Files of every kind, with every kind of name, mode and time, that a user has.
struct ExampleTree: Sendable {
    let path: String

    /// The times of all files but those in `times`: long ago, so that what a test changes is told from what it doesn't.
    static let time = "2019-05-17 08:09:10 UTC"

    /// Whether there is what only root can make: devices, and files of others and of nobody.
    static let hasForeignFiles = geteuid() == 0

    /// Files of others and of nobody; also `shared/others`.
    static let foreignNames = ["others", "others-private", "ownerless"]

    /// Makes the tree for tests that change nothing.
    static func forReading(_ path: String, user: String, otherUser: String) async throws -> ExampleTree {
        try await LocalCommand(script: common + names + times + settled + modes, path).run(as: user)
        try await addForeignFiles(path, otherUser: otherUser)
        return ExampleTree(path: path)
    }

    /// Makes the smaller tree for tests of one change each.
    static func forChanging(_ path: String, user: String, otherUser: String) async throws -> ExampleTree {
        try await LocalCommand(script: common + settled + modes, path).run(as: user)
        try await addForeignFiles(path, otherUser: otherUser)
        return ExampleTree(path: path)
    }

    /// Lets the user remove everything below a directory.
    static func unlock(_ directory: String) async throws {
        try await LocalCommand(script: #"find "$1" -type d ! -perm -700 -exec chmod u+rwx {} \;"#, directory).run()
    }

    func remove() async throws {
        try await Self.unlock(path)
        try await LocalCommand("/bin/rm", "-r", "--interactive=never", "--", path).run()
    }

    /// What is there now: path, kind, mode, owners, size, target, number of links and time of each file, and the content of regular ones. Times
    /// of today are one: two back ends that do the same do it one after the other.
    func snapshot() async throws -> [String] {
        let lines = try await LocalCommand(
            script: #"""
                cd -- "$1"
                find . -printf '%P|%y|%m|%U|%G|%s|%l|%n|%TY-%Tm-%Td\n' | sed 's/|[^|]*$/&./;s/|2019-05-17\.$/|then/;s/|20[2-9][0-9]-[^|]*\.$/|now/'
                find . -type f -size -2048k -exec sha256sum {} + 2>/dev/null || true
                """#, path
        ).run()
        return String(decoding: lines, as: UTF8.self).replacing(path, with: "{tree}").split(separator: "\n").map(String.init).sorted()
    }

    private static let common = #"""
        set -eu
        umask 022
        mkdir -- "$1"
        cd -- "$1"
        for number in {1..25}; do echo "line $number"; done >file
        : >empty
        mkdir -p directory/sub closed unlistable unsearchable guarded shared
        echo leaf >directory/sub/leaf
        : >directory/one
        : >directory/two
        : >directory/.hidden
        for place in closed unlistable unsearchable guarded; do echo leaf >$place/leaf; done
        mkdir guarded/sub
        echo deep >guarded/sub/deep
        ln -s file to-file
        ln -s directory to-directory
        ln -s nowhere dangling
        ln -s loop loop
        ln -s circle-b circle-a
        ln -s circle-a circle-b
        ln -s file/x through-file
        ln -s closed/leaf into-closed
        mkfifo pipe
        echo secret >unreadable
        echo fixed >unwritable
        printf '#!/bin/sh\n' >setuid
        printf '#!/bin/sh\n' >setgid
        ln file hard

        """#

    private static let names = #"""
        printf 'a\nb' >no-newline
        printf '\n\n\n' >blank-lines
        printf 'a\0b\xff\xfec\r\nd\xc3\xa9\n\xf0\x9f' >binary
        head -c 200000 /dev/zero | tr '\0' x >long-line
        { seq 1 20; truncate -s 10G /dev/stdout; seq 1 20; } >>sparse
        ln -s /etc/passwd outside
        ln -s 'strange
        "target" ' strange
        python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
        : >acl
        # acl(5): version 2; owner rw, one user r, group r, mask r, others r.
        python3 -c 'import os, struct
        entries = [(1, 6, -1), (2, 4, 65534), (4, 4, -1), (16, 4, -1), (32, 4, -1)]
        os.setxattr("acl", "system.posix_acl_access", struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries))'
        mkdir names
        cd names
        for name in ' blank ' $'new\nline' "it's" '"quoted"' 'back\slash' -dash --help $'\xff\xfe' $'caf\xc3\xa9' $'cafe\xcc\x81' '*' '$(id)' $'\t' 'a -> b' \
            $'\x01\x7f' '~' '#' 'line 1:' 'total 0' '?' '%41' $'\xe2\x80\xae'; do
            : >"$name"
        done
        : >"$(printf 'x%.0s' {1..255})"
        cd ..
        for letters in u+s,u-x g+s,g-x o+t,o-x u+s,a+x g+s,a+x o+t,a+x; do : >"mode $letters"; done

        """#

    private static let times = #"""
        mkdir times
        for time in '2021-07-01 12:34:56' '2021-01-01 00:00:01' '2021-03-28 00:59:59' '2021-03-28 01:00:00' '2021-10-31 00:30:00' \
            '2021-10-31 01:30:00' '1970-01-01 00:00:00' '1965-01-01 00:00:00' '1999-12-31 23:59:59' '2038-01-19 03:14:08' '2105-12-31 23:59:59'; do
            touch -d "$time UTC" "times/$time"
        done

        """#

    /// Only the times of modification, which all are compared.
    private static let settled = #"""
        find . -path './times/*' -o -exec touch -h -m -d '2019-05-17 08:09:10 UTC' {} +

        """#

    /// At last everything is looked at once, so that further looking leaves the times of access alone (`relatime`, mount(8)).
    private static let modes = #"""
        chmod 4755 setuid
        chmod 2755 setgid
        chmod 0 unreadable
        chmod 444 unwritable
        chmod 1777 shared
        chmod 555 guarded
        chmod 311 unlistable
        chmod 644 unsearchable
        chmod 0 closed
        for letters in u+s,u-x g+s,g-x o+t,o-x u+s,a+x g+s,a+x o+t,a+x; do if [ -e "mode $letters" ]; then chmod "$letters" "mode $letters"; fi; done
        sleep 0.02
        find . -type d ! \( -readable -executable \) -prune -o -type l -exec readlink {} + >/dev/null
        find . -type d ! \( -readable -executable \) -prune -o -type d -exec ls {} + >/dev/null
        """#

    private static func addForeignFiles(_ path: String, otherUser: String) async throws {
        guard hasForeignFiles else { return }
        try await LocalCommand(
            script: #"""
                set -eu
                cd -- "$1"
                mknod device c 1 3
                chmod 666 device
                for name in others others-private shared/others; do echo others >"$name"; done
                chmod 600 others-private
                echo nobody >ownerless
                chown "$2" others others-private shared/others
                chown 54321:54322 ownerless
                touch -m -d "$3" device others others-private shared/others ownerless . shared
                """#, path, otherUser, time
        ).run()
    }
}
